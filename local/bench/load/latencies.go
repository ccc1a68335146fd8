package load

import (
	"math"
	"slices"
	"time"
)

// Latencies are durations, each of one message.
type Latencies []time.Duration

// Percentile is the shortest duration that p percent of all do not exceed; 0 of none.
func (l Latencies) Percentile(p float64) time.Duration {
	if len(l) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(l))
	rank := int(math.Ceil(p / 100 * float64(len(sorted))))
	return sorted[min(max(rank, 1), len(sorted))-1]
}
