package settings

import (
	"runtime/debug"
	"testing"
)

func TestMemoryThatLambdaGives(t *testing.T) {
	for megabytes, want := range map[string]int{"": 0, "x": 0, "-1": 0, "256": 256} {
		t.Setenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", megabytes)
		if got := memoryMB(); got != want {
			t.Errorf("%q is %d MB, want %d", megabytes, got, want)
		}
	}
}

func TestCollectSeldom(t *testing.T) {
	percent, limit := debug.SetGCPercent(100), debug.SetMemoryLimit(1<<40)
	t.Cleanup(func() { debug.SetGCPercent(percent); debug.SetMemoryLimit(limit) })
	t.Setenv("GOGC", "")
	t.Setenv("GOMEMLIMIT", "")
	t.Setenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "100")
	collectSeldom()
	if percent, limit := debug.SetGCPercent(50), debug.SetMemoryLimit(1<<40); percent != garbagePercent || limit != 60<<20 {
		t.Errorf("%d percent and a limit of %d", percent, limit)
	}
	t.Setenv("GOGC", "50")
	t.Setenv("GOMEMLIMIT", "1TiB")
	collectSeldom()
	if percent, limit := debug.SetGCPercent(100), debug.SetMemoryLimit(1<<40); percent != 50 || limit != 1<<40 {
		t.Errorf("the operator's own become %d percent and a limit of %d", percent, limit)
	}
}
