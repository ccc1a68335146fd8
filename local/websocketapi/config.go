package websocketapi

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/serverless-ocpp/backend/local/fault"
)

// API Gateway's quotas that no account can have changed.
// See https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
const (
	maxFrame           = 32 << 10  // bytes of one frame's payload
	maxMessage         = 128 << 10 // bytes of one message, in either direction
	maxContext         = 8 << 10   // bytes of the context that an authorizer returns
	integrationTimeout = 29 * time.Second
	authorizerTimeout  = 30 * time.Second // longer than any integration: the authorizer function's own limit comes first
)

// Invoker runs Lambda functions. functionError is not empty when the function ran
// and failed; err tells that it did not run or that ctx ended first.
type Invoker interface {
	Invoke(ctx context.Context, function string, event []byte) (answer []byte, functionError string, err error)
}

// Config describes an API and its one stage.
type Config struct {
	APIID      string // "abcdef1234"
	Stage      string // "ocpp"
	Region     string // of ARNs and of the domain name
	AccountID  string // twelve digits
	DomainName string // requestContext.domainName; the default is {api}.execute-api.{region}.amazonaws.com

	// RouteSelection is the route selection expression; "$request.body.action" looks
	// for a top-level string in a JSON object. The default is that.
	RouteSelection string
	// Routes maps route keys to what runs for them. "$connect", "$default" and
	// "$disconnect" may be missing.
	Routes map[string]Route
	// Authorizer decides on every handshake; nil lets everybody in.
	Authorizer *Authorizer
	Invoker    Invoker // required

	IdleTimeout time.Duration // without a message in either direction; the default is 10 minutes
	Lifetime    time.Duration // of one connection; the default is 2 hours

	ConnectRate  float64 // new connections per second; the default is 500
	ConnectBurst int     // the default is 500
	RequestRate  float64 // messages and @connections calls per second; the default is 10,000
	RequestBurst int     // the default is 5,000
	// StageRate and StageBurst are the stage's own throttling of its routes: handshakes and messages, not
	// @connections calls. 0 is none.
	StageRate  float64
	StageBurst int
	// OutgoingMessages is how many messages may wait for one client that reads too
	// slowly before POST answers 429; the default is 32. AWS does not publish its number.
	OutgoingMessages int

	// MessagesUnderWay is how many messages of one client may wait for their function or be in it until no more are read
	// from it, and TCP holds it back; the default is 16. AWS does not publish whether it has such a number. Here it keeps a
	// client that floods from filling the line in front of the few functions that fit on one machine.
	MessagesUnderWay int

	// OnMessage, when not nil, sees every message that was taken from or for a
	// client, for counting and watching. It is called concurrently and must not block.
	OnMessage func(Message)
	// OnEnd, when not nil, learns how long a connection was open. It is called concurrently.
	OnEnd  func(lasted time.Duration)
	Logger *slog.Logger // nil means slog.Default()
	// Faults, when not nil, are asked about handshakes, connections, messages and ends.
	Faults *fault.Injector
}

// Route is the Lambda proxy integration of a route.
type Route struct {
	Function string        // name of the function
	Timeout  time.Duration // of the integration; the default and the limit are 29 s
}

// Authorizer is a REQUEST authorizer.
type Authorizer struct {
	Function string
	// IdentitySources must all be present in a handshake, else it is answered 401
	// and no function runs: "route.request.header.Name" or "route.request.querystring.name".
	IdentitySources []string
}

// Message is a message on its way through the gateway.
type Message struct {
	ConnectionID string
	FromClient   bool
	Body         []byte // not to be changed or kept; it may hold secrets
}

func (c Config) withDefaults() (Config, error) {
	if c.APIID == "" || c.Stage == "" || c.Region == "" || c.AccountID == "" || c.Invoker == nil {
		return c, fmt.Errorf("websocketapi: APIID %q, Stage %q, Region %q, AccountID %q and an Invoker are all required",
			c.APIID, c.Stage, c.Region, c.AccountID)
	}
	c.DomainName = cmp.Or(c.DomainName, fmt.Sprintf("%s.execute-api.%s.amazonaws.com", c.APIID, c.Region))
	c.RouteSelection = cmp.Or(c.RouteSelection, "$request.body.action")
	c.IdleTimeout = cmp.Or(c.IdleTimeout, 10*time.Minute)
	c.Lifetime = cmp.Or(c.Lifetime, 2*time.Hour)
	c.ConnectRate = cmp.Or(c.ConnectRate, 500)
	c.ConnectBurst = cmp.Or(c.ConnectBurst, 500)
	c.RequestRate = cmp.Or(c.RequestRate, 10_000)
	c.RequestBurst = cmp.Or(c.RequestBurst, 5_000)
	c.OutgoingMessages = cmp.Or(c.OutgoingMessages, 32)
	c.MessagesUnderWay = cmp.Or(c.MessagesUnderWay, 16)
	c.Logger = cmp.Or(c.Logger, slog.Default())
	if c.OnMessage == nil {
		c.OnMessage = func(Message) {}
	}
	if c.OnEnd == nil {
		c.OnEnd = func(time.Duration) {}
	}
	return c, nil
}

func (r Route) timeout() time.Duration {
	if r.Timeout <= 0 || r.Timeout > integrationTimeout {
		return integrationTimeout
	}
	return r.Timeout
}

// connectARN is what an authorizer's policy must allow.
func (c Config) connectARN() string {
	return fmt.Sprintf("arn:aws:execute-api:%s:%s:%s/%s/$connect", c.Region, c.AccountID, c.APIID, c.Stage)
}
