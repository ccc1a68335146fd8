package settings

import (
	"runtime"
	"strconv"
	"testing"
)

func TestFunctionsTakeTheirShareOfProcessors(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
	for _, test := range []struct {
		memoryMB, own string
		want          int
	}{
		{"256", "", 1},
		{"1769", "", 1},
		{strconv.Itoa(runtime.NumCPU() * processorMB), "", runtime.NumCPU()},
		{"1000000", "", runtime.NumCPU()},
		{"256", "7", 7}, // the operator's
		{"", "", 7},     // no function
		{"much", "", 7},
	} {
		runtime.GOMAXPROCS(7)
		t.Setenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", test.memoryMB)
		t.Setenv("GOMAXPROCS", test.own)
		if takeShare(); runtime.GOMAXPROCS(0) != test.want {
			t.Errorf("%q MB, GOMAXPROCS %q: %d processors, want %d", test.memoryMB, test.own, runtime.GOMAXPROCS(0), test.want)
		}
	}
}
