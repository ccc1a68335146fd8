package fleet

import (
	"testing"
	"time"
)

func TestQuantiles(t *testing.T) {
	var s Statistics
	for i := 1; i <= 100; i++ {
		s.answered(time.Duration(i) * time.Millisecond)
	}
	first := s.Snapshot()
	s.answered(time.Hour) // beyond the last bucket
	s.answered(0)
	now := s.Snapshot()
	for _, test := range []struct {
		since Snapshot
		of    Snapshot
		share float64
		want  time.Duration
	}{
		{Snapshot{}, first, 0.5, 50 * time.Millisecond},
		{Snapshot{}, first, 0.99, 99 * time.Millisecond},
		{first, now, 0.5, 10 * time.Microsecond},
		{now, now, 0.5, 0},
	} {
		got := test.of.Quantile(test.since, test.share)
		if got < test.want || float64(got) > float64(test.want)*1.11 {
			t.Errorf("quantile %v is %v, want %v", test.share, got, test.want)
		}
	}
}
