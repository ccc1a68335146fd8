package chaos

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"github.com/serverless-ocpp/backend/local/chaos/check"
	"github.com/serverless-ocpp/backend/local/cloud"
	"github.com/serverless-ocpp/backend/local/fault"
	"github.com/serverless-ocpp/backend/local/fleet"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Config says how long a fleet of which size goes through how much trouble.
type Config struct {
	Seed      uint64
	Count     int
	For       time.Duration // of the faults
	Mix       float64       // intensity, from 0 to 1; see fault.Mix
	PerSecond float64       // orders
	MQTT      bool          // one order in four is published; such orders have 30 s to be answered, and a minute to be sent
	Kills     int           // how often the whole system is killed and restarted on its data
	Settle    time.Duration // time for everything to come to rest
	Build     string        // folder of the functions' binaries
	Template  string
	DataDir   string // needed for Kills
	StandIn   []string
}

const (
	speed   = 120 // simulated seconds per second: a car charges for half a minute
	visits  = 24  // cars per connector and simulated day
	outages = 12
	grace   = time.Minute
	kept    = 1 << 16
)

// Run makes the experiment. The error is about the experiment itself; losses are in the report.
func Run(ctx context.Context, config Config) (*Report, error) {
	standIn, err := start(ctx, config)
	if err != nil {
		return nil, err
	}
	report, err := run(ctx, config, standIn)
	return report, errors.Join(err, standIn.close())
}

func run(ctx context.Context, config Config, standIn standIn) (*Report, error) {
	witness := newWitness()
	addresses := standIn.addresses()
	options := fleet.Options{
		Count: config.Count, URL: addresses.ChargePoints, Versions: []ocppj.Version{ocppj.V16, ocppj.V201, ocppj.V21}, Prefix: "CHAOS-",
		Seed: config.Seed, Start: time.Date(2026, 6, 1, 7, 0, 0, 0, time.UTC), Speed: speed, Visits: visits, Outages: outages,
		Grace: grace, Ledger: kept, Hooks: witness.hooks(),
	}
	var err error
	if options.Keys, err = fleet.Register(ctx, addresses.HTTP, options.IDs(), options.TokensOf(), nil); err != nil {
		return nil, err
	}
	f := fleet.NewFleet(options)
	witness.watch(f.Stations())
	commander := &commander{
		api: addresses.HTTP, client: &http.Client{Timeout: 40 * time.Second}, stations: f.Stations(), tokens: tokensOf(options),
		dice: rand.New(rand.NewPCG(config.Seed, 1)),
	}
	if config.MQTT {
		client := paho.NewClient(paho.NewClientOptions().AddBroker(strings.Replace(addresses.MQTT, "mqtt://", "tcp://", 1)).SetClientID("chaos"))
		if token := client.Connect(); !token.WaitTimeout(brokerLimit) || token.Error() != nil {
			return nil, fmt.Errorf("connect to the broker: %w", token.Error())
		}
		defer client.Disconnect(0)
		commander.mqtt = client
	}

	life, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan struct{})
	go func() { defer close(ended); f.Run(life) }()
	if err := standIn.strike(fault.Mix(config.Seed, config.Mix)); err != nil {
		return nil, err
	}
	trouble, over := context.WithTimeout(ctx, config.For)
	defer over()
	killed := make(chan error, 1)
	go func() { killed <- killNowAndThen(trouble, config, standIn) }()
	commander.run(trouble, config.PerSecond)
	if err := <-killed; err != nil {
		return nil, err
	}
	faults, err := standIn.relent()
	if err != nil {
		return nil, err
	}
	witness.calm.Store(true)
	operator := operator(addresses)
	if _, err := operator.settle(ctx, config.Settle); err != nil {
		return nil, err
	}
	commander.probe()
	if _, err := operator.settle(ctx, config.Settle); err != nil { // before the charge points go: an order that waits is no loss yet
		return nil, err
	}
	stop()
	<-ended
	return judge(ctx, config, operator, options.IDs(), witness.told(commander.orders), &Report{Config: config, Faults: faults, Totals: total(f.Stations())})
}

// judge lets everything settle, redrives what died, and compares.
func judge(ctx context.Context, config Config, operator *system, ids []string, told check.Told, report *Report) (*Report, error) {
	left, err := operator.settle(ctx, config.Settle)
	if err != nil {
		return nil, err
	}
	if report.Redriven, err = operator.redrive(ctx); err != nil {
		return nil, err
	}
	if report.Redriven > 0 {
		if left, err = operator.settle(ctx, config.Settle); err != nil {
			return nil, err
		}
	}
	report.Left = left
	known, err := operator.gather(ctx, ids)
	if err != nil {
		return nil, err
	}
	report.count(told, known)
	report.Findings = check.Compare(told, known)
	return report, nil
}

// killNowAndThen kills the whole system as often as it is to be, at even distances.
func killNowAndThen(ctx context.Context, config Config, standIn standIn) error {
	for range config.Kills {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(config.For / time.Duration(config.Kills+1)):
		}
		if err := standIn.kill(context.WithoutCancel(ctx)); err != nil {
			return err
		}
	}
	<-ctx.Done()
	return nil
}

// standIn is the system under test.
type standIn interface {
	addresses() cloud.Addresses
	strike(fault.Plan) error        // faults begin
	relent() (fault.State, error)   // faults end
	kill(ctx context.Context) error // without warning, and starts it again
	close() error
}
