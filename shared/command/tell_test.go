package command_test

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// watcher notes what it is shown, and says failure.
type watcher struct {
	events  []event.Event
	frames  []command.SentFrame
	failure error
}

func (w *watcher) Publish(_ context.Context, e event.Event) error {
	w.events = append(w.events, e)
	return w.failure
}

func (w *watcher) Sent(_ context.Context, frame command.SentFrame) error {
	w.frames = append(w.frames, frame)
	return w.failure
}

// watch returns who watches the rig's dispatcher from now on.
func (r *rig) watch() *watcher {
	w := &watcher{}
	r.dispatcher.Events, r.dispatcher.Log = w, w
	return w
}

// wantTold checks the events so far: name and id, and the state of a command.
func (w *watcher) wantTold(t *testing.T, want ...string) {
	t.Helper()
	got := []string{}
	for _, e := range w.events {
		told := string(e.Name) + " " + e.ID
		if finished, ok := e.Data.(event.Command); ok {
			told += " " + finished.State
		}
		got = append(got, told)
	}
	if !slices.Equal(got, want) {
		t.Errorf("told %q, want %q", got, want)
	}
}

func TestIntegratorsAreToldWhatFinished(t *testing.T) {
	const key = "5ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2"
	r := newRig(t)
	watcher := r.watch()
	r.connect("c1=")
	order := r.order("a")
	order.Action, order.Payload, order.Operation, order.CampaignID = "GetConfiguration", json.RawMessage(`{}`), "get-variables", "spring"
	r.must(r.dispatcher.Submit(t.Context(), order))
	outcome := command.Outcome{Event: command.EventAccept, At: r.now(), Result: json.RawMessage(`{"configurationKey":[{"key":"AuthorizationKey","value":"` + key + `"}]}`)}
	for range 2 { // the journal hands the answer out twice: nobody knows how far the first time got
		r.must(r.dispatcher.Finish(t.Context(), cp001, "a", outcome))
	}
	watcher.wantTold(t, "command a accepted", "command a accepted")
	if !reflect.DeepEqual(watcher.events[0], watcher.events[1]) {
		t.Errorf("told %+v, and again %+v", watcher.events[0], watcher.events[1])
	}
	told, _ := watcher.events[0].Data.(event.Command)
	if e := watcher.events[0]; e.ChargePointID != cp001 || !e.At.Equal(outcome.At) || told.Action != order.Action || told.Operation != "get-variables" || told.CampaignID != "spring" {
		t.Errorf("told %+v", e)
	}
	if result := string(told.Result); !strings.Contains(result, "AuthorizationKey") || strings.Contains(result, key) {
		t.Errorf("the result is %s", result)
	}
	outcome.At = outcome.At.Add(time.Second) // another answer to the same command
	r.must(r.dispatcher.Finish(t.Context(), cp001, "a", outcome))
	watcher.wantTold(t, "command a accepted", "command a accepted")
}

func TestIntegratorsAreToldOfEveryEnd(t *testing.T) {
	r := newRig(t)
	watcher := r.watch()
	expired := r.order("expired")
	expired.ExpiresAt = r.now().Add(time.Second)
	r.must(r.dispatcher.Submit(t.Context(), expired))
	r.pass(time.Minute)
	watcher.wantTold(t, "command expired expired")
	r.connect("c1=")
	r.submit("lost")
	deadline := command.Timer{Kind: command.TimerDeadline, ChargePointID: cp001, CommandID: "lost", ConnectionID: "c1="}
	r.pass(time.Minute)
	r.must(r.dispatcher.Deadline(t.Context(), deadline)) // the timer comes again
	watcher.wantTold(t, "command expired expired", "command lost timedOut", "command lost timedOut")

	watcher.events = nil
	r.submit("answered")
	r.answer("answered")
	r.pass(time.Minute) // its deadline finds it answered
	watcher.wantTold(t, "command answered accepted")
}

func TestIntegratorsAreToldThatAConnectionIsGone(t *testing.T) {
	r := newRig(t)
	watcher := r.watch()
	r.connect("c1=")
	r.onPost = func(string) error { return gone }
	r.submit("a")
	watcher.wantTold(t, "disconnected c1=")
	if end, _ := watcher.events[0].Data.(event.ConnectionEnd); end.ConnectionID != "c1=" || end.Code != 1006 || end.Reason == "" {
		t.Errorf("told %+v", watcher.events[0])
	}
	if len(watcher.frames) != 0 {
		t.Errorf("the log has %+v, which was not sent", watcher.frames)
	}
}

func TestWhatIsSentIsLogged(t *testing.T) {
	r := newRig(t)
	watcher := r.watch()
	r.connect("c1=")
	order := r.order("a")
	order.Origin = command.OriginMQTT // not mirrored, and logged all the same
	r.must(r.dispatcher.Submit(t.Context(), order))
	want := []command.SentFrame{{
		ChargePointID: cp001, ConnectionID: "c1=", MessageID: "a", Action: "Reset", Frame: []byte(`[2,"a","Reset",{"type":"Soft"}]`), At: r.now(),
	}}
	if !reflect.DeepEqual(watcher.frames, want) {
		t.Errorf("logged %+v, want %+v", watcher.frames, want)
	}
}

func TestWatchersThatFailStopNothing(t *testing.T) {
	r := newRig(t)
	watcher := r.watch()
	watcher.failure = fault.New(fault.Throttled, "too much")
	r.connect("c1=")
	r.submit("a", "b")
	accepted := command.Outcome{Event: command.EventAccept, At: r.now()}
	if err := r.dispatcher.Finish(t.Context(), cp001, "a", accepted); !fault.Is(err, fault.Throttled) {
		t.Errorf("integrators are not told, and the answer does not come again: %v", err)
	}
	r.wantPosts("a", "b")
	r.wantState(command.Accepted, "a")

	deadline := r.pending[slices.IndexFunc(r.pending, func(p pending) bool {
		return p.timer.Kind == command.TimerDeadline && p.timer.CommandID == "b"
	})].timer
	r.wait(command.DefaultTimeout)
	if err := r.dispatcher.Deadline(t.Context(), deadline); !fault.Is(err, fault.Throttled) || r.turn() != "" {
		t.Errorf("the turn is %q, and the deadline does not come again: %v", r.turn(), err)
	}
	r.wantState(command.TimedOut, "b")

	watcher.failure, watcher.events = nil, nil
	r.must(r.dispatcher.Finish(t.Context(), cp001, "a", accepted))
	r.must(r.dispatcher.Deadline(t.Context(), deadline))
	watcher.wantTold(t, "command a accepted", "command b timedOut")
}

// What never can be told, because it is too large, does not come again for that.
func TestEventThatIsTooLarge(t *testing.T) {
	r := newRig(t)
	r.watch().failure = fault.New(fault.Invalid, "too large")
	r.connect("c1=")
	r.submit("a")
	r.answer("a")
	r.wantState(command.Accepted, "a")
}

func TestNobodyWatches(t *testing.T) {
	r := newRig(t)
	r.dispatcher.Events, r.dispatcher.Log, r.dispatcher.Mirror = nil, nil, nil
	r.connect("c1=")
	r.submit("a")
	r.answer("a")
	r.wantState(command.Accepted, "a")
}
