package eventsource

import (
	"context"
	"sync"
	"time"
)

// firstConcurrency is with how many invocations at once a mapping begins, as on AWS.
const firstConcurrency = 5

// concurrency bounds how many invocations are under way. The bound rises by one with each batch that succeeds while it is reached,
// and falls with each that fails, unless the function reports failures of single messages, and faster when the function is
// throttled: as Lambda does, though it takes its time ("Scaling behavior", "Backoff strategy for failed invocations" and "Implementing
// partial batch responses" in the Lambda Developer Guide).
type concurrency struct {
	max   int
	brisk int           // how many of those under way may be younger than lingering
	freed chan struct{} // tells the one who waits that there may be room

	mu      sync.Mutex
	bound   int
	used    int
	lingers int // those of used that are older
}

// lingering is how old an invocation is that no longer counts among the brisk: it waits for something else than a processor.
const lingering = 250 * time.Millisecond

// newConcurrency is for as many invocations at once as max, of which brisk may be young; 0: max.
func newConcurrency(max, brisk int) *concurrency {
	if brisk == 0 {
		brisk = max
	}
	return &concurrency{max: max, brisk: brisk, bound: min(firstConcurrency, max), freed: make(chan struct{}, 1)}
}

// acquire waits until an invocation may begin; it returns false when ctx has ended. Only one goroutine may wait.
func (c *concurrency) acquire(ctx context.Context) bool {
	for ctx.Err() == nil {
		c.mu.Lock()
		room := c.used < c.bound && c.used-c.lingers < c.brisk
		if room {
			c.used++
		}
		c.mu.Unlock()
		if room {
			return true
		}
		select {
		case <-c.freed:
		case <-ctx.Done():
		}
	}
	return false
}

// release gives back what acquire took, when nothing was done with it.
func (c *concurrency) release() {
	c.mu.Lock()
	c.used--
	c.mu.Unlock()
	c.tell()
}

// begun says that what acquire took is in use from now on; ended gives it back.
func (c *concurrency) begun() (ended func()) {
	var lingers, over bool // under c.mu
	timer := time.AfterFunc(lingering, func() {
		c.mu.Lock()
		if !over {
			lingers = true
			c.lingers++
		}
		c.mu.Unlock()
		c.tell()
	})
	return func() {
		timer.Stop()
		c.mu.Lock()
		over = true
		if lingers {
			c.lingers--
		}
		c.mu.Unlock()
		c.release()
	}
}

func (c *concurrency) succeeded() {
	c.mu.Lock()
	if c.used >= c.bound {
		c.bound = min(c.bound+1, c.max)
	}
	c.mu.Unlock()
	c.tell()
}

func (c *concurrency) failed() {
	c.mu.Lock()
	c.bound = max(c.bound-1, 1)
	c.mu.Unlock()
}

func (c *concurrency) throttled() {
	c.mu.Lock()
	c.bound = max(c.bound/2, 1)
	c.mu.Unlock()
}

func (c *concurrency) tell() {
	select {
	case c.freed <- struct{}{}:
	default: // told already
	}
}
