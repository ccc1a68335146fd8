package settings

import (
	"os"
	"runtime/debug"
	"strconv"
)

// What a function keeps is 2 to 5 MB, and a message leaves about a hundred kilobytes of garbage behind. With Go's own
// settings (100 percent of what is kept, from 4 MB on) the collector runs every thirty messages and takes a third of the
// time of a call of AWS. So it runs later, from 8 MB on; a third as often again would gain little more, and takes 5 MB.
const (
	garbagePercent = 200

	// A function that keeps much, as api does with a large page, would be killed for its garbage. So the collector spares
	// nothing beyond this part of the memory that Lambda gives.
	memoryPart = 0.6
)

func init() { collectSeldom() }

// collectSeldom sets the garbage collector of the process, unless the operator does with Go's own variables.
func collectSeldom() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbagePercent)
	}
	if given := memoryMB(); given > 0 && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(int64(float64(given<<20) * memoryPart))
	}
}

// memoryMB is what Lambda gives; 0 where the program is no Lambda function.
func memoryMB() int {
	size, err := strconv.Atoi(os.Getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"))
	if err != nil || size <= 0 {
		return 0
	}
	return size
}
