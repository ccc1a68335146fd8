package fleet

import (
	"testing"
	"testing/synctest"
	"time"
)

// A live clock runs fast until it shows the real time, and then shows that.
func TestLiveClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now().UTC()
		clock := NewLiveClock(began.Add(-119*time.Minute), 120) // it takes a minute to catch up
		for _, test := range []struct{ real, shows time.Duration }{
			{0, -119 * time.Minute}, {30 * time.Second, -59 * time.Minute}, {time.Minute, time.Minute}, {2 * time.Minute, 2 * time.Minute}, {time.Hour, time.Hour},
		} {
			at := began.Add(test.shows)
			if until := clock.Until(at); until != test.real-time.Since(began) {
				t.Errorf("until %v it is %v, want %v", test.shows, until, test.real-time.Since(began))
			}
			time.Sleep(test.real - time.Since(began))
			if now := clock.Now(); !now.Equal(at) {
				t.Errorf("after %v it shows %v, want %v", test.real, now.Sub(began), test.shows)
			}
		}
		if clock := NewLiveClock(began.Add(100*time.Hour), 60); !clock.Now().Equal(time.Now()) {
			t.Errorf("a start in the future shows %v", clock.Now())
		}
	})
}
