package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
)

func TestCommandsOfAChargePoint(t *testing.T) {
	r := newRig(t)
	first := r.do("POST", "/remote-start", `{"chargePointId":"CP16","idTag":"TAG1"}`).want(202).body["commandId"].(string)
	second := r.do("POST", "/remote-stop", `{"chargePointId":"CP16","transactionId":7}`).want(202, `"state":"queued"`).body["commandId"].(string)

	page := r.do("GET", "/charge-points/CP16/commands?limit=1", "").want(200, second)
	r.do("GET", "/charge-points/CP16/commands?limit=1&cursor="+page.body["nextCursor"].(string), "").want(200, first)
	r.do("GET", "/charge-points/CP404/commands", "").want(404, "CP404")
	r.do("GET", "/charge-points/CP16/commands?state=queued", "").want(200, second)
	r.do("GET", "/charge-points/CP16/commands?state=waiting", "").want(422, "'state'", "queued", "waiting")

	r.do("DELETE", "/charge-points/CP16/commands/"+second, "").want(200, `"state":"cancelled"`)
	r.api.Now = func() time.Time { return time.Now().Add(time.Second) }
	r.do("DELETE", "/charge-points/CP16/commands/"+second, "").want(200, `"state":"cancelled"`) // again: the answer may be lost
	r.do("DELETE", "/charge-points/CP16/commands/"+first, "").want(409, "does not wait any more")
	r.do("DELETE", "/charge-points/CP16/commands/none", "").want(404, "none")
	r.do("GET", "/charge-points/CP16/commands/none", "").want(404, "none")
	r.do("GET", "/charge-points/CP16/commands/"+first, "").want(200, `"idTag":"TAG1"`, `"state":"sent"`, `"attempts":1`)
}

func TestExpiredBeforeAnybodyNoticed(t *testing.T) {
	r := newRig(t)
	got := r.do("POST", "/remote-start", `{"chargePointId":"CP0","idTag":"TAG1","expiresInSeconds":1}`).want(202, `"state":"queued"`)
	r.api.Now = func() time.Time { return time.Now().Add(2 * time.Second) }
	r.do("GET", "/charge-points/CP0/commands", "").want(200, `"state":"queued"`) // somebody may be sending it
	r.do("GET", got.header.Get("Location"), "").want(200, `"state":"expired"`)   // it is made sure that nobody does
	r.do("GET", "/charge-points/CP0/commands", "").want(200, `"state":"expired"`)
}

func TestExpiredThatNobodyAskedFor(t *testing.T) {
	r := newRig(t)
	r.do("POST", "/remote-start", `{"chargePointId":"CP0","idTag":"TAG1","expiresInSeconds":1}`).want(202, `"state":"queued"`)
	r.api.Now = func() time.Time { return time.Now().Add(time.Second + command.DispatcherLife) }
	r.do("GET", "/charge-points/CP0/commands", "").want(200, `"state":"expired"`)
}

// sends is a command table whose command is sent between reading it and ending it.
type sends struct {
	command.Store
	sent bool
}

func (s *sends) Get(context.Context, string, string) (command.Command, error) {
	if s.sent {
		return command.Command{State: command.Accepted}, nil
	}
	return command.Command{State: command.Queued, ExpiresAt: time.Now()}, nil
}

func (s *sends) Apply(context.Context, string, string, command.Outcome) (command.Command, error) {
	s.sent = true
	return command.Command{}, fault.New(fault.Conflict, "it is not queued any more")
}

func TestSentAtTheLastMomentIsNotExpired(t *testing.T) {
	a := &API{Commands: &sends{}, Now: time.Now}
	if c, err := a.settle(t.Context(), "CP1", "c1", 0); err != nil || c.State != command.Accepted {
		t.Errorf("%s, %v", c.State, err)
	}
}

// Names of Go mean nothing to callers.
func TestWrongTypesAreNamed(t *testing.T) {
	r := newRig(t)
	r.do("POST", "/charge-points/CP16/commands", `{"action":"ClearCache","timeoutSeconds":1.5}`).want(400, "'timeoutSeconds' must be an integer")
	r.do("POST", "/charge-points/CP16/log", `{"type":"security","location":"https://example.com/","retries":"three"}`).want(400, "'retries' must be an integer")
	r.do("POST", "/charge-points/CP16/charging-profiles", `{"chargingProfile":{"schedule":{"periods":[{"startSeconds":"0"}]}}}`).want(400, "'chargingProfile.schedule.periods.startSeconds'")
}

// finishes is a command table whose only command is final from a moment on.
type finishes struct {
	command.Store
	at    time.Time
	reads int
}

func (f *finishes) Get(context.Context, string, string) (command.Command, error) {
	f.reads++
	c := command.Command{State: command.Sent}
	if !time.Now().Before(f.at) {
		c.State = command.Accepted
	}
	return c, nil
}

func TestSettle(t *testing.T) {
	for _, test := range []struct {
		name             string
		finished         time.Duration
		patience         time.Duration
		cut              time.Duration // the invocation ends before; 0: it does not
		want             command.State
		atMost, maxReads int // seconds
	}{
		{"no patience", time.Second, 0, 0, command.Sent, 0, 1},
		{"final at once", 0, 25 * time.Second, 0, command.Accepted, 0, 1},
		{"final soon", 500 * time.Millisecond, 25 * time.Second, 0, command.Accepted, 1, 5},
		{"final at last", 24 * time.Second, 25 * time.Second, 0, command.Accepted, 25, 30},
		{"never", time.Hour, 25 * time.Second, 0, command.Sent, 25, 30},
		{"the caller leaves", time.Hour, 25 * time.Second, 3 * time.Second, command.Sent, 3, 10},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				ctx := t.Context()
				if test.cut > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, test.cut)
					defer cancel()
				}
				table := &finishes{at: began.Add(test.finished)}
				api := &API{Commands: table, Now: time.Now}
				c, err := api.settle(ctx, "CP16", "m1", test.patience)
				if err != nil || c.State != test.want {
					t.Errorf("%s, %v; want %s", c.State, err, test.want)
				}
				if took := time.Since(began); took > time.Duration(test.atMost)*time.Second || table.reads > test.maxReads {
					t.Errorf("took %s and %d reads", took, table.reads)
				}
			})
		})
	}
}

func TestPatience(t *testing.T) {
	for _, test := range []struct {
		prefer []string
		want   int // seconds
	}{
		{nil, 0},
		{[]string{"wait=10"}, 10},
		{[]string{"respond-async, wait=10"}, 10},
		{[]string{"respond-async", "Wait = 7"}, 7},
		{[]string{`wait="5"`}, 5},
		{[]string{"wait=999999999999"}, 25},
		{[]string{"wait=99999999999999999999999"}, 0},
		{[]string{"wait=-1"}, 0},
		{[]string{"wait"}, 0},
		{[]string{"waiting=10"}, 0},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header["Prefer"] = test.prefer
		if got := patience(r); got != time.Duration(test.want)*time.Second {
			t.Errorf("%q: %s, want %d s", test.prefer, got, test.want)
		}
	}
}

func TestAnyCommand(t *testing.T) {
	r := newRig(t)
	got := r.do("POST", "/charge-points/CP16/commands", `{"action":"TriggerMessage","payload":{"requestedMessage":"Heartbeat"},"timeoutSeconds":5}`).
		want(202, `"state":"sent"`, "TriggerMessage command sent successfully")
	action, payload := r.posted()
	if action != "TriggerMessage" || payload["requestedMessage"] != "Heartbeat" {
		t.Errorf("sent %s %v", action, payload)
	}
	r.do("GET", got.header.Get("Location"), "").want(200, `"timeoutSeconds":5`, `"action":"TriggerMessage"`)
	r.do("POST", "/charge-points/CP201/commands", `{"action":"ClearCache"}`).want(202, `"state":"sent"`)

	for body, want := range map[string]struct {
		status int
		says   string
	}{
		`{"payload":{}}`:                                                {400, "'action'"},
		`{"action":"Reset","playload":{}}`:                              {400, "playload"},
		`{"action":"Reset","payload":{"type":"Immediate"}}`:             {422, "/type"}, // 2.0.1's word
		`{"action":"Reset","payload":{"type":"Soft","extra":1}}`:        {422, "/extra"},
		`{"action":"Reset","payload":{"type":"garbage","type":"Soft"}}`: {422, "/type is given twice"},
		`{"action":"BootNotification","payload":{}}`:                    {422, "sent by charge points"},
		`{"action":"RequestStartTransaction","payload":{}}`:             {422, "no such action"},
		`{"action":"Reset","payload":[]}`:                               {422, ""},
		`{"action":"ClearCache","payload":{},"timeoutSeconds":1000}`:    {422, "timeoutSeconds"},
	} {
		r.do("POST", "/charge-points/CP16/commands", body).want(want.status, want.says)
	}
	r.do("POST", "/charge-points/CP0/commands", `{"action":"ClearCache"}`).want(409, "not connected")
	r.do("POST", "/charge-points/CP404/commands", `{"action":"ClearCache"}`).want(404)
}
