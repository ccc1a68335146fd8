package chargepoint

import (
	"testing"
	"time"
)

func TestUnwaited(t *testing.T) {
	since := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name         string
		unasked      int
		busy, passed time.Duration
		want         float64
	}{
		{"nothing", 0, 0, time.Second, 0},
		{"one after the other, without a pause", 0, time.Second, time.Second, 0},
		{"with pauses", 0, time.Second, time.Minute, 0},
		{"four at once", 0, 4 * time.Second, time.Second, 75},
		{"four at once, a fifth of them no request", 20, 4 * time.Second, time.Second, 80},
		{"no request, with pauses", 20, time.Second, time.Minute, 20},
		{"a clock that is behind", 0, time.Second, -time.Second, 100},
		{"a clock that is behind, and nothing", 0, 0, -time.Second, 0},
	} {
		load := Load{Since: since, Messages: 100, Unasked: test.unasked, Busy: test.busy}
		if got := load.Unwaited(since.Add(test.passed)); got != test.want {
			t.Errorf("%s: %v of 100 messages did not wait, want %v", test.name, got, test.want)
		}
	}
}
