package main

import (
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/command"
)

// A result that breaks its schema is told apart from an answer, and a charge point of 2.1 is told so.
// Specification: OCPP 2.1 part 4 section 4.2.3.
func TestResultThatBreaksItsSchema(t *testing.T) {
	for _, test := range []struct {
		name, protocol, action, result string
		want                           command.Event
		code                           string
		told                           bool
	}{
		{"conforms", "ocpp1.6", "Reset", `{"status":"Accepted"}`, command.EventAccept, "", false},
		{"unknown status in 1.6", "ocpp1.6", "Reset", `{"status":"Perhaps"}`, command.EventMisfit, "PropertyConstraintViolation", false},
		{"a list in 1.6", "ocpp1.6", "Reset", `["Accepted"]`, command.EventMisfit, "FormationViolation", false},
		{"a word in 2.1", "ocpp2.1", "Reset", `"Accepted"`, command.EventMisfit, "FormatViolation", true},
		{"nothing in 1.6", "ocpp1.6", "Reset", `{}`, command.EventMisfit, "OccurenceConstraintViolation", false},
		{"nothing in 2.0.1", "ocpp2.0.1", "Reset", `{}`, command.EventMisfit, "OccurrenceConstraintViolation", false},
		{"nothing in 2.1", "ocpp2.1", "Reset", `{}`, command.EventMisfit, "OccurrenceConstraintViolation", true},
		{"a field too many is tolerated", "ocpp2.1", "Reset", `{"status":"Rejected","extra":1}`, command.EventReject, "", false},
		{"a field of the same name but for its case", "ocpp2.1", "Reset", `{"status":"Rejected","Status":"Accepted"}`, command.EventReject, "", false},
		{"a field twice", "ocpp2.1", "Reset", `{"status":"Accepted","status":"Rejected"}`, command.EventMisfit, "OccurrenceConstraintViolation", true},
		{"firmware that is unpublished", "ocpp2.0.1", "UnpublishFirmware", `{"status":"Unpublished"}`, command.EventAccept, "", false},
		{"firmware that was not published", "ocpp2.0.1", "UnpublishFirmware", `{"status":"NoFirmware"}`, command.EventReject, "", false},
		{"one tariff of two", "ocpp2.1", "ClearTariffs", `{"clearTariffsResult":[{"tariffId":"A","status":"Rejected"},{"tariffId":"B","status":"Accepted"}]}`, command.EventAccept, "", false},
		{"no tariff", "ocpp2.1", "ClearTariffs", `{"clearTariffsResult":[{"tariffId":"A","status":"Rejected"}]}`, command.EventReject, "", false},
		{"a field too many where it is strict", "ocpp1.6", "Reset", `{"status":"Rejected","extra":1}`, command.EventMisfit, "FormationViolation", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t)
			r.ask("c1", test.protocol, test.action)
			r.strict = strings.HasSuffix(test.name, "strict")
			r.process(test.protocol, `[3,"c1",`+test.result+`]`, "")
			got, kept := r.finished[0], test.result
			if !strings.HasPrefix(kept, "{") {
				kept = ""
			}
			if got.Event != test.want || got.ErrorCode != test.code || string(got.Result) != kept {
				t.Errorf("outcome %+v", got)
			}
			if told := len(r.posted) == 1 && strings.HasPrefix(r.posted[0], `connection= [5,"c1","`+test.code+`",`); told != test.told {
				t.Errorf("posted %v", r.posted)
			}
			if answered := len(r.patches) > 0; answered != (test.code == "") {
				t.Errorf("the shadow's lastCallResult: %s", r.patches)
			}
		})
	}
}

// Specification: OCPP 2.0.1 part 4 section 4.1.1.
func TestAnswerOnAnotherConnectionIsIgnored(t *testing.T) {
	for _, test := range []struct {
		name  string
		since time.Duration // from the CALL to the connection that brings the answer
		want  int
	}{
		{"the same connection", -time.Minute, 1},
		{"the next one", time.Second, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t)
			r.ask("c1", "ocpp1.6", "Reset")
			r.connectedAt = now.Add(test.since)
			r.process("ocpp1.6", `[3,"c1",{"status":"Accepted"}]`, "")
			if len(r.finished) != test.want || len(r.patches) != test.want || len(r.mirrored) != 1 {
				t.Errorf("outcomes %+v, shadow %s, mirror %s", r.finished, r.patches, r.mirrored)
			}
		})
	}
}

// Specification: OCPP 2.0.1 part 2, SetVariablesResponse, SetVariableMonitoringResponse, ClearVariableMonitoringResponse.
func TestVerdict(t *testing.T) {
	for result, want := range map[string]command.Event{
		`{}`:                          command.EventAccept,
		`{"status":"Accepted"}`:       command.EventAccept,
		`{"status":"RebootRequired"}`: command.EventAccept,
		`{"status":"Rejected"}`:       command.EventReject,
		`{"status":"NotSupported"}`:   command.EventReject,
		`{"setVariableResult":[{"attributeStatus":"Rejected"}]}`:                                      command.EventReject,
		`{"setVariableResult":[{"attributeStatus":"Rejected"},{"attributeStatus":"RebootRequired"}]}`: command.EventAccept,
		`{"setMonitoringResult":[{"status":"UnknownComponent"}]}`:                                     command.EventReject,
		`{"setMonitoringResult":[{"status":"Accepted"}]}`:                                             command.EventAccept,
		`{"clearMonitoringResult":[{"status":"NotFound"}]}`:                                           command.EventReject,
		`{"configurationKey":[]}`:                                                                     command.EventAccept,
	} {
		if got := verdict([]byte(result)); got != want {
			t.Errorf("%s: %s, want %s", result, got, want)
		}
	}
}
