package lambda

import "time"

// patience is how long an event waits before its function may take the process of
// one that has more of them. It is ten times a cold start, so that functions do not
// take turns in killing each other's processes.
const patience = 100 * time.Millisecond

const (
	// lingering is how long an event runs until it is taken for one that waits for something, such as an HTTP request
	// that is held back until a charge point answers. Those cost no processor and must not keep the others from running.
	lingering = time.Second
	// maxLingering is how many of them do not count against the limit of processes: 2 GB with all of them.
	maxLingering = 112
	// crowding is how long an event runs until its instance does not count against Config.Crowd any more.
	crowding = lingering / 4
)

// startInstances finds or starts as many instances as there are events in line, oldest
// event first, as far as the limit of processes allows. When the limit is reached,
// the longest unused instance of another function makes room; without one, whether
// events have begun to linger is looked at again in a while. h.mu is held.
func (h *Host) startInstances() {
	for !h.closed {
		fn := h.mostUrgent(nil)
		if fn == nil {
			return
		}
		if len(fn.idle) > 0 {
			fn.wake()
			continue
		}
		if h.processes-h.lingerers() >= h.config.MaxProcesses {
			victim := h.longestIdle()
			if victim == nil {
				h.lookAgain()
				return
			}
			h.discard(victim, outcome{})
		}
		h.start(fn)
	}
}

// lingerers counts the instances that do not count against the limit. h.mu is held.
func (h *Host) lingerers() int {
	count := 0
	for _, fn := range h.functions {
		for inst := range fn.instances {
			if inst.state == busy && time.Since(inst.current.deadline.Add(-fn.Timeout)) >= lingering {
				count++
			}
		}
	}
	return min(count, maxLingering)
}

// lookAgain has startInstances called in a while, unless it will be. h.mu is held.
func (h *Host) lookAgain() {
	if h.looking {
		return
	}
	h.looking = true
	time.AfterFunc(crowding, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.looking = false
		h.startInstances()
	})
}

// start adds an instance of fn. h.mu is held.
func (h *Host) start(fn *function) {
	inst := newInstance(h, fn)
	fn.instances[inst] = struct{}{}
	fn.coming++
	h.processes++
	h.children.Go(inst.run)
}

// mostUrgent is the function, other than except, whose oldest event without an
// instance in sight has waited longest, or nil. h.mu is held.
func (h *Host) mostUrgent(except *function) *function {
	var urgent *function
	for _, fn := range h.functions {
		if fn == except || len(fn.waiting) <= fn.coming {
			continue
		}
		if h.crowded(fn) {
			h.lookAgain()
			continue
		}
		if urgent == nil || fn.waiting[0].arrived.Before(urgent.waiting[0].arrived) {
			urgent = fn
		}
	}
	return urgent
}

// crowded tells whether enough instances of a function are at work, so that one more would only take the processors from
// them. What takes long waits for something else. h.mu is held.
func (h *Host) crowded(fn *function) bool {
	if h.config.Crowd == 0 || fn.running-len(fn.waiting)+fn.coming < h.config.Crowd {
		return false
	}
	working := fn.coming
	for inst := range fn.instances {
		if inst.state == busy && time.Since(inst.current.deadline.Add(-fn.Timeout)) < crowding {
			working++
		}
	}
	return working >= h.config.Crowd
}

// wake gives the oldest event in line to the instance that was used last. h.mu is held.
func (fn *function) wake() {
	last := len(fn.idle) - 1
	inst, inv := fn.idle[last], fn.waiting[0]
	fn.idle, fn.waiting = fn.idle[:last], fn.waiting[1:]
	inst.assign(inv)
}

// longestIdle is the idle instance that was used least recently, or nil. h.mu is held.
func (h *Host) longestIdle() *instance {
	var oldest *instance
	for _, fn := range h.functions {
		if len(fn.idle) > 0 && (oldest == nil || fn.idle[0].idleSince.Before(oldest.idleSince)) {
			oldest = fn.idle[0]
		}
	}
	return oldest
}

// ready takes an instance that asks for its next event. h.mu is held.
func (h *Host) ready(inst *instance) {
	fn := inst.fn
	fn.coming--
	inst.limit.Stop()
	if starved := h.mostUrgent(fn); starved != nil && h.processes >= h.config.MaxProcesses &&
		time.Since(starved.waiting[0].arrived) > patience && len(starved.instances) < len(fn.instances) {
		inst.rest()
		h.discard(inst, outcome{})
		h.start(starved)
		return
	}
	if len(fn.waiting) > 0 {
		inv := fn.waiting[0]
		fn.waiting = fn.waiting[1:]
		inst.assign(inv)
		return
	}
	inst.rest()
	fn.idle = append(fn.idle, inst)
	h.startInstances()
}
