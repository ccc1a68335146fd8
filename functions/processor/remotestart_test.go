package main

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// led reads which command a transaction came from, and which transaction command c1 led to.
func (r *rig) led(transactionID string) (commandID, linked string) {
	r.t.Helper()
	started, err := r.transactions.Get(r.t.Context(), "CP001", transactionID)
	r.must(err)
	asked, err := r.commands.Get(r.t.Context(), "CP001", "c1")
	r.must(err)
	return started.CommandID, asked.TransactionID
}

func TestTransactionIsLinkedWithItsRemoteStart(t *testing.T) {
	ask16 := command.Command{ID: "c1", Action: "RemoteStartTransaction", Protocol: "ocpp1.6", Payload: json.RawMessage(`{"connectorId":1,"idTag":"tag"}`)}
	ask2 := command.Command{ID: "c1", Action: "RequestStartTransaction", Protocol: "ocpp2.0.1", Payload: json.RawMessage(`{"remoteStartId":7,"idToken":{"idToken":"TAG","type":"ISO14443"}}`)}
	start16 := func(connector, tag string) (message, answer string) {
		return `[2,"1","StartTransaction",{"connectorId":` + connector + `,"idTag":"` + tag + `","meterStart":0,"timestamp":"2026-03-01T12:00:00Z"}]`, `[3,"1",{"transactionId":42,"idTagInfo":{"status":"Accepted"}}]`
	}
	event2At := func(timestamp, kind, info string) (message, answer string) {
		return `[2,"1","TransactionEvent",{"eventType":"` + kind + `","timestamp":"` + timestamp + `","triggerReason":"RemoteStart","seqNo":0,"transactionInfo":{"transactionId":"42"` + info + `},"evse":{"id":1}}]`, `[3,"1",{}]`
	}
	event2 := func(kind, info string) (message, answer string) { return event2At("2026-03-01T12:00:00Z", kind, info) }
	for _, test := range []struct {
		name    string
		asked   command.Command
		message func() (message, answer string)
		want    bool
	}{
		{name: "1.6", asked: ask16, message: func() (string, string) { return start16("1", "TAG") }, want: true},
		{name: "1.6 another token", asked: ask16, message: func() (string, string) { return start16("1", "OTHER") }},
		{name: "1.6 another connector", asked: ask16, message: func() (string, string) { return start16("2", "TAG") }},
		{name: "2.x", asked: ask2, message: func() (string, string) { return event2("Started", `,"remoteStartId":7`) }, want: true},
		{name: "2.x with the start lost", asked: ask2, message: func() (string, string) { return event2("Updated", `,"remoteStartId":7`) }, want: true},
		{name: "2.x by a clock that was never set", asked: ask2, message: func() (string, string) { return event2At("2000-01-01T00:00:00Z", "Started", `,"remoteStartId":7`) }, want: true},
		{name: "2.x another number", asked: ask2, message: func() (string, string) { return event2("Started", `,"remoteStartId":8`) }},
		{name: "2.x not started remotely", asked: ask2, message: func() (string, string) { return event2("Started", ``) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t)
			r.order(test.asked)
			if test.asked.Protocol == "ocpp1.6" {
				r.must(r.transactions.Begin(t.Context(), transaction.Transaction{ChargePointID: "CP001", ID: "42"})) // as before the answer
			}
			message, answer := test.message()
			for range 2 { // every record may come again
				r.process(test.asked.Protocol, message, answer)
			}
			commandID, linked := r.led("42")
			if (commandID == "c1") != test.want || (linked == "42") != test.want {
				t.Errorf("transaction of command %q, command of transaction %q", commandID, linked)
			}
			for _, told := range r.told {
				if got := told.Data.(event.Transaction).CommandID; got != commandID {
					t.Errorf("told of command %q", got)
				}
			}
		})
	}
}

// The driver asked again, for the first remote start was never answered: the transaction is that of the second.
func TestTransactionIsLinkedWithTheRemoteStartThatWasAccepted(t *testing.T) {
	for _, test := range []struct {
		name  string
		first command.Event // what became of it; "": it is still open
	}{
		{name: "still open"},
		{name: "timed out", first: command.EventGiveUp},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t)
			settle := func(id string, what command.Event) {
				_, err := r.commands.Apply(t.Context(), "CP001", id, command.Outcome{Event: what, At: now})
				r.must(err)
			}
			for _, id := range []string{"c0", "c1"} {
				r.order(command.Command{ID: id, Action: "RemoteStartTransaction", Protocol: "ocpp1.6", Payload: json.RawMessage(`{"connectorId":1,"idTag":"TAG"}`)})
			}
			if test.first != "" {
				settle("c0", test.first)
			}
			settle("c1", command.EventAccept)
			r.must(r.transactions.Begin(t.Context(), transaction.Transaction{ChargePointID: "CP001", ID: "42"})) // as before the answer
			message, answer := start16("42", "12:00:00")
			for range 2 { // every record may come again
				r.process("ocpp1.6", message, answer)
			}
			if commandID, linked := r.led("42"); commandID != "c1" || linked != "42" {
				t.Errorf("transaction of command %q, command of transaction %q", commandID, linked)
			}
		})
	}
}

// brokenLink fails where the transaction is noted with its command.
type brokenLink struct {
	*dynamo.Commands
	broken bool
}

func (b *brokenLink) Link(ctx context.Context, chargePointID, commandID, transactionID string) error {
	if b.broken {
		return errors.New("DynamoDB is down")
	}
	return b.Commands.Link(ctx, chargePointID, commandID, transactionID)
}

func TestLinkIsMadeWhenTheRecordComesAgain(t *testing.T) {
	r := newRig(t)
	link := &brokenLink{r.commands, true}
	r.handler.Effects.RemoteStarts = link
	r.order(command.Command{ID: "c1", Action: "RemoteStartTransaction", Protocol: "ocpp1.6", Payload: json.RawMessage(`{"idTag":"TAG"}`)})
	message, answer := start16("42", "12:00:00")
	response, err := r.handler.Handle(t.Context(), events.SQSEvent{Records: []events.SQSMessage{r.sqsMessage("m", "CP001", record("CP001", "ocpp1.6", message, answer))}})
	r.must(err)
	if len(response.BatchItemFailures) != 1 {
		t.Fatal("the record does not come again")
	}
	link.broken = false
	r.process("ocpp1.6", message, answer)
	if commandID, linked := r.led("42"); commandID != "c1" || linked != "42" {
		t.Errorf("transaction of command %q, command of transaction %q", commandID, linked)
	}
}
