package fleet

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/serverless-ocpp/backend/local/fleet/link"
	"github.com/serverless-ocpp/backend/local/fleet/plan"
	"github.com/serverless-ocpp/backend/schemas"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

var versions = []ocppj.Version{ocppj.V16, ocppj.V201, ocppj.V21}

// morning is when simulated days of tests begin.
var morning = time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC)

// central is a central system in memory, and the transport to it. It checks every frame against the schemas, and answers at
// once. Its fields are used on the station's goroutine, and by tests while that waits.
type central struct {
	t       *testing.T
	version ocppj.Version
	events  chan link.Event

	mu sync.Mutex // orders the station's use of what follows and the test's, who take turns
	up bool

	refuse       bool              // handshakes
	mute         func(string) bool // actions that are not answered
	answers      map[string]string // by action, in the place of the usual ones
	transactions int
	open         string            // id of the charge point's CALL that is not answered
	expires      time.Time         // when the charge point gives up waiting for it
	commands     map[string]string // action by id of those that are not answered
	frames       []ocppj.Frame     // received
	results      map[string]ocppj.Frame
	targets      []link.Target
}

func newCentral(t *testing.T, version ocppj.Version) *central {
	return &central{t: t, version: version, events: make(chan link.Event, 1000), commands: map[string]string{}, results: map[string]ocppj.Frame{}}
}

func (c *central) Connect(_ context.Context, target link.Target) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop()
	c.targets = append(c.targets, target)
	if c.refuse {
		c.events <- link.Event{Kind: link.Refused, Status: 401}
		return
	}
	c.up = true
	c.events <- link.Event{Kind: link.Connected}
}

func (c *central) Events() <-chan link.Event { return c.events }
func (c *central) Current(link.Event) bool   { return true }
func (c *central) Close(string) <-chan struct{} {
	c.Drop()
	done := make(chan struct{})
	close(done)
	return done
}

func (c *central) Drop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop()
}

func (c *central) drop() {
	c.up, c.open = false, ""
	for len(c.events) > 0 {
		<-c.events
	}
}

// lose ends the connection from this side.
func (c *central) lose() {
	c.Drop()
	c.events <- link.Event{Kind: link.Lost}
}

func (c *central) Send(_ context.Context, data []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.up {
		return link.ErrNotConnected
	}
	frame, err := ocppj.Parse(data)
	if err != nil {
		c.t.Errorf("sent %s: %v", data, err)
		return nil
	}
	if violation := frame.CheckVersion(c.version); violation != nil {
		c.t.Errorf("sent %s: %v", data, violation)
	}
	c.frames = append(c.frames, frame)
	switch frame.Type {
	case ocppj.Call:
		c.check(frame.Action, schemas.Request, frame)
		if c.open != "" && time.Now().Before(c.expires) {
			c.t.Errorf("%s sent while %s is open", frame.Action, c.open)
		}
		if c.mute != nil && c.mute(frame.Action) {
			c.open, c.expires = frame.ID, time.Now().Add(defaultAnswers)
			return nil
		}
		result, err := ocppj.EncodeResult(frame.ID, json.RawMessage(c.answer(frame)))
		if err != nil {
			c.t.Error(err)
		}
		c.events <- link.Event{Kind: link.Received, Data: result}
	case ocppj.Send:
		c.check(frame.Action, schemas.Request, frame)
	case ocppj.CallResult:
		c.check(c.commands[frame.ID], schemas.Response, frame)
		c.results[frame.ID] = frame
	case ocppj.CallError, ocppj.CallResultError:
		c.results[frame.ID] = frame
	}
	return nil
}

// check compares a payload with its schema, and a request with who may send it.
func (c *central) check(action string, direction schemas.Direction, frame ocppj.Frame) {
	c.t.Helper()
	violations, err := schemas.Validate(c.version, action, direction, frame.Payload)
	if err != nil || len(violations) > 0 {
		c.t.Errorf("%s %s %s: %v %v", c.version, action, frame.Payload, violations, err)
	}
	if sender, _ := schemas.Known(c.version, action); direction == schemas.Request && !sender.Includes(schemas.ChargePoint) {
		c.t.Errorf("%s is not for charge points to send", action)
	}
}

// answer is the usual one.
func (c *central) answer(call ocppj.Frame) string {
	if answer, ok := c.answers[call.Action]; ok {
		return answer
	}
	switch call.Action {
	case "BootNotification":
		return `{"status":"Accepted","currentTime":"2026-06-01T06:00:00Z","interval":900}`
	case "Heartbeat":
		return `{"currentTime":"2026-06-01T06:00:00Z"}`
	case "Authorize":
		if c.version == ocppj.V16 {
			return `{"idTagInfo":{"status":"Accepted"}}`
		}
		return `{"idTokenInfo":{"status":"Accepted"}}`
	case "StartTransaction":
		c.transactions++
		return fmt.Sprintf(`{"transactionId":%d,"idTagInfo":{"status":"Accepted"}}`, 1000+c.transactions)
	case "SignCertificate", "OpenPeriodicEventStream":
		return `{"status":"Accepted"}`
	}
	return `{}`
}

// rig is a station that runs in a bubble of testing/synctest: a simulated day passes at once.
type rig struct {
	*Station
	t       *testing.T
	central *central
	stop    context.CancelFunc
	ended   chan struct{}
	asked   int
}

// run runs a station inside a bubble until test returns.
func run(t *testing.T, version ocppj.Version, change func(*Config), test func(r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		config := Config{ID: "CP1", URL: "ws://central", Version: version, Seed: 7, Clock: NewClock(morning, 1), Tokens: plan.Tokens(7, 20), Ledger: 10_000}
		charger := plan.Charger{Connectors: 2, PowerW: 50_000, DC: true, Signed: true, Vendor: "V", Model: "M", Serial: "S"}
		config.Charger = &charger
		if change != nil {
			change(&config)
		}
		ctx, stop := context.WithCancel(t.Context())
		r := &rig{Station: New(config), t: t, central: newCentral(t, version), stop: stop, ended: make(chan struct{})}
		r.link = r.central
		go func() {
			defer close(r.ended)
			r.Run(ctx, time.Minute)
		}()
		r.wait(time.Second)
		test(r)
		stop()
		<-r.ended
	})
}

// wait gives the station its turn, for so long.
func (r *rig) wait(d time.Duration) {
	r.central.mu.Lock() // what the test did is seen by the station
	r.central.mu.Unlock()
	time.Sleep(d)
	synctest.Wait()
}

// order sends a CALL, and returns the payload of its result; one that is answered by a CALLERROR fails the test.
func (r *rig) order(action, payload string) map[string]any {
	r.t.Helper()
	frame := r.raw(action, payload)
	if frame.Type != ocppj.CallResult {
		r.t.Fatalf("%s answered by %s %s", action, frame.Type, frame.ErrorCode)
	}
	var result map[string]any
	if err := json.Unmarshal(frame.Payload, &result); err != nil {
		r.t.Fatal(err)
	}
	return result
}

func (r *rig) raw(action, payload string) ocppj.Frame {
	r.t.Helper()
	r.asked++
	id := fmt.Sprint("order-", r.asked)
	r.central.commands[id] = action
	r.central.events <- link.Event{Kind: link.Received, Data: fmt.Appendf(nil, `[2,%q,%q,%s]`, id, action, payload)}
	r.wait(time.Second)
	frame, ok := r.central.results[id]
	if !ok {
		r.t.Fatalf("%s was not answered", action)
	}
	return frame
}

// calls are the frames that the central system got of an action.
func (r *rig) calls(action string) []ocppj.Frame {
	var found []ocppj.Frame
	for _, frame := range r.central.frames {
		if frame.Action == action {
			found = append(found, frame)
		}
	}
	return found
}

// said reports whether a call of action held text.
func (r *rig) said(action, text string) bool {
	for _, frame := range r.calls(action) {
		if strings.Contains(string(frame.Payload), text) {
			return true
		}
	}
	return false
}
