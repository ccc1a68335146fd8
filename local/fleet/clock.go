package fleet

import (
	"math"
	"time"
)

// Clock is the simulated time of a fleet.
type Clock struct {
	start time.Time // simulated
	began time.Time // real
	speed float64
}

// NewClock starts a clock that shows start now and advances by speed simulated seconds per real second.
func NewClock(start time.Time, speed float64) Clock {
	return Clock{start: start.UTC(), began: time.Now(), speed: speed}
}

// Now is the simulated time.
func (c Clock) Now() time.Time {
	return c.start.Add(time.Duration(float64(time.Since(c.began)) * c.speed))
}

// Until is the real time that passes before the simulated time at, rounded up so that it has come then; not above zero
// when it has come already.
func (c Clock) Until(at time.Time) time.Duration {
	return time.Duration(math.Ceil(float64(at.Sub(c.Now())) / c.speed))
}
