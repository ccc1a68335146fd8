package campaign

import (
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocpp/dialect"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/operation"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestPhaseAt(t *testing.T) {
	for phase, stopped := range map[Phase]Phase{
		Selecting: Stopping, Ordering: Stopping, Waiting: Stopping, Stopping: Stopping, RunningOut: RunningOut, Finished: Finished,
	} {
		if got := (Campaign{Progress: Progress{Phase: phase}}).PhaseAt(); got != phase {
			t.Errorf("%s is %s", phase, got)
		}
		if got := (Campaign{Progress: Progress{Phase: phase, StoppedAt: noon}}).PhaseAt(); got != stopped {
			t.Errorf("%s that was stopped is %s, want %s", phase, got, stopped)
		}
	}
}

func TestFinish(t *testing.T) {
	c := Campaign{Order: Order{Action: "ChangeConfiguration", Payload: []byte(`{"key":"APNPassword","value":"hush"}`)}}
	c.Finish(noon, "p")
	if c.Phase != Finished || c.FinishedAt != noon || c.Problem != "p" || string(c.Payload) != `{"key":"APNPassword","value":"***"}` {
		t.Errorf("it ended as %+v with %s", c.Progress, c.Payload)
	}
}

func TestMatches(t *testing.T) {
	yes, no := true, false
	cp := chargepoint.ChargePoint{
		Protocol: "ocpp1.6", Registration: chargepoint.Accepted, Session: &chargepoint.Session{},
		Boot: chargepoint.Boot{VendorName: "V", Model: "M", FirmwareVersion: "1.0"},
	}
	for _, test := range []struct {
		where Where
		want  bool
	}{
		{Where{}, true},
		{Where{VendorName: "V", Model: "M", FirmwareVersion: "1.0", Protocol: "ocpp1.6", Registration: chargepoint.Accepted, Connected: &yes}, true},
		{Where{VendorName: "v"}, false},
		{Where{Model: "N"}, false},
		{Where{FirmwareVersion: "1"}, false},
		{Where{Protocol: "ocpp2.1"}, false},
		{Where{Registration: chargepoint.Pending}, false},
		{Where{Connected: &no}, false},
	} {
		if got := test.where.Matches(cp); got != test.want {
			t.Errorf("%+v: %t", test.where, got)
		}
	}
}

func TestCommandIDs(t *testing.T) {
	c := Campaign{ID: NewID(), CreatedAt: noon}
	one, again, other := c.NewMember("CP1", noon), c.NewMember("CP1", noon.Add(time.Hour)), c.NewMember("CP2", noon)
	if one.CommandID != again.CommandID || one.CommandID == other.CommandID {
		t.Errorf("command ids %s, %s again, and %s of another", one.CommandID, again.CommandID, other.CommandID)
	}
	id, err := uuid.Parse(one.CommandID)
	if err != nil || id.Version() != 7 || id.Variant() != uuid.RFC4122 {
		t.Errorf("%s is no UUID of version 7: %v", one.CommandID, err)
	}
	if seconds, _ := id.Time().UnixTime(); seconds != noon.Unix() {
		t.Errorf("%s is of %s", one.CommandID, time.Unix(seconds, 0))
	}
}

func TestTold(t *testing.T) {
	expired := func(c command.Command) command.Command { c.ExpiresAt = noon.Add(-time.Second); return c }
	in := func(state command.State) command.Command {
		return command.Command{State: state, CreatedAt: noon.Add(-time.Minute), ExpiresAt: noon.Add(time.Minute), ErrorCode: "E", ErrorDescription: "D"}
	}
	rejected := in(command.Rejected)
	rejected.Result = []byte(`{"status":"NotSupported"}`)
	for _, test := range []struct {
		commands []command.Command
		state    State
		error    string
	}{
		{[]command.Command{in(command.Queued)}, Queued, ""},
		{[]command.Command{expired(in(command.Queued))}, Expired, ""},
		{[]command.Command{in(command.Sent)}, Sent, ""},
		{[]command.Command{in(command.Accepted)}, Accepted, ""},
		{[]command.Command{rejected}, Rejected, "the charge point answered NotSupported"},
		{[]command.Command{in(command.CallError)}, CallError, "E: D"},
		{[]command.Command{in(command.InvalidResult)}, InvalidResult, "D"},
		{[]command.Command{in(command.TimedOut)}, TimedOut, "D"},
		{[]command.Command{in(command.Expired)}, Expired, "D"},
		{[]command.Command{in(command.Cancelled)}, Cancelled, ""},
		{[]command.Command{in(command.Accepted), in(command.Queued)}, Queued, ""},
		{[]command.Command{in(command.TimedOut), in(command.Sent), in(command.Queued)}, Sent, ""},
		{[]command.Command{in(command.Accepted), in(command.TimedOut), in(command.CallError)}, TimedOut, "D"},
		{[]command.Command{in(command.Accepted), in(command.Accepted)}, Accepted, ""},
	} {
		got := Member{}.Told(test.commands, noon)
		if got.State != test.state || got.Error != test.error || got.Commands != len(test.commands) || got.OrderedAt != noon.Add(-time.Minute) {
			t.Errorf("%v: got %+v, want %s %q", test.commands, got, test.state, test.error)
		}
	}
}

func TestStatesAreThoseOfCommands(t *testing.T) {
	for state, of := range map[State]command.State{
		Queued: command.Queued, Sent: command.Sent, Accepted: command.Accepted, Rejected: command.Rejected, CallError: command.CallError,
		InvalidResult: command.InvalidResult, TimedOut: command.TimedOut, Expired: command.Expired, Cancelled: command.Cancelled,
	} {
		if string(state) != string(of) || state.Final() != of.Final() {
			t.Errorf("%s is not %s", state, of)
		}
	}
	if ToOrder.Final() || !Failed.Final() || !Planned.Final() {
		t.Error("a member that waits is not final, one that failed or was planned is")
	}
}

func TestInterval(t *testing.T) {
	for _, test := range []struct {
		c    Campaign
		want time.Duration
	}{
		{Campaign{Progress: Progress{Phase: Selecting}}, time.Second},
		{Campaign{PerMinute: 1, Progress: Progress{Phase: Ordering}}, time.Minute},
		{Campaign{PerMinute: 60, Progress: Progress{Phase: Ordering}}, 5 * time.Second},
		{Campaign{PerMinute: 3000, Progress: Progress{Phase: Ordering}}, 2 * time.Second},
		{Campaign{PerMinute: MaxPerMinute, Progress: Progress{Phase: Ordering}}, time.Second},
		{Campaign{PerMinute: 1, Progress: Progress{Phase: Ordering, StoppedAt: noon}}, time.Second},
		{Campaign{Progress: Progress{Phase: Waiting, OrderedAt: noon}}, 5 * time.Second},
		{Campaign{Progress: Progress{Phase: Waiting, OrderedAt: noon.Add(-time.Minute)}}, time.Minute},
		{Campaign{Progress: Progress{Phase: Waiting, OrderedAt: noon.Add(-time.Hour)}}, 15 * time.Minute},
		{Campaign{Progress: Progress{Phase: RunningOut, StoppedAt: noon.Add(-time.Minute)}}, time.Minute},
	} {
		if got := test.c.Interval(noon); got != test.want {
			t.Errorf("%+v: %s, want %s", test.c.Progress, got, test.want)
		}
	}
}

func TestDue(t *testing.T) {
	const never = -1
	for _, test := range []struct {
		name      string
		perMinute int
		since     time.Duration // that the campaign is paced
		want      int
		left      time.Duration // of the time that was not used
	}{
		{"the first", 1, never, 1, 0},
		{"nobody yet", 60, 900 * time.Millisecond, 0, 900 * time.Millisecond},
		{"the rest is kept", 60, 5900 * time.Millisecond, 5, 900 * time.Millisecond},
		{"no catching up", 60, time.Hour, 10, 0},
		{"a slow one", 1, 90 * time.Second, 1, 30 * time.Second},
		{"no more than a batch", MaxPerMinute, 1500 * time.Millisecond, MaxBatch, 500 * time.Millisecond},
	} {
		c := Campaign{PerMinute: test.perMinute, Progress: Progress{Phase: Ordering}}
		if test.since != never {
			c.PacedAt = noon.Add(-test.since)
		}
		if got, paced := c.Due(noon); got != test.want || noon.Sub(paced) != test.left {
			t.Errorf("%s: %d and %s, want %d and %s", test.name, got, noon.Sub(paced), test.want, test.left)
		}
	}
}

func TestSummary(t *testing.T) {
	c := Campaign{PerMinute: 60, Timeout: time.Minute, Progress: Progress{Phase: Ordering, StartedAt: noon.Add(-2 * time.Minute), OrderedAt: noon}}
	members := []Member{
		{State: Accepted}, {State: Queued, ExpiresAt: noon.Add(time.Hour)}, {State: Queued, ExpiresAt: noon}, {State: ToOrder}, {State: ToOrder},
		{State: Failed, Code: fault.Offline, Error: "o"}, {State: Failed, Code: fault.NotFound, Error: "n1"}, {State: Failed, Code: fault.NotFound, Error: "n2"},
	}
	got := c.Summarize(members, noon)
	if got.Members != 8 || got.Totals[Accepted] != 1 || got.Totals[Queued] != 1 || got.Totals[Expired] != 1 || got.Totals[ToOrder] != 2 || got.Totals[Failed] != 3 {
		t.Errorf("totals %v", got.Totals)
	}
	if want := (Failure{fault.NotFound, 2, "n2"}); len(got.Failures) != 2 || got.Failures[0] != want {
		t.Errorf("failures %+v", got.Failures)
	}
	if got.Rate != 1 || !got.EstimatedEnd.Equal(noon.Add(2*time.Second)) {
		t.Errorf("rate %v, end %s", got.Rate, got.EstimatedEnd)
	}
	c.Phase = Waiting
	if got := c.Summarize(members[:3], noon); !got.EstimatedEnd.Equal(noon.Add(time.Hour + time.Minute)) {
		t.Errorf("while it waits, the end is %s", got.EstimatedEnd)
	}
	c.StoppedAt = noon
	if got := c.Summarize(members, noon); got.Totals[Cancelled] != 2 || got.Totals[ToOrder] != 0 {
		t.Errorf("stopped: %v", got.Totals)
	}
}

// TestEveryOperation: what needs no body can be rehearsed in some version, and nothing needs more of a desk than there is.
func TestEveryOperation(t *testing.T) {
	for _, kind := range operation.Kinds {
		versions, err := Order{Operation: kind.Name}.Check(t.Context(), dialect.Versions)
		if err != nil && !fault.Is(err, fault.Invalid) || err == nil && len(versions) == 0 {
			t.Errorf("%s: %v %v", kind.Name, versions, err)
		}
		if err != nil && !strings.HasPrefix(err.Error(), "'request' can be said in no version: ocpp1.6") {
			t.Errorf("%s: %v", kind.Name, err)
		}
	}
	for _, name := range []string{"key-rotation", "reset", "remote-start", "clear-cache"} {
		if versions, err := (Order{Operation: name}).Check(t.Context(), dialect.Versions); err != nil || len(versions) != 3 {
			t.Errorf("%s: %v %v", name, versions, err)
		}
	}
	if n, err := (Order{Action: "Reset", Payload: []byte(`{"type":"Soft"}`)}).Rehearse(t.Context(), chargepoint.ChargePoint{ID: "CP1"}, ocppj.V16, nil); n != 1 || err != nil {
		t.Errorf("a CALL: %d, %v", n, err)
	}
}
