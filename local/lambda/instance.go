package lambda

import (
	"slices"
	"syscall"
	"time"
)

type state int

const (
	starting state = iota // started, has not asked for an event yet
	idle                  // waits for an event
	busy                  // owes an answer
	answered              // has answered and not yet asked for the next event
	gone                  // killed or dead; counts no more
)

// restless is how long an idle process is not frozen yet. Lambda freezes it at once; where events follow each other, stopping and
// starting it would take longer than they do.
const restless = 20 * time.Millisecond

// instance is one execution environment: a child process and its runtime API.
// All fields below host and fn are guarded by Host.mu.
type instance struct {
	host *Host
	fn   *function

	state     state
	current   *invocation
	latest    *invocation // current or the one before, for log lines and the clock
	idleSince time.Time
	idleTimer *time.Timer // freezes an idle instance, and then ends it
	frozen    bool
	limit     *time.Timer // kills the instance: at first the init timeout, then the function's own
	pid       int         // 0 before the process runs and after it was waited for

	work    chan *invocation // buffered: an instance holds one event
	retired chan struct{}    // closed when the instance is gone
}

func newInstance(h *Host, fn *function) *instance {
	inst := &instance{
		host:    h,
		fn:      fn,
		work:    make(chan *invocation, 1),
		retired: make(chan struct{}),
	}
	inst.limit = time.AfterFunc(h.config.InitTimeout, inst.initTimedOut)
	return inst
}

// assign gives the instance an event and starts its clock. Host.mu is held.
func (i *instance) assign(inv *invocation) {
	i.leaveRest()
	i.thaw()
	i.state = busy
	i.current = inv
	i.latest = inv
	inv.began = time.Now()
	inv.deadline = inv.began.Add(i.fn.Timeout)
	i.limit = time.AfterFunc(i.fn.Timeout, func() { i.timedOut(inv) })
	i.work <- inv
}

// rest makes the instance idle until an event comes or the idle time is over. Host.mu is held.
func (i *instance) rest() {
	i.state = idle
	i.idleSince = time.Now()
	i.idleTimer = time.AfterFunc(restless, i.freeze)
}

func (i *instance) leaveRest() {
	if i.idleTimer != nil {
		i.idleTimer.Stop()
		i.idleTimer = nil
	}
}

// finish ends the current invocation. The clock goes on until the process asks for
// its next event, as on Lambda. Host.mu is held.
func (i *instance) finish(out outcome) {
	inv := i.current
	i.current = nil
	i.state = answered
	i.fn.running--
	i.fn.coming++
	inv.done <- out
}

// discard makes an instance gone and kills its process; an event that it holds
// ends with out. h.mu is held.
func (h *Host) discard(inst *instance, out outcome) {
	if inst.state == gone {
		return
	}
	if inst.state == busy {
		inst.finish(out)
	}
	if inst.state == idle {
		inst.leaveRest()
		inst.fn.idle = slices.DeleteFunc(inst.fn.idle, func(other *instance) bool { return other == inst })
	} else {
		inst.fn.coming--
		inst.limit.Stop()
	}
	inst.state = gone
	delete(inst.fn.instances, inst)
	h.processes--
	inst.kill() // before it is told anything: an answer without an event would be one more error in its log
	close(inst.retired)
}

// failStart ends the oldest event in line with what the start failed with. Each
// failed start fails one event, so that events and starts stay in balance. Host.mu is held.
func (i *instance) failStart(out func(requestID string) outcome) {
	if len(i.fn.waiting) == 0 {
		return
	}
	inv := i.fn.waiting[0]
	i.fn.waiting = i.fn.waiting[1:]
	i.fn.running--
	inv.done <- out(inv.requestID)
}

func (i *instance) initTimedOut() {
	h := i.host
	h.mu.Lock()
	defer h.mu.Unlock()
	if i.state != starting {
		return
	}
	h.discard(i, outcome{})
	i.failStart(func(requestID string) outcome { return timedOut(requestID, h.config.InitTimeout) })
	h.startInstances()
}

func (i *instance) timedOut(inv *invocation) {
	h := i.host
	h.mu.Lock()
	defer h.mu.Unlock()
	if i.latest != inv || (i.state != busy && i.state != answered) {
		return
	}
	h.config.Logger.Warn("function timed out", "function", i.fn.Name, "requestId", inv.requestID, "timeout", i.fn.Timeout)
	h.discard(i, timedOut(inv.requestID, i.fn.Timeout))
	h.startInstances()
}

// freeze stops the process until the next event, so that nothing goes on in it after its answer.
func (i *instance) freeze() {
	h := i.host
	h.mu.Lock()
	defer h.mu.Unlock()
	if i.state != idle || time.Since(i.idleSince) < restless {
		return
	}
	i.frozen = freezes && i.signal(syscall.SIGSTOP)
	i.idleTimer = time.AfterFunc(h.config.IdleTimeout-restless, i.idleTooLong)
}

// thaw lets a frozen process go on. Host.mu is held.
func (i *instance) thaw() {
	if i.frozen {
		i.frozen = !i.signal(syscall.SIGCONT)
	}
}

func (i *instance) idleTooLong() {
	h := i.host
	h.mu.Lock()
	defer h.mu.Unlock()
	if i.state == idle && time.Since(i.idleSince) >= h.config.IdleTimeout {
		h.discard(i, outcome{})
	}
}
