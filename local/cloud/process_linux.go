package cloud

import (
	"os"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	usualSlack = 50 * time.Microsecond // of a process that nobody set up
	slack      = time.Millisecond

	// begunAnew is the variable that names the process that has set itself up, so that it does so once.
	begunAnew = "OCPP_BEGUN_ANEW"
)

// takeTurns tells the kernel that the process, and those that it will start, are not to interrupt others: neither when they wake up
// (SCHED_BATCH, sched(7)) nor for a timer that may as well come a millisecond later (PR_SET_TIMERSLACK, prctl(2)); a thread of Go's,
// which watches the others, asks for one every 20 µs. A message of a charge point wakes functions and stand-ins two dozen times;
// interrupted for each other, both find the processor's caches full of what the other one did. What somebody chose is left as it is.
//
// Both are a thread's, and those that run already cannot all be told: the program begins anew from the thread that was.
func takeTurns() error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	changed, err := interruptNobody()
	self := strconv.Itoa(os.Getpid())
	if err != nil || !changed || os.Getenv(begunAnew) == self {
		return err
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	return syscall.Exec(program, os.Args, append(os.Environ(), begunAnew+"="+self))
}

// interruptNobody sets the running thread up, and tells whether it was as usual before.
func interruptNobody() (changed bool, err error) {
	attr, err := unix.SchedGetAttr(0, 0)
	if err != nil {
		return false, err
	}
	if attr.Policy == unix.SCHED_NORMAL {
		attr.Policy, changed = unix.SCHED_BATCH, true
		if err := unix.SchedSetAttr(0, attr, 0); err != nil {
			return false, err
		}
	}
	found, err := unix.PrctlRetInt(unix.PR_GET_TIMERSLACK, 0, 0, 0, 0)
	if err != nil || time.Duration(found) != usualSlack {
		return changed, err
	}
	return true, unix.Prctl(unix.PR_SET_TIMERSLACK, uintptr(slack), 0, 0, 0)
}
