package cloud

import (
	"errors"
	"fmt"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// takeTurns tells the kernel that the process, and those that it will start, are not to interrupt others when they wake up
// (SCHED_BATCH, sched(7)). A message of a charge point wakes functions and stand-ins two dozen times; interrupted for each other,
// both find the processor's caches full of what the other one did. A policy that somebody chose is left as it is.
func takeTurns() error {
	// A policy is one thread's. Those that start meanwhile have that of the thread which starts them.
	for known := map[int]bool{}; ; {
		threads, err := os.ReadDir("/proc/self/task")
		if err != nil {
			return err
		}
		before := len(known)
		for _, thread := range threads {
			id, err := strconv.Atoi(thread.Name())
			if err != nil || known[id] {
				continue
			}
			if err := interruptNobody(id); err != nil && !errors.Is(err, unix.ESRCH) { // it has ended
				return fmt.Errorf("scheduling policy of thread %d: %w", id, err)
			}
			known[id] = true
		}
		if len(known) == before {
			return nil
		}
	}
}

func interruptNobody(thread int) error {
	attr, err := unix.SchedGetAttr(thread, 0)
	if err != nil || attr.Policy != unix.SCHED_NORMAL {
		return err
	}
	attr.Policy = unix.SCHED_BATCH
	return unix.SchedSetAttr(thread, attr, 0)
}
