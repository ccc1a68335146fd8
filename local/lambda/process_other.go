//go:build !linux

package lambda

import "syscall"

// childAttributes puts a child into a process group of its own. Elsewhere than on
// Linux the kernel does not end it with the host; it ends itself, because its next
// call to the runtime API fails.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}

// freezes tells that a child must stay awake to end itself.
const freezes = false
