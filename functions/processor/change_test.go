package main

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/reservation"
)

// chargePoint reads the row of CP001.
func (r *rig) chargePoint() chargepoint.ChargePoint {
	r.t.Helper()
	cp, err := r.chargePoints.Get(r.t.Context(), "CP001")
	r.must(err)
	return cp
}

func (r *rig) order16(id, operation, action, payload string) {
	r.t.Helper()
	r.order(command.Command{ID: id, Operation: operation, Action: action, Protocol: "ocpp1.6", Payload: json.RawMessage(payload)})
}

func (r *rig) order2(id, action, payload string) {
	r.t.Helper()
	r.order(command.Command{ID: id, Action: action, Protocol: "ocpp2.0.1", Payload: json.RawMessage(payload)})
}

func TestKeyRotationIsSettledByTheAnswer(t *testing.T) {
	for _, test := range []struct {
		name, answer string
		pending      bool // still
		taken        bool // the new key is the only one
	}{
		{"accepted", `[3,"c1",{"status":"Accepted"}]`, false, true},
		{"rejected", `[3,"c1",{"status":"Rejected"}]`, false, false},
		{"error", `[4,"c1","InternalError","",{}]`, false, false},
		{"after a boot", `[3,"c1",{"status":"RebootRequired"}]`, true, false},
		{"nonsense", `[3,"c1",{"status":"Perhaps"}]`, true, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t)
			key := chargepoint.NewKey()
			r.must(r.chargePoints.Propose(t.Context(), "CP001", chargepoint.PendingKey{Hash: chargepoint.Hash(key), CommandID: "c1"}))
			r.order16("c1", "key-rotation", "ChangeConfiguration", `{"key":"AuthorizationKey","value":"***"}`)
			for range 2 { // every record may come again
				r.process("ocpp1.6", test.answer, "")
			}
			cp := r.chargePoint()
			if pending := len(cp.PendingKeys) > 0; pending != test.pending || chargepoint.Matches(cp.Credential, key) != test.taken {
				t.Errorf("%+v", cp)
			}
		})
	}
}

// An answer that comes after its command was given up still says what the charge point did.
func TestLateAnswerCounts(t *testing.T) {
	r := newRig(t)
	r.order16("c1", "security-profile", "ChangeConfiguration", `{"key":"SecurityProfile","value":"2"}`)
	_, err := r.commands.Apply(t.Context(), "CP001", "c1", command.Outcome{Event: command.EventGiveUp, At: now})
	r.must(err)
	r.process("ocpp1.6", `[3,"c1",{"status":"Accepted"}]`, "")
	if cp := r.chargePoint(); cp.SecurityProfile != 2 {
		t.Errorf("security profile %d", cp.SecurityProfile)
	}
	if got := r.known()["/securityprofile"]; got != "2" {
		t.Errorf("the variable is %q", got)
	}
}

func TestListVersionIsTold(t *testing.T) {
	r := newRig(t)
	r.order16("c1", "", "GetLocalListVersion", `{}`)
	r.process("ocpp1.6", `[3,"c1",{"listVersion":7}]`, "")
	next, err := r.chargePoints.NextListVersion(t.Context(), "CP001")
	r.must(err)
	if next != 8 {
		t.Errorf("the next version is %d", next)
	}
}

// reserve notes a reservation, and the command that asks for it.
func (r *rig) reserve(state reservation.State) {
	r.t.Helper()
	r.must(r.reservations.Put(r.t.Context(), reservation.Reservation{
		ChargePointID: "CP001", ID: 7, Connector: "1", IDToken: "TAG", ExpiresAt: now.Add(time.Hour), State: state, CommandID: "c1", ChangedAt: now,
	}))
	r.order16("c1", "reserve", "ReserveNow", `{"reservationId":7,"connectorId":1,"idTag":"TAG","expiryDate":"2026-03-01T13:00:00Z"}`)
}

func TestReservationIsFollowed(t *testing.T) {
	started := `[2,"1","StartTransaction",{"connectorId":1,"idTag":"TAG","meterStart":0,"reservationId":7,"timestamp":"2026-03-01T11:00:00Z"}]`
	for _, test := range []struct {
		name, protocol  string
		before          reservation.State
		message, answer string
		want            reservation.State
	}{
		{"accepted", "ocpp1.6", reservation.Requested, `[3,"c1",{"status":"Accepted"}]`, ``, reservation.Reserved},
		{"occupied", "ocpp1.6", reservation.Requested, `[3,"c1",{"status":"Occupied"}]`, ``, reservation.Rejected},
		{"cancelled", "ocpp1.6", reservation.Reserved, `[3,"cancel",{"status":"Accepted"}]`, ``, reservation.Cancelled},
		{"not cancelled", "ocpp1.6", reservation.Reserved, `[3,"cancel",{"status":"Rejected"}]`, ``, reservation.Reserved},
		{"used", "ocpp1.6", reservation.Reserved, started, `[3,"1",{"transactionId":42,"idTagInfo":{"status":"Accepted"}}]`, reservation.Used},
		{"expired", "ocpp2.0.1", reservation.Reserved, `[2,"1","ReservationStatusUpdate",{"reservationId":7,"reservationUpdateStatus":"Expired"}]`, `[3,"1",{}]`, reservation.Expired},
		{"removed", "ocpp2.0.1", reservation.Reserved, `[2,"1","ReservationStatusUpdate",{"reservationId":7,"reservationUpdateStatus":"Removed"}]`, `[3,"1",{}]`, reservation.Removed},
		{"nothing charged", "ocpp2.1", reservation.Reserved, `[2,"1","ReservationStatusUpdate",{"reservationId":7,"reservationUpdateStatus":"NoTransaction"}]`, `[3,"1",{}]`, reservation.Used},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t)
			r.reserve(test.before)
			r.order16("cancel", "", "CancelReservation", `{"reservationId":7}`)
			for range 2 { // every record may come again
				r.process(test.protocol, test.message, test.answer)
			}
			got, _, err := r.reservations.List(t.Context(), "CP001", "", 10)
			r.must(err)
			if len(got) != 1 || got[0].State != test.want || (got[0].TransactionID == "42") != (test.name == "used") {
				t.Errorf("%+v", got)
			}
		})
	}
}

// brokenKeys stand for a table that cannot be written.
type brokenKeys struct{ chargepoint.Keys }

func (brokenKeys) Settle(context.Context, string, string, bool) error {
	return errors.New("DynamoDB is down")
}

// What follows from an answer comes first: finished, the command would not be looked at again.
func TestCommandIsNotFinishedBeforeWhatFollowsFromIt(t *testing.T) {
	r := newRig(t)
	r.handler.Effects.Keys = brokenKeys{}
	r.order16("c1", "key-rotation", "ChangeConfiguration", `{"key":"AuthorizationKey","value":"***"}`)
	response, err := r.handler.Handle(t.Context(), events.SQSEvent{Records: []events.SQSMessage{r.sqsMessage("m", "CP001", record("CP001", "ocpp1.6", `[3,"c1",{"status":"Accepted"}]`, ""))}})
	r.must(err)
	if len(response.BatchItemFailures) != 1 || len(r.finished) != 0 {
		t.Errorf("failed %v, finished %v", response.BatchItemFailures, r.finished)
	}
}
