package throttle

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestBucket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBucket(10, 2)
		taken := func() (n int) {
			for b.Take() {
				n++
			}
			return n
		}
		if n := taken(); n != 2 {
			t.Errorf("%d at first, want the burst of 2", n)
		}
		time.Sleep(100 * time.Millisecond)
		if n := taken(); n != 1 {
			t.Errorf("%d after 100 ms at 10/s, want 1", n)
		}
		time.Sleep(time.Hour)
		if n := taken(); n != 2 {
			t.Errorf("%d after an hour, want the burst of 2", n)
		}
	})
}

func TestNoLimit(t *testing.T) {
	if b := NewBucket(0, 0); !b.Take() || !b.Take() {
		t.Error("a bucket without a rate limits")
	}
	if b := NewBucket(0.001, 0); !b.Take() || b.Take() {
		t.Error("a bucket without a burst gives one token")
	}
}
