package fleet

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/serverless-ocpp/backend/local/fleet/ledger"
	"github.com/serverless-ocpp/backend/local/fleet/link"
	"github.com/serverless-ocpp/backend/local/fleet/plan"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// transport is a link.Link, or a central system in the memory of a test.
type transport interface {
	Connect(ctx context.Context, target link.Target)
	Events() <-chan link.Event
	Current(e link.Event) bool
	Send(ctx context.Context, frame []byte) error
	Drop()
	Close(reason string) <-chan struct{}
}

// Station is a virtual charge point.
type Station struct {
	config  Config
	charger plan.Charger
	dialect dialect
	log     *slog.Logger
	ledger  *ledger.Ledger
	link    transport
	ctx     context.Context // of Run

	agenda agenda      // by the simulated clock: what happens at the charge point
	wall   agenda      // by the real clock: what happens on the network
	inbox  chan func() // what others want done on the station's goroutine

	connection connection
	outbox     outbox
	answering  answering
	connectors []*connector
	settings   settings
	tasks      tasks
	local      localList
	profiles   profiles
	notes      notes
	started    int  // transactions so far; part of their ids
	calm       bool // no car comes, no outage begins
	finishing  bool
}

// New makes a station that Run starts.
func New(config Config) *Station {
	config.Answers = cmp.Or(config.Answers, defaultAnswers)
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	if config.Client == nil {
		config.Client = http.DefaultClient
	}
	charger := plan.NewCharger(config.Seed, config.ID)
	if config.Charger != nil {
		charger = *config.Charger
		charger.ID = config.ID
	}
	s := &Station{
		config:  config,
		charger: charger,
		dialect: dialectOf(config.Version),
		log:     config.Log.With("chargePointId", config.ID),
		ledger:  ledger.New(config.Ledger),
		link:    link.New(config.Client),
		inbox:   make(chan func()),
	}
	s.connection.key = config.Key
	s.connection.dice = plan.Dice(config.Seed, config.ID, "reconnect")
	s.settings = s.dialect.settings(s)
	for number := 1; number <= charger.Connectors; number++ {
		s.connectors = append(s.connectors, newConnector(config.Seed, charger, number))
	}
	return s
}

// ID is the charge point's id.
func (s *Station) ID() string { return s.config.ID }

// Version is the protocol version that it speaks.
func (s *Station) Version() ocppj.Version { return s.config.Version }

// Ledger may be read at any time.
func (s *Station) Ledger() *ledger.Ledger { return s.ledger }

// Run lives until ctx is done. Then the station ends its transactions, sends what it has kept for as long as grace (real
// time), and closes the connection.
func (s *Station) Run(ctx context.Context, grace time.Duration) {
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	s.ctx = life
	s.begin()
	stop, timer := ctx.Done(), time.NewTimer(0)
	defer timer.Stop()
	var deadline <-chan time.Time
	for !s.finishing || !s.quiet() {
		s.work()
		timer.Reset(s.idle())
		select {
		case e := <-s.link.Events():
			s.happened(e)
		case do := <-s.inbox:
			do()
		case <-timer.C:
		case <-stop:
			stop, deadline = nil, time.After(grace)
			s.finish()
		case <-deadline:
			s.leave()
			return
		}
	}
	s.leave()
}

// work does everything that is due, and sends what may be sent.
func (s *Station) work() {
	for s.agenda.due(s.config.Clock.Now()) || s.wall.due(time.Now()) {
	}
	s.pump()
}

// longestIdle bounds a timer when nothing is due.
const longestIdle = time.Hour

// idle is the real time until something is due.
func (s *Station) idle() time.Duration {
	wait := longestIdle
	if at, ok := s.agenda.next(); ok {
		wait = min(wait, s.config.Clock.Until(at))
	}
	if at, ok := s.wall.next(); ok {
		wait = min(wait, time.Until(at))
	}
	return max(wait, 0)
}

func (s *Station) now() time.Time { return s.config.Clock.Now().Truncate(time.Second) }

func (s *Station) target() link.Target {
	return link.Target{
		URL:      s.config.URL + "/" + url.PathEscape(s.config.ID),
		Protocol: string(s.config.Version),
		User:     s.config.ID,
		Password: password(s.config.Version, s.connection.key),
	}
}
