// Package speed measures how fast the whole system answers: charge points of package load talk to the stack on the
// stand-ins, whose functions are the programs that are deployed, and in the same run to a peer.
//
// What was answered is not yet done: messages wait in the journal for the processor. The throughput counts them in, by waiting
// until the journal is empty.
package speed

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/serverless-ocpp/backend/local/bench/load"
	"github.com/serverless-ocpp/backend/local/bench/report"
	"github.com/serverless-ocpp/backend/local/bench/target"
)

// Options say what to measure.
type Options struct {
	Template string // see cloud.Options
	BuildDir string // likewise

	Sizes    []int         // how many charge points are busy; default 1, 50, 500 and 1,000
	Storm    int           // how many connect at once; default 1,000, at least the largest of Sizes
	Rate     float64       // messages a second of the open loop; default 500
	Duration time.Duration // of each measurement; default 8 s
	Profile  string        // file for a CPU profile of the stand-in; default none
}

func (o Options) withDefaults() Options {
	if len(o.Sizes) == 0 {
		o.Sizes = []int{1, 50, 500, 1000}
	}
	if o.Storm == 0 {
		o.Storm = 1000
	}
	for _, size := range o.Sizes {
		o.Storm = max(o.Storm, size)
	}
	if o.Rate == 0 {
		o.Rate = 500
	}
	if o.Duration == 0 {
		o.Duration = 8 * time.Second
	}
	return o
}

// runLimit is how much longer than its duration a measurement may take before it is given up.
const runLimit = 5 * time.Minute

// system is what is measured.
type system interface {
	ChargePoints() string
	CPU() (time.Duration, error)
	Drain(context.Context) error
	Close() error
}

// measured is one measurement.
type measured struct {
	system    string
	mix       load.Mix
	size      int
	result    load.Result
	untilDone time.Duration // from the first message until nothing was left to do
	cpu       time.Duration // that the system used for it; 0 where it is not known
}

// Tables measures.
func Tables(ctx context.Context, options Options) ([]report.Table, error) {
	options = options.withDefaults()
	ours, err := options.ours(ctx)
	if err != nil {
		return nil, err
	}
	theirs, err := options.theirs(ctx)
	if err != nil {
		return nil, err
	}
	return []report.Table{
		options.throughput(append(ours.closed, theirs.closed...)),
		options.paced(append(ours.open, theirs.open...)),
		storms(ours, theirs),
	}, nil
}

// session is everything that is measured of one system.
type session struct {
	name         string
	storm        load.Storm
	closed, open []measured
}

// ours measures the stack. Half of the charge points speak OCPP 1.6, the others 2.0.1.
func (o Options) ours(ctx context.Context) (_ session, err error) {
	standIn, err := target.StartStandIn(ctx, target.Config{Template: o.Template, BuildDir: o.BuildDir, Profile: o.Profile})
	if err != nil {
		return session{}, err
	}
	defer func() { err = errors.Join(err, standIn.Close()) }()
	names := make([]string, o.Storm)
	for n := range names {
		names[n] = load.ID(n)
	}
	if err := standIn.Register(ctx, names); err != nil {
		return session{}, err
	}
	return o.measure(ctx, "this system", standIn, load.OCPP16, load.OCPP201)
}

// theirs measures the peer, which speaks OCPP 1.6 alone.
func (o Options) theirs(ctx context.Context) (_ session, err error) {
	peer, err := target.StartPeer(ctx)
	if err != nil {
		return session{}, err
	}
	defer func() { err = errors.Join(err, peer.Close()) }()
	return o.measure(ctx, "in memory", peer, load.OCPP16)
}

// measure connects all charge points at once, and then has some of them talk.
func (o Options) measure(ctx context.Context, name string, s system, protocols ...load.Protocol) (_ session, err error) {
	fleet := load.NewFleet(s.ChargePoints(), o.Storm, protocols...)
	defer func() { err = errors.Join(err, fleet.Leave()) }()
	all := session{name: name, storm: fleet.Connect(ctx)}
	for _, mix := range []load.Mix{load.Heartbeats, load.Charging} {
		for _, size := range o.Sizes {
			closed, err := o.once(ctx, s, fleet, func(ctx context.Context) load.Result { return fleet.Closed(ctx, mix, size, o.Duration) })
			if err != nil {
				return all, fmt.Errorf("%s, %d charge points, %s: %w", name, size, mix.Name, err)
			}
			closed.system, closed.mix, closed.size = name, mix, size
			all.closed = append(all.closed, closed)
		}
		open, err := o.once(ctx, s, fleet, func(ctx context.Context) load.Result { return fleet.Open(ctx, mix, o.Storm, o.Rate, o.Duration) })
		if err != nil {
			return all, fmt.Errorf("%s, %g messages/s, %s: %w", name, o.Rate, mix.Name, err)
		}
		open.system, open.mix, open.size = name, mix, o.Storm
		all.open = append(all.open, open)
	}
	return all, nil
}

// once is one measurement, of charge points that are all connected. One that meets an error gives up until the next.
func (o Options) once(ctx context.Context, s system, fleet *load.Fleet, run func(context.Context) load.Result) (m measured, err error) {
	ctx, cancel := context.WithTimeout(ctx, o.Duration+runLimit)
	defer cancel()
	if err := errors.Join(fleet.Repair(ctx), s.Drain(ctx)); err != nil {
		return m, err
	}
	before, err := s.CPU()
	if err != nil && !errors.Is(err, target.ErrNoCPU) {
		return m, err
	}
	began := time.Now()
	m.result = run(ctx)
	if m.result.Answered == 0 {
		return m, fmt.Errorf("nothing was answered: %w", errors.Join(m.result.Errors...))
	}
	if err := s.Drain(ctx); err != nil {
		return m, err
	}
	m.untilDone = time.Since(began)
	after, err := s.CPU()
	if err != nil && !errors.Is(err, target.ErrNoCPU) {
		return m, err
	}
	m.cpu = after - before
	return m, nil
}
