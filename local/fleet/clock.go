package fleet

import (
	"math"
	"time"
)

// Clock is the simulated time of a fleet.
type Clock struct {
	start  time.Time // simulated
	began  time.Time // real
	speed  float64
	behind time.Duration // real time for which speed holds, and a second is a second after it; 0 is for ever
}

// NewClock starts a clock that shows start now and advances by speed simulated seconds per real second.
func NewClock(start time.Time, speed float64) Clock {
	return Clock{start: start.UTC(), began: time.Now(), speed: speed}
}

// NewLiveClock starts a clock that shows start now, advances by speed simulated seconds per real second until it shows the
// real time, and goes with it from then on. A start that is not in the past, or a speed that never catches up, makes it
// go with the real time at once.
func NewLiveClock(start time.Time, speed float64) Clock {
	c := NewClock(start, speed)
	late := c.began.Sub(c.start)
	if late <= 0 || speed <= 1 {
		return NewClock(c.began, 1)
	}
	c.behind = time.Duration(float64(late) / (speed - 1))
	return c
}

// Now is the simulated time.
func (c Clock) Now() time.Time {
	passed, caughtUp := time.Since(c.began), time.Duration(0)
	if c.behind > 0 && passed > c.behind {
		passed, caughtUp = c.behind, passed-c.behind
	}
	return c.start.Add(time.Duration(float64(passed)*c.speed) + caughtUp)
}

// Until is the real time that passes before the simulated time at, rounded up so that it has come then; not above zero
// when it has come already.
func (c Clock) Until(at time.Time) time.Duration {
	simulated := float64(at.Sub(c.start))
	real := math.Ceil(simulated / c.speed)
	if fast := float64(c.behind) * c.speed; c.behind > 0 && simulated > fast {
		real = math.Ceil(float64(c.behind) + simulated - fast)
	}
	return time.Duration(real) - time.Since(c.began)
}
