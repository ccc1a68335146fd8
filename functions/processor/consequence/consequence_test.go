package consequence

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/variable"
)

var at = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// Answers that are none: a CALLERROR, and a result against its schema.
const (
	callError = "CALLERROR"
	misfit    = "misfit"
)

// cases are what answers to an action change.
type cases []struct {
	name, operation, action, payload, result string
	want                                     []Change
}

func (table cases) test(t *testing.T) {
	t.Helper()
	for _, test := range table {
		outcome := command.Outcome{Event: command.EventAccept, At: at, Result: json.RawMessage(test.result)}
		switch test.result {
		case callError:
			outcome.Event, outcome.Result, outcome.ErrorCode = command.EventError, nil, "InternalError"
		case misfit:
			outcome.Event, outcome.Result = command.EventMisfit, json.RawMessage(`{"status":"Accepted"}`)
		}
		got := Of(command.Command{Operation: test.operation, Action: test.action, Payload: json.RawMessage(test.payload)}, outcome)
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %+v, want %+v", test.name, got, test.want)
		}
	}
}

func changes(of ...Change) []Change { return of }

func TestAnswersWithoutConsequences(t *testing.T) {
	cases{
		{"another action", "reset", "Reset", `{"type":"Soft"}`, `{"status":"Accepted"}`, nil},
		{"a payload of another shape", "", "ReserveNow", `{"reservationId":"seven"}`, `{"status":"Accepted"}`, nil},
		{"no payload", "", "CancelReservation", ``, `{"status":"Accepted"}`, nil},
		{"no result", "", "SendLocalList", `{"listVersion":7}`, ``, nil},
	}.test(t)
}

func TestReservations(t *testing.T) {
	cases{
		{"1.6 accepted", "reserve", "ReserveNow", `{"reservationId":7,"connectorId":1}`, `{"status":"Accepted"}`, changes(ReservationAnswered{7, true})},
		{"2.x accepted", "reserve", "ReserveNow", `{"id":7}`, `{"status":"Accepted"}`, changes(ReservationAnswered{7, true})},
		{"a name that differs in its case", "reserve", "ReserveNow", `{"reservationId":7,"ReservationId":8}`, `{"status":"Occupied","Status":"Accepted"}`, changes(ReservationAnswered{7, false})},
		{"occupied", "reserve", "ReserveNow", `{"reservationId":7}`, `{"status":"Occupied"}`, changes(ReservationAnswered{7, false})},
		{"not processed", "reserve", "ReserveNow", `{"reservationId":7}`, callError, changes(ReservationAnswered{7, false})},
		{"off schema", "reserve", "ReserveNow", `{"reservationId":7}`, misfit, nil},
		{"as a CALL", "", "ReserveNow", `{"reservationId":7}`, `{"status":"Accepted"}`, changes(ReservationAnswered{7, true})},
		{"cancelled", "", "CancelReservation", `{"reservationId":7}`, `{"status":"Accepted"}`, changes(ReservationCancelled{7})},
		{"not cancelled", "", "CancelReservation", `{"reservationId":7}`, `{"status":"Rejected"}`, nil},
		{"not cancelled for an error", "", "CancelReservation", `{"reservationId":7}`, callError, nil},
	}.test(t)
}

func TestLocalLists(t *testing.T) {
	cases{
		{"1.6 sent", "", "SendLocalList", `{"listVersion":7,"updateType":"Full"}`, `{"status":"Accepted"}`, changes(ListVersionTold{7})},
		{"2.x sent", "", "SendLocalList", `{"versionNumber":7,"updateType":"Full"}`, `{"status":"Accepted"}`, changes(ListVersionTold{7})},
		{"version mismatch", "", "SendLocalList", `{"listVersion":7}`, `{"status":"VersionMismatch"}`, nil},
		{"1.6 told", "", "GetLocalListVersion", `{}`, `{"listVersion":7}`, changes(ListVersionTold{7})},
		{"2.x told", "", "GetLocalListVersion", `{}`, `{"versionNumber":7}`, changes(ListVersionTold{7})},
		{"not supported", "", "GetLocalListVersion", `{}`, `{"listVersion":-1}`, nil},
		{"empty", "", "GetLocalListVersion", `{}`, `{"versionNumber":0}`, nil},
		{"not processed", "", "GetLocalListVersion", `{}`, callError, nil},
	}.test(t)
}

func TestKeyRotation(t *testing.T) {
	change := `{"key":"AuthorizationKey","value":"0102"}`
	set := `{"setVariableData":[{"attributeValue":"pw","component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}}]}`
	result := func(word string) string {
		return `{"setVariableResult":[{"attributeStatus":"` + word + `","component":{"name":"SecurityCtrlr"},"variable":{"name":"basicauthpassword"}}]}`
	}
	cases{
		{"1.6 accepted", command.KeyRotation, "ChangeConfiguration", change, `{"status":"Accepted"}`, changes(KeySettled{true})},
		{"1.6 rejected", command.KeyRotation, "ChangeConfiguration", change, `{"status":"Rejected"}`, changes(KeySettled{false})},
		{"1.6 not supported", command.KeyRotation, "ChangeConfiguration", change, `{"status":"NotSupported"}`, changes(KeySettled{false})},
		{"1.6 after a boot", command.KeyRotation, "ChangeConfiguration", change, `{"status":"RebootRequired"}`, nil},
		{"1.6 not processed", command.KeyRotation, "ChangeConfiguration", change, callError, changes(KeySettled{false})},
		{"1.6 off schema", command.KeyRotation, "ChangeConfiguration", change, misfit, nil},
		{"1.6 without the operation", "", "ChangeConfiguration", change, `{"status":"Accepted"}`, nil},
		{"2.x accepted", command.KeyRotation, "SetVariables", set, result("Accepted"), changes(KeySettled{true})},
		{"2.x rejected", command.KeyRotation, "SetVariables", set, result("UnknownVariable"), changes(KeySettled{false})},
		{"2.x after a boot", command.KeyRotation, "SetVariables", set, result("RebootRequired"), nil},
		{"2.x says nothing of it", command.KeyRotation, "SetVariables", set, `{"setVariableResult":[]}`, nil},
		{"2.x not processed", command.KeyRotation, "SetVariables", set, callError, changes(KeySettled{false})},
		{"2.1 profile accepted", command.KeyRotation, "SetNetworkProfile", `{"connectionData":{"basicAuthPassword":"pw"}}`, `{"status":"Accepted"}`, changes(KeySettled{true})},
		{"2.1 profile failed", command.KeyRotation, "SetNetworkProfile", `{"connectionData":{"basicAuthPassword":"pw"}}`, `{"status":"Failed"}`, changes(KeySettled{false})},
	}.test(t)
}

func TestSecurityProfile(t *testing.T) {
	change := `{"key":"SecurityProfile","value":"2"}`
	stored := changes(ProfileRaised{2}, VariablesSet{[]variable.Variable{{Variable: variable.Name{Name: "SecurityProfile"}, Value: "2", ReceivedAt: at}}})
	profile := `{"configurationSlot":1,"connectionData":{"securityProfile":3}}`
	cases{
		{"1.6 accepted", securityProfile, "ChangeConfiguration", change, `{"status":"Accepted"}`, stored},
		{"1.6 after a boot", securityProfile, "ChangeConfiguration", change, `{"status":"RebootRequired"}`, stored[1:]},
		{"1.6 rejected", securityProfile, "ChangeConfiguration", change, `{"status":"Rejected"}`, nil},
		{"1.6 without the operation", "", "ChangeConfiguration", change, `{"status":"Accepted"}`, stored[1:]},
		{"no profile", securityProfile, "ChangeConfiguration", `{"key":"SecurityProfile","value":""}`, `{"status":"Rejected"}`, nil},
		{"2.x accepted", securityProfile, "SetNetworkProfile", profile, `{"status":"Accepted"}`, changes(ProfileRaised{3})},
		{"2.x rejected", securityProfile, "SetNetworkProfile", profile, `{"status":"Rejected"}`, nil},
		{"2.x without the operation", "", "SetNetworkProfile", profile, `{"status":"Accepted"}`, nil},
	}.test(t)
}

func TestNewValues(t *testing.T) {
	heartbeat := variable.Variable{Variable: variable.Name{Name: "HeartbeatInterval"}, Value: "300", ReceivedAt: at}
	interval := variable.Variable{
		Component: variable.Component{Name: "OCPPCommCtrlr", EVSE: &variable.EVSE{ID: 1}}, Variable: variable.Name{Name: "MessageTimeout", Instance: "Default"}, Value: "30", ReceivedAt: at,
	}
	set := `{"setVariableData":[
		{"attributeValue":"30","component":{"name":"OCPPCommCtrlr","evse":{"id":1}},"variable":{"name":"MessageTimeout","instance":"Default"}},
		{"attributeType":"Target","attributeValue":"5","component":{"name":"C"},"variable":{"name":"V"}},
		{"attributeValue":"x","component":{"name":"C"},"variable":{"name":"W"}},
		{"attributeValue":"pw","component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}}]}`
	result := `{"setVariableResult":[
		{"attributeStatus":"Rejected","component":{"name":"C"},"variable":{"name":"W"}},
		{"attributeStatus":"Accepted","attributeType":"Target","component":{"name":"C"},"variable":{"name":"V"}},
		{"attributeStatus":"Accepted","component":{"name":"ocppcommctrlr","evse":{"id":1}},"variable":{"name":"MessageTimeout","instance":"Default"}},
		{"attributeStatus":"Accepted","component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}}]}`
	cases{
		{"1.6 accepted", "", "ChangeConfiguration", `{"key":"HeartbeatInterval","value":"300"}`, `{"status":"Accepted"}`, changes(VariablesSet{[]variable.Variable{heartbeat}})},
		{"1.6 after a boot", "", "ChangeConfiguration", `{"key":"HeartbeatInterval","value":"300"}`, `{"status":"RebootRequired"}`, changes(VariablesSet{[]variable.Variable{heartbeat}})},
		{"1.6 rejected", "", "ChangeConfiguration", `{"key":"HeartbeatInterval","value":"300"}`, `{"status":"Rejected"}`, nil},
		{"1.6 secret", "", "ChangeConfiguration", `{"key":"authorizationkey","value":"0102"}`, `{"status":"Accepted"}`, nil},
		{"2.x", "", "SetVariables", set, result, changes(VariablesSet{[]variable.Variable{interval}})},
		{"2.x not processed", "", "SetVariables", set, callError, nil},
	}.test(t)
}
