package lambda

import "syscall"

// childAttributes puts a child into a process group of its own, so that its own
// children die with it, and has the kernel kill it when the host dies, even by
// kill -9. The kernel watches the thread that started the child; Go ends a thread
// only when a goroutine returns while locked to it, which none here does.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// freezes tells that a frozen child dies with the host.
const freezes = true
