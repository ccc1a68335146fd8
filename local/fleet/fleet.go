package fleet

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/serverless-ocpp/backend/local/fleet/plan"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Options say how many charge points to run, and how. Count and URL are needed.
type Options struct {
	Count    int
	URL      string            // of the central system, without a charge point's id
	Versions []ocppj.Version   // taken in turn; default: all
	Prefix   string            // of the ids; default "FLEET-"
	Keys     map[string]string // by charge point; those without connect without credentials

	Seed    uint64
	Start   time.Time     // simulated; default: 07:00 UTC today, when a day becomes busy
	Speed   float64       // simulated seconds per real second; default 1
	Live    bool          // Start lies in the past: Speed holds until the real time is reached, and then that is the fleet's time
	Zone    time.Duration // by which the drivers' clocks are ahead of UTC
	Visits  float64       // cars per connector and day
	Outages float64       // lost connections per charge point and day
	RampUp  time.Duration // real time over which the charge points are switched on; default: 20 ms each
	Grace   time.Duration // real time at the end for sending what was kept; default 30 s

	Ledger int // CALLs and commands that each ledger keeps
	Hooks  Hooks
	Log    *slog.Logger
}

const (
	defaultPrefix = "FLEET-"
	firstHour     = 7 * time.Hour
	perStation    = 20 * time.Millisecond // 50 a second is what a system on one machine takes without a queue
	defaultGrace  = 30 * time.Second
	leastTokens   = 20
)

// Fleet is many stations in one process.
type Fleet struct {
	options    Options
	clock      Clock
	stations   []*Station
	statistics Statistics
}

// IDs are the ids of the charge points that options lead to.
func (o Options) IDs() []string {
	ids := make([]string, o.Count)
	for i := range ids {
		ids[i] = fmt.Sprintf("%s%04d", cmp.Or(o.Prefix, defaultPrefix), i+1)
	}
	return ids
}

// TokensOf are the cards that the drivers of a fleet have; a central system that takes known ones alone must be told them.
func (o Options) TokensOf() []plan.Token { return plan.Tokens(o.Seed, max(leastTokens, o.Count)) }

// NewFleet makes the stations; Run starts them. Its clock begins now.
func NewFleet(options Options) *Fleet {
	options.Speed = cmp.Or(options.Speed, 1)
	options.Grace = cmp.Or(options.Grace, defaultGrace)
	options.RampUp = cmp.Or(options.RampUp, time.Duration(options.Count)*perStation)
	if options.Versions == nil {
		options.Versions = []ocppj.Version{ocppj.V16, ocppj.V201, ocppj.V21}
	}
	if options.Start.IsZero() {
		options.Start = time.Now().UTC().Truncate(24 * time.Hour).Add(firstHour)
	}
	newClock := NewClock
	if options.Live {
		newClock = NewLiveClock
	}
	f := &Fleet{options: options, clock: newClock(options.Start, options.Speed)}
	client := &http.Client{Transport: &http.Transport{ReadBufferSize: handshakeBuffer, WriteBufferSize: handshakeBuffer}}
	tokens := options.TokensOf()
	for i, id := range options.IDs() {
		charger := plan.NewCharger(options.Seed, id)
		charger.Zone = options.Zone
		share := float64(i) / float64(options.Count)
		f.stations = append(f.stations, New(Config{
			ID: id, URL: options.URL, Version: options.Versions[i%len(options.Versions)], Key: options.Keys[id],
			Seed: options.Seed, Clock: f.clock, Visits: options.Visits, Outages: options.Outages, Tokens: tokens, Charger: &charger,
			Boots:  options.Start.Add(time.Duration(share * float64(options.RampUp) * options.Speed)),
			Ledger: options.Ledger, Hooks: options.Hooks, Client: client, Log: options.Log, observer: &f.statistics,
		}))
	}
	return f
}

// handshakeBuffer is what each connection keeps for reading and writing; frames of charge points are small.
const handshakeBuffer = 1 << 10

// Run lives until ctx is done and every station has ended what it was doing.
func (f *Fleet) Run(ctx context.Context) {
	var all sync.WaitGroup
	for _, station := range f.stations {
		all.Go(func() { station.Run(ctx, f.options.Grace) })
	}
	all.Wait()
}

// Stations are the charge points, in the order of their ids.
func (f *Fleet) Stations() []*Station { return f.stations }

// Statistics are counts of all stations.
func (f *Fleet) Statistics() *Statistics { return &f.statistics }

// Now is the simulated time.
func (f *Fleet) Now() time.Time { return f.clock.Now() }
