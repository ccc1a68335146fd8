package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/serverless-ocpp/backend/shared/dynamo"
)

// logged are the frames in the message log of CP001, newest first, as "direction action frame".
func (r *rig) logged() []string {
	r.t.Helper()
	messages, _, err := r.messages.List(r.t.Context(), "CP001", "", 100)
	r.must(err)
	var frames []string
	for _, m := range messages {
		if m.MessageID == "" || m.ConnectionID != "connection=" || !m.At.Equal(now) {
			r.t.Errorf("logged %+v", m)
		}
		frames = append(frames, strings.TrimSpace(string(m.Direction)+" "+m.Action)+" "+string(m.Frame))
	}
	return frames
}

func TestFramesAreLogged(t *testing.T) {
	const call, answer = `[2,"1","FirmwareStatusNotification",{"status":"Idle"}]`, `[3,"1",{}]`
	r := newRig(t)
	for range 2 { // every record may come again
		r.process("ocpp1.6", call, answer)
	}
	if want := []string{"out FirmwareStatusNotification " + answer, "in FirmwareStatusNotification " + call}; !slices.Equal(r.logged(), want) {
		t.Errorf("logged %v", r.logged())
	}
}

func TestAnswersAreLoggedUnderTheActionOfTheirCommand(t *testing.T) {
	r := newRig(t)
	r.ask("c1", "ocpp1.6", "GetConfiguration")
	secret := `[3,"c1",{"configurationKey":[{"key":"AuthorizationKey","readonly":false,"value":"0102"}]}]`
	r.process("ocpp1.6", secret, "")
	r.process("ocpp1.6", `[4,"c9","InternalError","",{}]`, "") // an answer to nothing
	masked := strings.Replace(secret, "0102", "***", 1)
	if want := []string{`in [4,"c9","InternalError","",{}]`, "in GetConfiguration " + masked}; !slices.Equal(r.logged(), want) {
		t.Errorf("logged %v", r.logged())
	}
	if got := string(r.patches[0]); strings.Contains(got, "0102") || !strings.Contains(got, "***") {
		t.Errorf("the shadow: %s", got)
	}
	if value, has := r.known()["/authorizationkey"]; !has || value != "" {
		t.Errorf("the variable: %q, known: %v", value, has)
	}
}

// badLog cannot keep the frames of one charge point.
type badLog struct{ calls int }

func (l *badLog) Received(_ context.Context, exchanges []dynamo.Exchange) error {
	l.calls++
	if slices.ContainsFunc(exchanges, func(e dynamo.Exchange) bool { return e.ChargePointID == "CP002" }) {
		return errors.New("validation failed")
	}
	return nil
}

// The frames of a batch are kept in one call; those that cannot be kept hold up their own charge point alone.
func TestFramesThatAreNotLoggedComeAgain(t *testing.T) {
	for _, test := range []struct {
		groups []string
		failed []string
		calls  int
	}{
		{[]string{"CP001", "CP001", "CP003"}, nil, 1},
		{[]string{"CP001", "CP002", "CP003", "CP002"}, []string{"1", "3"}, 4},
		{[]string{"CP002"}, []string{"0"}, 1},
	} {
		r, log := newRig(t), &badLog{}
		r.handler.Log = log
		var batch events.SQSEvent
		for number, group := range test.groups {
			batch.Records = append(batch.Records, r.sqsMessage(fmt.Sprint(number), group, record(group, "ocpp1.6", `[2,"1","FirmwareStatusNotification",{"status":"Idle"}]`, `[3,"1",{}]`)))
		}
		response, err := r.handler.Handle(t.Context(), batch)
		r.must(err)
		var failed []string
		for _, failure := range response.BatchItemFailures {
			failed = append(failed, failure.ItemIdentifier)
		}
		if !slices.Equal(failed, test.failed) || log.calls != test.calls {
			t.Errorf("%v: %v came back after %d calls", test.groups, failed, log.calls)
		}
	}
}

func TestLogIsSwitchedOff(t *testing.T) {
	r := newRig(t)
	r.handler.Log = noLog{}
	r.process("ocpp1.6", `[2,"1","FirmwareStatusNotification",{"status":"Idle"}]`, `[3,"1",{}]`)
	if got := r.logged(); len(got) != 0 {
		t.Errorf("logged %v", got)
	}
}
