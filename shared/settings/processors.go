package settings

import (
	"os"
	"runtime"
)

// processorMB is how much memory Lambda gives with each processor; with less of it comes a part of one.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
const processorMB = 1769

func init() { takeShare() }

// takeShare has Go work on as many processors as the function has. Go counts those of the machine below, two at least, and wakes a
// thread on another one for every goroutine that becomes ready: a quarter of what a heartbeat costs its function. Operators may set Go's own variable.
func takeShare() {
	if given := memoryMB(); given > 0 && os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(min(max(1, given/processorMB), runtime.NumCPU()))
	}
}
