package load

import (
	"context"
	"errors"
	"sync"
	"time"
)

// A Result is what charge points saw.
type Result struct {
	Answered  int
	Took      time.Duration // from the first message to the last answer
	Latencies Latencies     // of all messages
	Errors    []error       // the first one of each charge point that met one, and gave up
}

// Closed has the first n charge points send their next message as soon as the last one is answered, for that long.
func (f *Fleet) Closed(ctx context.Context, mix Mix, n int, duration time.Duration) Result {
	end := time.Now().Add(duration)
	return f.run(ctx, mix, n, func(s *station, note func(time.Duration)) error {
		for time.Now().Before(end) {
			began := time.Now()
			if err := s.step(ctx); err != nil {
				return err
			}
			note(time.Since(began))
		}
		return nil
	})
}

// Open has the first n charge points send rate messages a second together, whether or not the system keeps up: each message
// has its time, and is as late as its answer comes after that time.
func (f *Fleet) Open(ctx context.Context, mix Mix, n int, rate float64, duration time.Duration) Result {
	began := time.Now()
	interval := time.Duration(float64(n) / rate * float64(time.Second))
	turns := map[*station]time.Duration{}
	for i, s := range f.stations[:n] {
		turns[s] = interval * time.Duration(i) / time.Duration(n)
	}
	return f.run(ctx, mix, n, func(s *station, note func(time.Duration)) error {
		for at := turns[s]; at < duration; at += interval {
			due := began.Add(at)
			select {
			case <-time.After(time.Until(due)):
			case <-ctx.Done():
				return ctx.Err()
			}
			if err := s.step(ctx); err != nil {
				return err
			}
			note(time.Since(due))
		}
		return nil
	})
}

// run has the first n charge points do their work beside each other.
func (f *Fleet) run(ctx context.Context, mix Mix, n int, work func(s *station, note func(time.Duration)) error) Result {
	var (
		result  Result
		mu      sync.Mutex
		running sync.WaitGroup
	)
	began := time.Now()
	for _, s := range f.stations[:n] {
		s.begin(mix)
		running.Go(func() {
			var own Latencies
			err := work(s, func(latency time.Duration) { own = append(own, latency) })
			mu.Lock()
			defer mu.Unlock()
			result.Latencies = append(result.Latencies, own...)
			if err != nil {
				// Whatever closing it says: it is given up.
				result.Errors = append(result.Errors, errors.Join(err, s.leave()))
			}
		})
	}
	running.Wait()
	result.Took, result.Answered = time.Since(began), len(result.Latencies)
	return result
}
