package main

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/token"
)

func TestRemoteStartInEachVersion(t *testing.T) {
	for _, test := range []struct {
		name, body, action string
		want               map[string]any
	}{
		{"1.6", `{"chargePointId":"CP16","idTag":"TAG1","connectorId":2}`, "RemoteStartTransaction", map[string]any{"idTag": "TAG1", "connectorId": 2.0}},
		{"1.6, connector left out", `{"chargePointId":"CP16","idTag":"TAG1","transactionData":{"x":1}}`, "RemoteStartTransaction", map[string]any{"idTag": "TAG1", "connectorId": 1.0}},
		{"2.0.1", `{"chargePointId":"CP201","idTag":"TAG1","connectorId":2}`, "RequestStartTransaction",
			map[string]any{"evseId": 2.0, "idToken": map[string]any{"idToken": "TAG1", "type": "ISO14443"}}},
		{"2.0.1, known token", `{"chargePointId":"CP201","idTag":"de-8aa-1"}`, "RequestStartTransaction",
			map[string]any{"evseId": 1.0, "idToken": map[string]any{"idToken": "de-8aa-1", "type": "eMAID"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t)
			r.must(r.tokens.Put(t.Context(), token.Token{IDToken: "DE-8AA-1", Type: "eMAID", Status: token.Accepted}))
			got := r.do("POST", "/remote-start", test.body).want(202, `"state":"sent"`, test.action+" command sent successfully")
			action, payload := r.posted()
			if startID, is201 := payload["remoteStartId"]; is201 {
				if startID != got.body["remoteStartId"] || startID.(float64) < 1 {
					t.Errorf("remoteStartId %v was sent, %v answered", startID, got.body["remoteStartId"])
				}
				delete(payload, "remoteStartId")
			}
			if action != test.action || !reflect.DeepEqual(payload, test.want) {
				t.Errorf("sent %s %v, want %s %v", action, payload, test.action, test.want)
			}
			r.do("GET", got.header.Get("Location"), "").want(200, `"state":"sent"`, got.body["commandId"].(string))
		})
	}
}

func TestRemoteStartWithoutIDTag(t *testing.T) {
	r := newRig(t)
	r.do("POST", "/remote-start", `{"chargePointId":"CP201"}`).want(202)
	_, payload := r.posted()
	sent := payload["idToken"].(map[string]any)
	made, err := r.tokens.Find(t.Context(), sent["idToken"].(string))
	if err != nil || len(made.IDToken) != 20 || made.Type != "Central" || sent["type"] != "Central" || made.Status != token.Accepted || made.ExpiresAt.Before(time.Now()) {
		t.Errorf("sent %v, stored %+v, %v", sent, made, err)
	}
}

func TestRemoteStop(t *testing.T) {
	for _, test := range []struct {
		body, action string
		want         any
	}{
		{`{"chargePointId":"CP16","transactionId":1234567}`, "RemoteStopTransaction", 1234567.0},
		{`{"chargePointId":"CP16","transactionId":"1234567"}`, "RemoteStopTransaction", 1234567.0},
		{`{"chargePointId":"CP201","transactionId":"tx-1"}`, "RequestStopTransaction", "tx-1"},
		{`{"chargePointId":"CP201","transactionId":42}`, "RequestStopTransaction", "42"},
	} {
		t.Run(test.body, func(t *testing.T) {
			r := newRig(t)
			r.do("POST", "/remote-stop", test.body).want(202)
			if action, payload := r.posted(); action != test.action || payload["transactionId"] != test.want {
				t.Errorf("sent %s %v", action, payload)
			}
		})
	}
}

func TestPreferWait(t *testing.T) {
	for _, test := range []struct{ status, state string }{{"Accepted", "accepted"}, {"Rejected", "rejected"}} {
		r := newRig(t)
		r.answers("CP16", test.status)
		got := r.do("POST", "/remote-start", `{"chargePointId":"CP16","idTag":"TAG1"}`, "Prefer: respond-async, wait=20").want(200)
		if got.body["state"] != test.state || !reflect.DeepEqual(got.body["result"], map[string]any{"status": test.status}) || got.header.Get("Preference-Applied") != "wait=20" {
			t.Errorf("%s %s", got.header, got.text)
		}
	}
	r := newRig(t) // a charge point that does not answer
	r.do("POST", "/remote-start", `{"chargePointId":"CP16","idTag":"TAG1"}`, "Prefer: wait=1").want(202, `"state":"sent"`)
}

func TestAnswersOfThePredecessor(t *testing.T) {
	for _, test := range []struct {
		path, body string
		members    []string
	}{
		{"/remote-start-transaction", `{"chargePointId":"CP201","idTag":"TAG1","connectorId":1,"transactionData":{}}`, []string{"message", "messageId", "chargePointId", "remoteStartId"}},
		{"/remote-stop-transaction", `{"chargePointId":"CP201","transactionId":"tx-1"}`, []string{"message", "messageId", "chargePointId", "transactionId"}},
	} {
		r := newRig(t)
		got := r.do("POST", test.path, test.body).want(200)
		for _, member := range test.members {
			if got.body[member] == nil {
				t.Errorf("%s lacks %s: %s", test.path, member, got.text)
			}
		}
		if len(got.body) != len(test.members) {
			t.Errorf("%s says more than %v: %s", test.path, test.members, got.text)
		}
		r.do("POST", test.path, `{}`).want(400, `"error":"Missing required parameter: 'chargePointId'"`)
	}
	r := newRig(t)
	r.answers("CP201", "Accepted")
	r.do("POST", "/remote-start-transaction", `{"chargePointId":"CP201","idTag":"TAG1"}`, "Prefer: wait=20").want(200, `"state":"accepted"`)
}

func TestCommandsThatAreRefused(t *testing.T) {
	r := newRig(t)
	for _, test := range []struct {
		name, path, body string
		status           int
		says             string
	}{
		{"unknown", "/remote-start", `{"chargePointId":"CP404"}`, 404, "CP404"},
		{"impossible id", "/remote-start", `{"chargePointId":"../x"}`, 404, "no charge point"},
		{"offline", "/remote-start", `{"chargePointId":"CP0"}`, 409, `"code":"offline"`},
		{"never connected", "/remote-start", `{"chargePointId":"CPNEW","expiresInSeconds":60}`, 409, "never connected"},
		{"not accepted", "/remote-start", `{"chargePointId":"CPPENDING"}`, 409, "Pending"},
		{"no transaction", "/remote-stop", `{"chargePointId":"CP16"}`, 400, "'transactionId'"},
		{"1.6 numbers transactions", "/remote-stop", `{"chargePointId":"CP16","transactionId":"tx-1"}`, 422, "'transactionId'"},
		{"a list as transaction", "/remote-stop", `{"chargePointId":"CP16","transactionId":[1]}`, 400, "'transactionId'"},
		{"id tag too long", "/remote-start", `{"chargePointId":"CP16","idTag":"123456789012345678901"}`, 422, "/idTag"},
		{"transaction id too long", "/remote-stop", `{"chargePointId":"CP201","transactionId":"` + strings.Repeat("x", 37) + `"}`, 422, "/transactionId"},
		{"connector 0", "/remote-start", `{"chargePointId":"CP16","connectorId":0}`, 422, "'connectorId'"},
		{"connector as text", "/remote-start", `{"chargePointId":"CP16","connectorId":"one"}`, 400, "a connector must be written as 1"},
		{"timeout 0", "/remote-start", `{"chargePointId":"CP16","timeoutSeconds":0}`, 422, "'timeoutSeconds'"},
		{"timeout too long", "/remote-start", `{"chargePointId":"CP16","timeoutSeconds":901}`, 422, "'timeoutSeconds'"},
		{"expiry below 0", "/remote-stop", `{"chargePointId":"CP16","transactionId":1,"expiresInSeconds":-1}`, 422, "'expiresInSeconds'"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r.T = t
			r.do("POST", test.path, test.body).want(test.status, test.says)
		})
	}
	if len(r.posts) != 0 {
		t.Errorf("sent %s", r.posts)
	}
}

func TestWaitingCommandIsSentAfterTheNextConnect(t *testing.T) {
	r := newRig(t)
	got := r.do("POST", "/remote-start", `{"chargePointId":"CP0","idTag":"TAG1","expiresInSeconds":3600,"timeoutSeconds":60}`).want(202, `"state":"queued"`, "stored")
	_, err := r.chargePoints.Open(t.Context(), "CP0", chargepoint.Session{ConnectionID: "c2", Protocol: "ocpp1.6", ConnectedAt: time.Now(), Open: true})
	r.must(err)
	r.must(r.dispatcher.Drain(t.Context(), "CP0"))
	r.posted()
	r.do("GET", got.header.Get("Location"), "").want(200, `"state":"sent"`, `"timeoutSeconds":60`)
}

func TestConnectionThatTurnsOutToBeGone(t *testing.T) {
	for _, test := range []struct {
		expires, wait int
		status        int
	}{{0, 25, 409}, {60, 1, 202}} {
		r := newRig(t)
		r.onPost = func(string) error { return fault.New(fault.Gone, "gone") }
		began := time.Now()
		r.do("POST", "/remote-start", fmt.Sprintf(`{"chargePointId":"CP16","idTag":"TAG1","expiresInSeconds":%d}`, test.expires), "Prefer: wait="+strconv.Itoa(test.wait)).want(test.status)
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("waited %s for an answer that nobody will give", took)
		}
		commands := r.do("GET", "/charge-points/CP16/commands", "").want(200).body["commands"].([]any)
		want := map[int]string{409: "cancelled", 202: "queued"}[test.status]
		if state := commands[0].(map[string]any)["state"]; state != want {
			t.Errorf("the command is %v, want %s", state, want)
		}
	}
}

func TestUnconfirmedSendIsNoFailure(t *testing.T) {
	r := newRig(t)
	r.onPost = func(string) error { return errors.New("connection reset by peer") }
	r.do("POST", "/remote-start", `{"chargePointId":"CP16","idTag":"TAG1"}`).want(202, `"state":"sent"`)
}

func TestStoredCommandIsNoFailureThoughItCannotBeRead(t *testing.T) {
	r := newRig(t)
	r.api.Commands = unreadable{r.api.Commands}
	r.do("POST", "/remote-start", `{"chargePointId":"CP16","idTag":"TAG1"}`).want(202, `"state":"queued"`)
	r.posted()
}

// unreadable is a command table of which reads fail.
type unreadable struct{ command.Store }

func (unreadable) Get(context.Context, string, string) (command.Command, error) {
	return command.Command{}, fault.New(fault.Throttled, "the table is busy")
}
