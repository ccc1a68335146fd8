package dynamo

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
	"github.com/serverless-ocpp/backend/shared/fault"
)

func newCommands(t *testing.T) *Commands {
	t.Helper()
	return NewCommands(dynamotest.Client(), dynamotest.Table(t, "CommandTable"))
}

func queued(id string, ms int) command.Command {
	return command.Command{
		ChargePointID: "CP001", ID: id, Action: "Reset", Payload: json.RawMessage(`{"type":"Soft"}`), Protocol: "ocpp1.6",
		Origin: command.OriginHTTP, State: command.Queued, CreatedAt: at(ms), ExpiresAt: at(ms + 60_000), Timeout: 30 * time.Second,
	}
}

func TestCommandsWaitInLine(t *testing.T) {
	store := newCommands(t)
	_, err := store.NextQueued(t.Context(), "CP001")
	wantFault(t, err, fault.NotFound)
	for _, c := range []command.Command{queued("z", 1), queued("y", 2), queued("b", 3), queued("a", 3)} {
		must(t, store.Create(t.Context(), c))
	}
	wantFault(t, store.Create(t.Context(), queued("z", 9)), fault.Conflict)
	other := queued("0", 0)
	other.ChargePointID = "CP002"
	must(t, store.Create(t.Context(), other))
	var order []string
	for {
		next, err := store.NextQueued(t.Context(), "CP001")
		if fault.Is(err, fault.NotFound) {
			break
		}
		must(t, err)
		if want := queued(next.ID, 0); string(next.Payload) != string(want.Payload) || next.Timeout != want.Timeout || next.State != command.Queued {
			t.Errorf("next is %+v", next)
		}
		order = append(order, next.ID)
		_, err = store.Send(t.Context(), "CP001", next.ID, at(10), at(30_010))
		must(t, err)
	}
	if want := []string{"z", "y", "a", "b"}; !slices.Equal(order, want) {
		t.Errorf("order %v, want %v", order, want)
	}
}

// lossy delivers each call, but of the first one the answer is lost: the client repeats it.
type lossy struct{ calls int }

func (l *lossy) Do(request *http.Request) (*http.Response, error) {
	response, err := http.DefaultClient.Do(request)
	if l.calls++; l.calls == 1 && err == nil {
		response.Body.Close()
		return nil, io.ErrUnexpectedEOF
	}
	return response, err
}

func TestCreateWhoseAnswerIsLost(t *testing.T) {
	store := newCommands(t)
	options := dynamotest.Client().Options()
	network := &lossy{}
	options.HTTPClient = network
	must(t, NewCommands(dynamodb.New(options), store.name).Create(t.Context(), queued("c1", 0)))
	if network.calls != 3 { // the write, its repetition, and whose command it is
		t.Errorf("%d calls", network.calls)
	}
	wantFault(t, store.Create(t.Context(), queued("c1", 1)), fault.Conflict)
	other := queued("c1", 0)
	other.Payload = json.RawMessage(`{"type":"Hard"}`)
	wantFault(t, store.Create(t.Context(), other), fault.Conflict)
}

func TestCommandComesBackWhole(t *testing.T) {
	store := newCommands(t)
	want := queued("c1", 0)
	want.Origin, want.Operation, want.CampaignID, want.TransactionID = command.OriginCampaign, "remote-start", "campaign", "tx1"
	must(t, store.Create(t.Context(), want))
	got, err := store.Get(t.Context(), "CP001", "c1")
	must(t, err)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestSendWhoseAnswerIsLost(t *testing.T) {
	store := newCommands(t)
	must(t, store.Create(t.Context(), queued("c1", 0)))
	options := dynamotest.Client().Options()
	options.HTTPClient = &lossy{}
	sent, err := NewCommands(dynamodb.New(options), store.name).Send(t.Context(), "CP001", "c1", at(10), at(30_010))
	must(t, err)
	if sent.State != command.Sent || sent.Attempt != 1 {
		t.Errorf("sent %+v", sent)
	}
	_, err = store.Send(t.Context(), "CP001", "c1", at(11), at(30_011)) // another's
	wantFault(t, err, fault.Conflict)
}

func TestSend(t *testing.T) {
	store := newCommands(t)
	must(t, store.Create(t.Context(), queued("c1", 0)))
	sent, err := store.Send(t.Context(), "CP001", "c1", at(10), at(30_010))
	must(t, err)
	want := queued("c1", 0)
	want.State, want.Attempt, want.SentAt, want.Deadline = command.Sent, 1, at(10), at(30_010)
	if !reflect.DeepEqual(sent, want) {
		t.Errorf("got  %+v\nwant %+v", sent, want)
	}
	_, err = store.Send(t.Context(), "CP001", "c1", at(11), at(30_011))
	wantFault(t, err, fault.Conflict)
	_, err = store.Send(t.Context(), "CP001", "c404", at(11), at(30_011))
	wantFault(t, err, fault.Conflict)
	_, err = store.Get(t.Context(), "CP001", "c404")
	wantFault(t, err, fault.NotFound)
}

func TestApply(t *testing.T) {
	for _, test := range []struct {
		event command.Event
		sent  bool // whether the command is sent before
		want  command.State
	}{
		{command.EventAccept, true, command.Accepted},
		{command.EventReject, true, command.Rejected},
		{command.EventError, true, command.CallError},
		{command.EventMisfit, true, command.InvalidResult},
		{command.EventGiveUp, true, command.TimedOut},
		{command.EventExpire, false, command.Expired},
		{command.EventCancel, false, command.Cancelled},
		{command.EventAccept, false, ""},
		{command.EventReturn, false, ""},
		{command.EventExpire, true, ""},
		{command.EventCancel, true, ""},
	} {
		t.Run(fmt.Sprint(test.event, "-", test.sent), func(t *testing.T) {
			store := newCommands(t)
			must(t, store.Create(t.Context(), queued("c1", 0)))
			if test.sent {
				_, err := store.Send(t.Context(), "CP001", "c1", at(10), at(30_010))
				must(t, err)
			}
			want, err := store.Get(t.Context(), "CP001", "c1")
			must(t, err)
			outcome := command.Outcome{
				Event: test.event, At: at(20), Result: json.RawMessage(`{"status":"Accepted"}`),
				ErrorCode: "InternalError", ErrorDescription: "why", ErrorDetails: json.RawMessage(`{}`),
			}
			got, err := store.Apply(t.Context(), "CP001", "c1", outcome)
			if test.want == "" {
				wantFault(t, err, fault.Conflict)
				return
			}
			must(t, err)
			want.State, want.FinishedAt, want.Result = test.want, at(20), outcome.Result
			want.ErrorCode, want.ErrorDescription, want.ErrorDetails = "InternalError", "why", outcome.ErrorDetails
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
			outcome.At = at(21)
			_, err = store.Apply(t.Context(), "CP001", "c1", outcome)
			wantFault(t, err, fault.Conflict)
			_, err = store.NextQueued(t.Context(), "CP001")
			wantFault(t, err, fault.NotFound)
		})
	}
}

// An update whose answer was lost is repeated by the client: whoever ended the command is to know.
func TestApplyWhoseAnswerIsLost(t *testing.T) {
	store := newCommands(t)
	end := command.Outcome{Event: command.EventCancel, At: at(5).Add(123 * time.Microsecond)}
	must(t, store.Create(t.Context(), queued("c1", 0)))
	options := dynamotest.Client().Options()
	options.HTTPClient = &lossy{}
	ended, err := NewCommands(dynamodb.New(options), store.name).Apply(t.Context(), "CP001", "c1", end)
	must(t, err)
	if stored, err := store.Get(t.Context(), "CP001", "c1"); err != nil || !reflect.DeepEqual(ended, stored) || ended.State != command.Cancelled {
		t.Errorf("ended %+v, stored %+v (%v)", ended, stored, err)
	}
	for _, other := range []command.Outcome{
		{Event: command.EventCancel, At: at(6)},
		{Event: command.EventExpire, At: end.At},
		{Event: command.EventReturn, At: end.At},
		{Event: command.EventCancel, At: end.At, Attempt: 1},
	} {
		_, err := store.Apply(t.Context(), "CP001", "c1", other)
		wantFault(t, err, fault.Conflict)
	}
}

func TestApplyToAnAttempt(t *testing.T) {
	store := newCommands(t)
	must(t, store.Create(t.Context(), queued("c1", 0)))
	for range 2 {
		_, err := store.Send(t.Context(), "CP001", "c1", at(10), at(30_010))
		must(t, err)
		_, err = store.Apply(t.Context(), "CP001", "c1", command.Outcome{Event: command.EventReturn, At: at(20)})
		must(t, err)
	}
	_, err := store.Send(t.Context(), "CP001", "c1", at(30), at(30_030))
	must(t, err)
	giveUp := command.Outcome{Event: command.EventGiveUp, At: at(40), Attempt: 2}
	_, err = store.Apply(t.Context(), "CP001", "c1", giveUp)
	wantFault(t, err, fault.Conflict)
	giveUp.Attempt = 3
	_, err = store.Apply(t.Context(), "CP001", "c1", giveUp)
	must(t, err)
}

func TestApplyOfNothing(t *testing.T) {
	store := newCommands(t)
	_, err := store.Apply(t.Context(), "CP001", "c404", command.Outcome{Event: command.EventGiveUp, At: at(0)})
	wantFault(t, err, fault.NotFound)
	_, err = store.Get(t.Context(), "CP001", "c404")
	wantFault(t, err, fault.NotFound)
	must(t, store.Create(t.Context(), queued("c1", 0)))
	_, err = store.Apply(t.Context(), "CP001", "c1", command.Outcome{Event: command.EventSend, At: at(0)})
	wantFault(t, err, fault.Invalid)
}

func TestReturnedCommandIsFirstAgain(t *testing.T) {
	store := newCommands(t)
	must(t, store.Create(t.Context(), queued("z-first", 0)))
	must(t, store.Create(t.Context(), queued("a-second", 1)))
	for attempt := 1; attempt <= 2; attempt++ {
		next, err := store.NextQueued(t.Context(), "CP001")
		must(t, err)
		sent, err := store.Send(t.Context(), "CP001", next.ID, at(10), at(30_010))
		must(t, err)
		if sent.ID != "z-first" || sent.Attempt != attempt {
			t.Errorf("sent %s at attempt %d, want z-first at %d", sent.ID, sent.Attempt, attempt)
		}
		back, err := store.Apply(t.Context(), "CP001", next.ID, command.Outcome{Event: command.EventReturn, At: at(20)})
		must(t, err)
		if back.State != command.Queued || !back.SentAt.IsZero() || !back.Deadline.IsZero() || !back.FinishedAt.IsZero() {
			t.Errorf("returned %+v", back)
		}
	}
}

func TestOneOfTwentyFinishesACommand(t *testing.T) {
	store := newCommands(t)
	must(t, store.Create(t.Context(), queued("c1", 0)))
	errs := atOnce(20, func(i int) error {
		_, err := store.Send(t.Context(), "CP001", "c1", at(i), at(i+30_000))
		return err
	})
	if count(errs, "") != 1 || count(errs, fault.Conflict) != 19 {
		t.Errorf("send: %v", errs)
	}
	events := []command.Event{command.EventAccept, command.EventReject, command.EventGiveUp, command.EventReturn}
	errs = atOnce(20, func(i int) error {
		_, err := store.Apply(t.Context(), "CP001", "c1", command.Outcome{Event: events[i%len(events)], At: at(i)})
		return err
	})
	if count(errs, "") != 1 || count(errs, fault.Conflict) != 19 {
		t.Errorf("apply: %v", errs)
	}
}

func TestCommandsNewestFirst(t *testing.T) {
	store := newCommands(t)
	var ids []string
	for i := range 5 {
		id := command.NewID()
		ids = append([]string{id}, ids...)
		must(t, store.Create(t.Context(), queued(id, i)))
	}
	first, next, err := store.List(t.Context(), "CP001", "", 3)
	must(t, err)
	second, last, err := store.List(t.Context(), "CP001", next, 3)
	must(t, err)
	var got []string
	for _, c := range append(first, second...) {
		got = append(got, c.ID)
	}
	if !slices.Equal(got, ids) || last != "" || len(first) != 3 {
		t.Errorf("got %v and %q, want %v", got, last, ids)
	}
}
