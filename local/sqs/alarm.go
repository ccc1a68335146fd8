package sqs

import "time"

// alarm calls a function at the earliest time it was set to. It is guarded by the lock of its queue.
type alarm struct {
	ring  func()
	timer *time.Timer
	at    time.Time // zero while it is not set
}

// set makes the alarm ring at the given time, in place of the time it was set to before.
func (a *alarm) set(at, now time.Time) {
	if a.at.Equal(at) {
		return
	}
	a.at = at
	if a.timer == nil {
		a.timer = time.AfterFunc(at.Sub(now), a.ring)
		return
	}
	a.timer.Reset(at.Sub(now))
}

// rang must be called when the alarm has rung, before it is set again.
func (a *alarm) rang() { a.at = time.Time{} }

func (a *alarm) stop() {
	a.at = time.Time{}
	if a.timer != nil {
		a.timer.Stop()
	}
}
