package fleet

import (
	"math"
	"sync/atomic"
	"time"
)

// Statistics are counts of a whole fleet. They may be read while it runs.
type Statistics struct {
	connected, charging       atomic.Int64 // now
	sent, received, answers   atomic.Int64
	callErrors, timedOut, odd atomic.Int64
	givenUp, commands         atomic.Int64
	connects, refused, losses atomic.Int64
	begun, ended              atomic.Int64
	energyWh                  atomic.Int64
	latencies                 [buckets]atomic.Int64
}

// Latencies are counted in buckets that grow by growth: a quantile is right to within 5 %.
const (
	buckets = 320
	growth  = 1.05
	finest  = 10 * time.Microsecond
)

// answered counts an answer.
func (t *Statistics) answered(after time.Duration) {
	t.answers.Add(1)
	bucket := int(math.Log(max(1, float64(after)/float64(finest))) / math.Log(growth))
	t.latencies[min(bucket, buckets-1)].Add(1)
}

// count changes the fleet's statistics, if there is a fleet and the condition holds.
func (s *Station) count(condition bool, change func(*Statistics)) {
	if condition && s.config.observer != nil {
		change(s.config.observer)
	}
}

// Snapshot is the statistics of one moment.
type Snapshot struct {
	Connected, Charging       int // now
	Sent, Received, Answers   int // frames of CALLs that stations sent, frames that they received, answers to their CALLs
	CallErrors, TimedOut, Odd int // CALLERRORs, CALLs without answer, frames that OCPP does not allow
	GivenUp                   int // transaction messages that were dropped after the last attempt
	Commands                  int
	Connects, Refused, Losses int // losses are those that were planned, too
	Begun, Ended              int // transactions
	EnergyWh                  int // of those that have ended
	latencies                 [buckets]int64
}

// Snapshot reads the statistics.
func (t *Statistics) Snapshot() Snapshot {
	read := func(count *atomic.Int64) int { return int(count.Load()) }
	now := Snapshot{
		Connected: read(&t.connected), Charging: read(&t.charging),
		Sent: read(&t.sent), Received: read(&t.received), Answers: read(&t.answers),
		CallErrors: read(&t.callErrors), TimedOut: read(&t.timedOut), Odd: read(&t.odd), GivenUp: read(&t.givenUp),
		Commands: read(&t.commands), Connects: read(&t.connects), Refused: read(&t.refused), Losses: read(&t.losses),
		Begun: read(&t.begun), Ended: read(&t.ended), EnergyWh: read(&t.energyWh),
	}
	for i := range t.latencies {
		now.latencies[i] = t.latencies[i].Load()
	}
	return now
}

// Errors is everything that should not happen.
func (n Snapshot) Errors() int { return n.CallErrors + n.TimedOut + n.Odd + n.GivenUp + n.Refused }

// Quantile is the latency that share of the answers since an earlier snapshot were not above; 0 when there were none.
func (n Snapshot) Quantile(since Snapshot, share float64) time.Duration {
	total := int64(0)
	for i := range n.latencies {
		total += n.latencies[i] - since.latencies[i]
	}
	if total == 0 {
		return 0
	}
	rank, seen := int64(math.Ceil(share*float64(total))), int64(0)
	for i := range n.latencies {
		if seen += n.latencies[i] - since.latencies[i]; seen >= rank {
			return time.Duration(float64(finest) * math.Pow(growth, float64(i+1)))
		}
	}
	return 0
}
