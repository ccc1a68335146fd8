package load

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// A Fleet is charge points that are connected to one system.
type Fleet struct {
	url      string
	stations []*station
}

// ID is the identity of the n-th charge point, from 0.
func ID(n int) string { return fmt.Sprintf("BENCH%05d", n) }

// NewFleet is charge points of these protocols in turn; none is connected yet. They connect to url with their identity appended.
func NewFleet(url string, size int, protocols ...Protocol) *Fleet {
	f := &Fleet{url: url, stations: make([]*station, size)}
	for n := range f.stations {
		f.stations[n] = &station{id: ID(n), protocol: protocols[n%len(protocols)]}
	}
	return f
}

// Storm is how charge points connected that all wanted to at once.
type Storm struct {
	Connected int           // and booted
	Took      time.Duration // until the last of them had been told that its boot is accepted
	Throttled int           // handshakes answered 429, each of which was tried again later
	Refused   int           // handshakes answered otherwise, likewise
	Errors    []error       // of charge points that gave up
	Latencies Latencies     // of each charge point: from its first attempt until its boot was answered
}

// Repair connects those charge points again that have lost their connection, and boots them.
func (f *Fleet) Repair(ctx context.Context) error {
	for _, s := range f.stations {
		if s.conn != nil {
			continue
		}
		if err := s.arrive(ctx, f.url, &refusals{}); err != nil {
			return err
		}
	}
	return nil
}

// attempts bounds how often a charge point tries to connect.
const attempts = 40

// Connect connects all charge points at once, and boots them.
func (f *Fleet) Connect(ctx context.Context) Storm {
	var (
		storm    Storm
		refusals refusals
		mu       sync.Mutex
		running  sync.WaitGroup
	)
	began := time.Now()
	for _, s := range f.stations {
		running.Go(func() {
			err := s.arrive(ctx, f.url, &refusals)
			took := time.Since(began)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				storm.Errors = append(storm.Errors, errors.Join(err, s.leave()))
				return
			}
			storm.Connected++
			storm.Latencies = append(storm.Latencies, took)
			storm.Took = took
		})
	}
	running.Wait()
	storm.Throttled, storm.Refused = int(refusals.throttled.Load()), int(refusals.others.Load())
	return storm
}

// refusals are handshakes that were answered with something else than 101.
type refusals struct{ throttled, others atomic.Int64 }

// arrive connects, as often as it takes, and boots.
func (s *station) arrive(ctx context.Context, url string, refusals *refusals) error {
	for attempt := 1; ; attempt++ {
		err := s.connect(ctx, url)
		if err == nil {
			return s.boot(ctx)
		}
		refused, answered := errors.AsType[errRefused](err)
		if !answered || attempt == attempts {
			return fmt.Errorf("%s: %w", s.id, err)
		}
		if refused.status == http.StatusTooManyRequests {
			refusals.throttled.Add(1)
		} else {
			refusals.others.Add(1)
		}
		select {
		case <-time.After(retryPause(attempt)):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Leave closes all connections.
func (f *Fleet) Leave() error {
	var failures []error
	for _, s := range f.stations {
		failures = append(failures, s.leave())
	}
	return errors.Join(failures...)
}
