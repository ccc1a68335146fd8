package chaos

import (
	"context"
	"errors"
	"time"

	"github.com/serverless-ocpp/backend/local/chaos/check"
	"github.com/serverless-ocpp/backend/local/fault"
	"github.com/serverless-ocpp/backend/local/fleet"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

const (
	visits  = 48 // cars per connector and simulated day
	outages = 24
	grace   = time.Minute
	kept    = 1 << 16
)

// Run makes the experiment. The error is about the experiment itself; losses are in the report.
func Run(ctx context.Context, config Config) (*Report, error) {
	if err := config.Check(); err != nil {
		return nil, err
	}
	standIn, err := start(ctx, config)
	if err != nil {
		return nil, err
	}
	report, err := run(ctx, config, standIn)
	return report, errors.Join(err, standIn.close())
}

// experiment is one run: a fleet, those who command it and register beside it, and the system between them.
type experiment struct {
	config    Config
	standIn   standIn
	witness   *witness
	fleet     *fleet.Fleet
	ids       []string
	commander *commander
	registrar *registrar
	listener  *listener
	operator  *system
	report    Report
}

func run(ctx context.Context, config Config, standIn standIn) (*Report, error) {
	e, err := prepare(ctx, config, standIn)
	if err != nil {
		return nil, err
	}
	defer e.listener.close()
	life, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan struct{})
	go func() { defer close(ended); e.fleet.Run(life) }()
	leave := func(context.Context) error { // the charge points end what they do
		stop()
		<-ended
		e.report.Totals = total(e.fleet.Stations())
		return nil
	}
	for _, phase := range []struct {
		name string
		run  func(context.Context) error
	}{{"trouble", e.trouble}, {"calm", e.calm}, {"move", e.move}, {"probes", e.probe}, {"leave", leave}, {"rest", e.rest}, {"compare", e.judge}} {
		began := time.Now()
		if config.Progress != nil {
			config.Progress(phase.name)
		}
		if err := phase.run(ctx); err != nil {
			return nil, err
		}
		e.report.Phases = append(e.report.Phases, Phase{phase.name, time.Since(began)})
	}
	return &e.report, nil
}

// morningAfter is that after now, so that no charge point's clock is behind: what is told late takes another way than most readings.
func morningAfter(now time.Time) time.Time {
	year, month, day := now.UTC().Date()
	return time.Date(year, month, day+1, 7, 0, 0, 0, time.UTC)
}

func prepare(ctx context.Context, config Config, standIn standIn) (*experiment, error) {
	addresses := standIn.addresses()
	e := &experiment{config: config, standIn: standIn, witness: newWitness(config.Answers), operator: operator(addresses), report: Report{Config: config}}
	options := fleet.Options{
		Count: config.Count, URL: addresses.ChargePoints, Versions: []ocppj.Version{ocppj.V16, ocppj.V201, ocppj.V21}, Prefix: "CHAOS-",
		Seed: config.Seed, Start: morningAfter(time.Now()), Speed: config.Speed, Visits: visits, Outages: outages,
		Grace: grace, Ledger: kept, Hooks: e.witness.hooks(),
	}
	var err error
	if options.Keys, err = fleet.Register(ctx, addresses.HTTP, options.IDs(), options.TokensOf(), nil); err != nil {
		return nil, err
	}
	e.ids, e.fleet = options.IDs(), fleet.NewFleet(options)
	e.witness.watch(e.fleet.Stations())
	if e.listener, err = listen(addresses.MQTT); err != nil {
		return nil, err
	}
	e.commander = newCommander(config, addresses.HTTP, e.listener, e.fleet.Stations(), tokensOf(options))
	e.registrar = newRegistrar(config.Seed, e.operator)
	return e, nil
}

// trouble lets faults strike while charge points are commanded, and Things come and go.
func (e *experiment) trouble(ctx context.Context) error {
	if err := e.standIn.strike(planOf(e.config)); err != nil {
		return err
	}
	trouble, over := context.WithTimeout(ctx, e.config.For)
	defer over()
	killed, registered := make(chan error, 1), make(chan error, 1)
	go func() { killed <- e.killNowAndThen(trouble) }()
	go func() { registered <- e.registrar.run(trouble) }()
	e.commander.run(trouble, e.config.PerSecond)
	if err := errors.Join(<-killed, <-registered); err != nil {
		return err
	}
	var err error
	e.report.Faults, err = e.standIn.relent()
	return err
}

// idle is shorter than the time between most heartbeats at that speed.
const idle = 2 * time.Second

// allBursts is how long a mix takes until everything came once at least: a period has 45 s at most.
const allBursts = time.Minute

// planOf is the mix, and what it leaves out because charge points in real time would hardly ever be connected with it.
// A short run has shorter bursts, so that all of them come.
func planOf(config Config) fault.Plan {
	plan := fault.Mix(config.Seed, config.Mix)
	if share := float64(config.For) / float64(allBursts); share < 1 {
		for i := range plan.Rules {
			rule := &plan.Rules[i]
			for _, length := range []*fault.Duration{&rule.After, &rule.For, &rule.Repeat} {
				*length = fault.Duration(share * float64(*length))
			}
		}
	}
	if config.Mix > 0 {
		plan.Rules = append(plan.Rules, fault.Rule{Name: "idle", Target: "websocket:connection", Kind: fault.IdleLimit, Probability: 0.2, Delay: fault.Duration(idle)})
	}
	return plan
}

// killNowAndThen kills the whole system as often as it is to be, at even distances.
func (e *experiment) killNowAndThen(ctx context.Context) error {
	for range e.config.Kills {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(e.config.For / time.Duration(e.config.Kills+1)):
		}
		if err := e.standIn.kill(context.WithoutCancel(ctx)); err != nil {
			return err
		}
	}
	<-ctx.Done()
	return nil
}

// fewWait says that nothing has piled up: while cars charge, one charge point in so many has a message in the queue. Behind a pile, the
// answer to a probe would wait longer than the probe.
const fewWait = 4

// calm waits until every charge point is connected, and nothing is under way that was begun in trouble. No car comes any more.
func (e *experiment) calm(ctx context.Context) error {
	e.witness.calm.Store(true)
	for _, station := range e.fleet.Stations() {
		if err := station.Calm(ctx); err != nil {
			return err
		}
	}
	return e.quiet(ctx)
}

func (e *experiment) quiet(ctx context.Context) error {
	_, err := e.settle(ctx, e.away, e.operator.queued(e.config.Count/fewWait), e.operator.undecided, e.operator.held)
	e.report.Absent = e.witness.offline()
	return err
}

// late is how long after a connection its end is told in move: the next one has begun by then.
const late = 3 * time.Second

// move has every charge point change its connection, whose end is told when the next one has begun. In trouble that happens, too, but
// a later connection mends what it breaks; after move the probes tell.
func (e *experiment) move(ctx context.Context) error {
	if e.config.Mix <= 0 {
		return nil
	}
	ends := fault.Patience()
	ends.Rules = append(ends.Rules, fault.Rule{Name: "late end", Target: "websocket:disconnect", Kind: fault.Slow, Probability: 1, Delay: fault.Duration(late)})
	if err := e.standIn.strike(ends); err != nil {
		return err
	}
	for _, station := range e.fleet.Stations() {
		if err := station.Disconnect(ctx, false, 0); err != nil {
			return err
		}
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(2 * late):
	}
	told, err := e.standIn.relent()
	if err != nil {
		return err
	}
	e.report.Faults.Rules = append(e.report.Faults.Rules, told.Rules...)
	return e.quiet(ctx)
}

// probe commands every charge point once more.
func (e *experiment) probe(ctx context.Context) error {
	e.commander.probe()
	_, err := e.settle(ctx, e.operator.undecided)
	return err
}

// listens tells whether the listener hears everything: the broker dies with the stand-in.
func (e *experiment) listens() bool { return e.config.Kills == 0 }

// rest waits until nothing is under way at all. What died is redriven once.
func (e *experiment) rest(ctx context.Context) (err error) {
	if e.report.Left, err = e.settle(ctx, e.operator.queued(0), e.operator.undecided, e.operator.held, e.untold); err != nil {
		return err
	}
	if e.report.Redriven, err = e.operator.redrive(ctx); err != nil || e.report.Redriven == 0 {
		return err
	}
	e.report.Left, err = e.settle(ctx, e.operator.queued(0), e.operator.undecided, e.operator.held, e.untold)
	return err
}

// judge compares.
func (e *experiment) judge(ctx context.Context) error {
	known, err := e.operator.gather(ctx, e.ids)
	if err != nil {
		return err
	}
	if e.report.Left == "" {
		known.Queues = nil // they were empty; a timer that was delayed may have come due since
	}
	if known.Things, err = e.registrar.all(ctx); err != nil {
		return err
	}
	told := check.Told{
		ChargePoints: e.witness.told(), Orders: e.commander.orders, Outcomes: e.listener.heard(), Heard: e.listens(), Absent: e.report.Absent,
	}
	e.report.count(told, known)
	e.report.Findings = check.Compare(told, known)
	return nil
}
