// Package cloud builds a whole stack on one machine from the template that is deployed: its functions run as they are,
// under their own roles, behind the same APIs, queues, rules and tables. Nothing is global: one process may hold several.
//
//	cloud, err := cloud.Start(ctx, cloud.Options{Template: "stack/testdata/AwsOcppGatewayStack.template.json", BuildDir: cloud.DefaultBuildDir()})
//	…
//	defer cloud.Close()
//	conn, _, err := websocket.Dial(ctx, cloud.Addresses().ChargePoints+"/CP001", …)
package cloud

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/serverless-ocpp/backend/local/awsapi"
	"github.com/serverless-ocpp/backend/local/cloudwatch"
	"github.com/serverless-ocpp/backend/local/count"
	"github.com/serverless-ocpp/backend/local/dynamodb"
	"github.com/serverless-ocpp/backend/local/fault"
	"github.com/serverless-ocpp/backend/local/iam"
	"github.com/serverless-ocpp/backend/local/iot"
	"github.com/serverless-ocpp/backend/local/iot/rules"
	"github.com/serverless-ocpp/backend/local/lambda"
	"github.com/serverless-ocpp/backend/local/mqtt"
	"github.com/serverless-ocpp/backend/local/sqs"
	"github.com/serverless-ocpp/backend/local/template"
)

// A Cloud is a running stack.
type Cloud struct {
	options   Options
	log       *slog.Logger
	addresses Addresses
	template  *template.Template
	directory *iam.Directory
	admin     iam.Credentials
	calls     awsapi.Calls
	metrics   cloudwatch.Metrics
	counter   *count.Counter
	faults    *fault.Injector
	stores    stores

	chargePointListener, httpListener, awsListener net.Listener

	broker      *mqtt.Broker
	iot         *iot.Core
	rules       *rules.Engine
	tables      *dynamodb.Service
	queues      *sqs.Service
	functions   *lambda.Host
	roles       map[string]iam.Role // by function name
	permissions []template.Permission

	declaredQueues map[string]template.Queue // by ARN
	apis           *awsapi.Handler
	hosts          []hostMapping

	closers []closer // in the order of starting
}

// Addresses are the base URLs, without a slash at the end.
type Addresses struct {
	ChargePoints string // ws://127.0.0.1:8080, to which a charge point appends /CP001
	Stage        string // ws://127.0.0.1:8080/ocpp, the same without the edge
	HTTP         string // http://127.0.0.1:8081
	AWS          string // http://127.0.0.1:4566
	MQTT         string // mqtt://127.0.0.1:1883
}

// A closer ends one part.
type closer struct {
	name  string
	close func() error
}

// A hostMapping replaces a host of AWS in the functions' environments.
type hostMapping struct{ aws, local string }

// Start builds everything that the template holds and returns when charge points can connect. It gives up when ctx is done;
// afterwards ctx has no meaning. An error says what to do about it, and nothing is left running then.
func Start(ctx context.Context, options Options) (_ *Cloud, err error) {
	c := &Cloud{
		options:   options,
		log:       options.Log,
		directory: iam.NewDirectory(Account),
		roles:     map[string]iam.Role{},

		declaredQueues: map[string]template.Queue{},
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	c.admin = c.directory.IssueAdministrator()
	c.counter = count.New(c.triggered)
	c.faults = fault.New(c.log)
	if len(options.Faults.Rules) > 0 {
		if err := c.faults.Set(options.Faults); err != nil {
			return nil, fmt.Errorf("the plan of faults: %w", err)
		}
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.Close())
		}
	}()
	// What is started later is ended earlier: charge points first, whose $disconnect still finds everything, then what reads
	// queues, then the AWS APIs, then the functions that call them.
	steps := []func(context.Context) error{
		without(c.openStores),
		without(c.listen),
		without(c.readTemplate),
		without(c.startIoT),
		without(c.runCustomCalls),
		without(c.mapHosts),
		c.startTables,
		without(c.startQueues),
		without(c.startFunctions),
		without(c.startRules),
		without(c.serveAWS),
		without(c.startEventSources),
		without(c.serveHTTPAPI),
		without(c.serveChargePoints),
		without(c.startSchedules),
		without(c.resume),
		without(c.admitClients),
	}
	for _, step := range steps {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("start was given up: %w", err)
		}
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// resume takes up what an earlier run left, asynchronous events and delayed messages, now that all they may call is there.
func (c *Cloud) resume() error { return errors.Join(c.functions.Resume(), c.rules.Resume()) }

// admitClients lets clients of MQTT in, now that rules take what they publish.
func (c *Cloud) admitClients() error {
	c.broker.Admit()
	return nil
}

func without(step func() error) func(context.Context) error {
	return func(context.Context) error { return step() }
}

// Addresses returns where everything listens.
func (c *Cloud) Addresses() Addresses { return c.addresses }

// Administrator returns the credentials that Options.Auth makes necessary for the HTTP API.
func (c *Cloud) Administrator() iam.Credentials { return c.admin }

// Calls returns the counts of AWS API calls.
func (c *Cloud) Calls() *awsapi.Calls { return &c.calls }

// Counter attributes everything that takes place to what caused it.
func (c *Cloud) Counter() *count.Counter { return c.counter }

// Faults is what goes wrong, to be set and to be counted at any time.
func (c *Cloud) Faults() *fault.Injector { return c.faults }

// UnusedGrants returns what functions may do and have not done so far.
func (c *Cloud) UnusedGrants() []iam.Grant { return c.directory.Unused() }

// Close ends everything in the opposite order of starting, child processes included, and returns when nothing is left.
func (c *Cloud) Close() error {
	if c.faults.Active() {
		c.faults.Clear() // the end is orderly: what is on its way arrives
	}
	var failures []error
	for len(c.closers) > 0 {
		last := c.closers[len(c.closers)-1]
		c.closers = c.closers[:len(c.closers)-1]
		began := time.Now()
		if err := last.close(); err != nil {
			failures = append(failures, fmt.Errorf("end %s: %w", last.name, err))
		}
		c.log.Debug("ended", "part", last.name, "duration", time.Since(began))
	}
	return errors.Join(failures...)
}

// onClose registers how to end what was just started.
func (c *Cloud) onClose(name string, close func() error) {
	c.closers = append(c.closers, closer{name, close})
}
