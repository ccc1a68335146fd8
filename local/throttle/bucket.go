// Package throttle limits rates as AWS does: by a bucket of tokens that fills at the rate and holds a burst.
package throttle

import (
	"sync"
	"time"
)

// Bucket is a token bucket. A nil Bucket is never empty. Its methods may be called by any number of goroutines.
type Bucket struct {
	rate  float64 // tokens per second
	burst float64

	mu     sync.Mutex
	tokens float64
	filled time.Time
}

// NewBucket returns a full bucket; nil, for no limit, when the rate is 0. A burst below 1 is 1: such a bucket would never
// give a token.
func NewBucket(rate float64, burst int) *Bucket {
	if rate == 0 {
		return nil
	}
	most := float64(max(burst, 1))
	return &Bucket{rate: rate, burst: most, tokens: most, filled: time.Now()}
}

// Take takes a token, or tells that there is none.
func (b *Bucket) Take() bool {
	if b == nil {
		return true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	b.tokens = min(b.burst, b.tokens+b.rate*now.Sub(b.filled).Seconds())
	b.filled = now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}
