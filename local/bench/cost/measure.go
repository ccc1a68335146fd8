package cost

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/serverless-ocpp/backend/local/cloud"
	"github.com/serverless-ocpp/backend/local/count"
	"github.com/serverless-ocpp/backend/local/fault"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// awsLatency is what every AWS call of a function is made to take, as it does about on AWS: on one machine calls take a
// fraction of that, and Lambda bills the time.
const awsLatency = 10 * time.Millisecond

// Options say what to measure, and in which system.
type Options struct {
	Template string    // see cloud.Options
	BuildDir string    // likewise
	Quick    bool      // one message of each kind, and few charge points: for a test, not for figures
	Versions []Version // of the charge points; the default is all

	readingsOnly bool // of the day, with the start before them
}

// dayOf is what is said of a day.
func (o Options) dayOf(version Version) (day []message) {
	for _, m := range dayOf(version) {
		if !o.readingsOnly || slices.Contains(readingsAre, m.name) || m.begins() {
			day = append(day, m)
		}
	}
	return day
}

func (o Options) versions() []Version {
	if o.Versions == nil {
		return Versions
	}
	return o.Versions
}

// sizes of a run.
type sizes struct{ samples, fleet, repeats int }

func (o Options) sizes() sizes {
	if o.Quick {
		return sizes{samples: 1, fleet: 6, repeats: 1}
	}
	return sizes{samples: 5, fleet: 100, repeats: 1}
}

// A Measured is what a kind of message caused.
type Measured struct {
	Version   Version
	Name      string
	PerDay    float64
	Journaled bool
	Messages  int // that were sent
	Caused    count.Snapshot
	Stored    map[string]float64 // bytes, by table: see storage.go
}

// allFollowed has every reading go through the journal, as those do that a record follows.
var allFollowed = map[string]string{"JOURNAL_READINGS": "true"}

// watchersOff switches off what a stack can do without: mirror, message log and events.
var watchersOff = map[string]string{"MIRROR": "false", "MESSAGE_LOG": "false", "EVENTS": "false"}

// system is a running stand-in.
type system struct {
	*cloud.Cloud
	client client
}

func start(ctx context.Context, log *slog.Logger, options Options, environment map[string]string) (*system, error) {
	started := cloud.Options{
		Template: options.Template, BuildDir: options.BuildDir, Environment: environment, Log: log, Faults: slow(),
	}
	running, err := cloud.Start(ctx, started)
	if err != nil {
		return nil, err
	}
	return &system{Cloud: running, client: client{running.Addresses().AWS, started.StackName()}}, nil
}

// slow is the plan by which AWS calls take their time.
func slow() fault.Plan {
	plan := fault.Plan{}
	for _, service := range []string{"dynamodb", "sqs", "iot", "connections", "lambda"} {
		plan.Rules = append(plan.Rules, fault.Rule{Target: service + ":*", Kind: fault.Slow, Function: "*-?*", Delay: fault.Duration(awsLatency)})
	}
	return plan
}

// caused is what is counted while something happens, until nothing is left to do, and what remains in tables.
func (s *system) caused(ctx context.Context, something func() error) (counted count.Snapshot, stored map[string]float64, err error) {
	held, err := s.client.stored(ctx)
	if err != nil {
		return count.Snapshot{}, nil, err
	}
	before := s.Counter().Snapshot()
	if err := something(); err != nil {
		return count.Snapshot{}, nil, err
	}
	if err := s.drained(ctx); err != nil {
		return count.Snapshot{}, nil, err
	}
	counted = ours(s.Counter().Snapshot().Since(before))
	now, err := s.client.stored(ctx)
	return counted, added(now, held, -1), err
}

// drained waits until nothing is left to do: for functions to come to their end, then for the queues that they may have filled.
func (s *system) drained(ctx context.Context) error {
	return eventually(ctx, "functions do not come to an end", func() (bool, error) {
		if s.Counter().Running() > 0 {
			return false, nil
		}
		err := s.client.drained(ctx)
		return s.Counter().Running() == 0, err
	})
}

// foreign is what no message of a charge point causes: what the measurement itself does, how long its connections were open (the
// day's is known), and the polls that find nothing, which are as many whatever charge points do.
var foreign = []string{count.Outside, count.Things, count.Connection, count.Polling}

// ours leaves out what is foreign.
func ours(s count.Snapshot) count.Snapshot {
	s.Lines = slices.DeleteFunc(s.Lines, func(line count.Line) bool { return slices.Contains(foreign, line.Cause) })
	return s
}

// alone has a charge point of each version send every message of its day, one at a time.
func (s *system) alone(ctx context.Context, options Options) ([]Measured, error) {
	var all []*station
	for _, version := range options.versions() {
		all = append(all, &station{id: unfollowed("ALONE-" + nameOf(version)), version: version})
	}
	return s.measure(ctx, options, all, options.sizes().samples, oneByOne)
}

// together has many charge points of each version send every message of their day, each of them at once.
func (s *system) together(ctx context.Context, options Options) ([]Measured, error) {
	var all []*station
	for _, version := range options.versions() {
		for n := range options.sizes().fleet {
			all = append(all, &station{id: unfollowed(fmt.Sprintf("FLEET-%s-%03d", nameOf(version), n)), version: version})
		}
	}
	return s.measure(ctx, options, all, options.sizes().repeats, allAtOnce)
}

// nameOf is a version as a part of a Thing's name, which has no dots.
func nameOf(version Version) string { return strings.ReplaceAll(string(version), ".", "") }

// longest is more than a run takes.
const longest = 5 * time.Minute

// unfollowed completes the name of a charge point so that its readings do not go through the journal during this run.
func unfollowed(name string) string {
	followed := func(id string) bool {
		for after := time.Duration(0); after <= longest; after += time.Minute {
			if transaction.FollowedAt(id, time.Now().Add(after)) {
				return true
			}
		}
		return false
	}
	for suffix := 0; ; suffix++ {
		if id := fmt.Sprintf("%s-%d", name, suffix); !followed(id) {
			return id
		}
	}
}

// measure connects charge points, has them say their day a few times, one version after the other, and lets them leave. The first
// time is not counted: it warms what is cold.
func (s *system) measure(ctx context.Context, options Options, stations []*station, times int, each order) ([]Measured, error) {
	defer func() {
		for _, p := range stations {
			p.vanish()
		}
	}()
	if err := s.introduce(ctx, options, stations); err != nil {
		return nil, err
	}
	came, entered, err := s.caused(ctx, func() error {
		for fleet := range slices.Chunk(stations, options.sizes().fleet) {
			if err := each(fleet, func(p *station) error { return p.connect(ctx, s.Addresses().ChargePoints) }); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	said := map[Version][]Measured{}
	for _, version := range options.versions() {
		fleet := slices.DeleteFunc(slices.Clone(stations), func(p *station) bool { return p.version != version })
		for round := range 1 + times {
			measured, err := s.day(ctx, fleet, options.dayOf(version), each)
			switch {
			case err != nil:
				return nil, err
			case round > 0:
				said[version] = plus(said[version], measured)
			}
		}
	}
	left, remained, err := s.caused(ctx, func() error { return each(stations, (*station).leave) })
	if err != nil {
		return nil, err
	}
	came.Lines = append(came.Lines, left.Lines...)
	var all []Measured
	for _, version := range options.versions() {
		all = append(all, Measured{version, connecting, connections, false, len(stations), came, added(entered, remained, 1)})
		all = append(all, said[version]...)
	}
	return all, nil
}

// introduce makes charge points known, and lets them boot once: as long as one has never been told that it is accepted, each of its
// messages may cost a read of its row, and that is so on its first connection alone.
func (s *system) introduce(ctx context.Context, options Options, stations []*station) error {
	for some := range slices.Chunk(stations, introducedAtOnce) {
		err := allAtOnce(some, func(p *station) error { return s.introduceOne(ctx, p) })
		if err != nil {
			return err
		}
	}
	if options.Quick { // the timers of these connections fall due while the next ones are measured: a test may not mind
		return nil
	}
	return s.drained(ctx)
}

// introducedAtOnce is how many charge points come for the first time at once: it is not what is to be measured.
const introducedAtOnce = 10

func (s *system) introduceOne(ctx context.Context, p *station) error {
	if err := s.client.register(ctx, p.id); err != nil {
		return err
	}
	if err := p.connect(ctx, s.Addresses().ChargePoints); err != nil {
		return err
	}
	if err := p.say(ctx, dayOf(p.version)[0]); err != nil {
		return err
	}
	return p.leave()
}

// day has charge points of one version say each kind of message of their day once.
func (s *system) day(ctx context.Context, fleet []*station, day []message, each order) ([]Measured, error) {
	var all []Measured
	for _, m := range day {
		caused, stored, err := s.caused(ctx, func() error {
			return each(fleet, func(p *station) error { return p.say(ctx, m) })
		})
		if err != nil {
			return nil, err
		}
		all = append(all, Measured{fleet[0].version, m.name, m.perDay, m.journaled, len(fleet), caused, stored})
	}
	return all, nil
}

// connecting is the name of what is no message.
const connecting = "connect and disconnect"

// plus adds what more messages of the same kind caused.
func (m Measured) plus(more Measured) Measured {
	more.Messages += m.Messages
	more.Stored = added(more.Stored, m.Stored, 1)
	more.Caused.Lines = append(m.Caused.Lines, more.Caused.Lines...)
	for cause, trips := range m.Caused.Answers {
		for number, times := range trips {
			if more.Caused.Answers[cause] == nil {
				more.Caused.Answers[cause] = map[int]int{}
			}
			more.Caused.Answers[cause][number] += times
		}
	}
	return more
}

// plus adds what was measured a second time, message by message.
func plus(before, more []Measured) []Measured {
	if before == nil {
		return more
	}
	sum := make([]Measured, len(before))
	for i := range before {
		sum[i] = before[i].plus(more[i])
	}
	return sum
}

// An order is that in which charge points do something.
type order func(stations []*station, do func(*station) error) error

// oneByOne has each wait for the one before.
func oneByOne(stations []*station, do func(*station) error) error {
	for _, p := range stations {
		if err := do(p); err != nil {
			return err
		}
	}
	return nil
}

// allAtOnce has nobody wait.
func allAtOnce(stations []*station, do func(*station) error) error {
	failures := make([]error, len(stations))
	var running sync.WaitGroup
	for i, p := range stations {
		running.Go(func() { failures[i] = do(p) })
	}
	running.Wait()
	return errors.Join(failures...)
}
