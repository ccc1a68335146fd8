package main

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/shared/journal"
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/report"
	"github.com/serverless-ocpp/backend/shared/variable"
)

// apply applies an effect as that of a message of CP001.
func (r *rig) apply(effect ocpp.Effect) error {
	return r.handler.apply(r.t.Context(), journal.Record{ChargePointID: "CP001", ReceivedAt: now}, ocppj.Frame{ID: "1", Action: "Some"}, effect)
}

func (r *rig) reported(kind report.Kind) []report.Report {
	r.t.Helper()
	reports, _, err := r.reports.List(r.t.Context(), "CP001", kind, "", "", 100)
	r.must(err)
	return reports
}

// known are the values of the variables of CP001 by key.
func (r *rig) known() map[string]string {
	r.t.Helper()
	variables, _, err := r.variables.List(r.t.Context(), "CP001", "", 100)
	r.must(err)
	values := make(map[string]string)
	for _, v := range variables {
		values[v.Key()] = v.Value
	}
	return values
}

func TestReportsAndVariablesAreKeptForTheirChargePoint(t *testing.T) {
	r := newRig(t)
	for range 2 {
		r.must(r.apply(ocpp.Reported{Report: report.Report{Kind: report.Firmware, Key: report.Latest, ReceivedAt: now, Data: json.RawMessage(`{"status":"Idle"}`)}}))
		r.must(r.apply(ocpp.VariablesReported{Variables: []variable.Variable{{Component: variable.Component{Name: "C"}, Variable: variable.Name{Name: "V"}, Value: "1", ReceivedAt: now}}}))
	}
	if got := r.reported(report.Firmware); len(got) != 1 || string(got[0].Data) != `{"status":"Idle"}` {
		t.Errorf("reports %+v", got)
	}
	if got := r.known(); len(got) != 1 || got["c/v"] != "1" {
		t.Errorf("variables %v", got)
	}
}

// What can never be stored or published would otherwise hold up its charge point until the dead letter queue.
func TestWhatCannotBeKeptHoldsNothingUp(t *testing.T) {
	r := newRig(t)
	long := strings.Repeat("x", 2000)
	r.must(r.apply(ocpp.Reported{Report: report.Report{Kind: report.Reservation, Key: long, ReceivedAt: now}}))
	r.must(r.apply(ocpp.VariablesReported{Variables: []variable.Variable{{Variable: variable.Name{Name: long}, ReceivedAt: now}, {Variable: variable.Name{Name: "V"}, Value: "1", ReceivedAt: now}}}))
	r.must(r.apply(ocpp.DataReceived{VendorID: "a/b", Payload: json.RawMessage(`{}`)}))
	if len(r.reported(report.Reservation)) != 0 || r.known()["/v"] != "1" || len(r.mirrored) != 0 {
		t.Errorf("reports %v, variables %v, published %v", r.reported(report.Reservation), r.known(), r.mirrored)
	}
}

func TestDataOfVendorsIsPublished(t *testing.T) {
	r := newRig(t)
	data := ocpp.DataReceived{VendorID: "com.example", Payload: json.RawMessage(`{"vendorId":"com.example","data":"x"}`)}
	r.must(r.apply(data))
	if want := []string{`CP001/data/com.example {"vendorId":"com.example","data":"x"}`}; !slices.Equal(r.mirrored, want) {
		t.Errorf("published %v", r.mirrored)
	}
	r.mirrorErr = errors.New("IoT is down")
	if err := r.apply(data); err == nil {
		t.Error("data that was not published is lost")
	}
}

// Specification: OCPP-J 1.6 errata 3.12.
func TestResultsTellVariables(t *testing.T) {
	for _, test := range []struct {
		name, protocol, result string
		want                   map[string]string
	}{
		{"GetConfiguration", "ocpp1.6",
			`{"configurationKey":[{"key":"HeartbeatInterval","readonly":false,"value":"300"},{"key":"AuthorizationKey","readonly":false,"value":"secret"},{"key":"NoValue","readonly":true}],"unknownKey":["X"]}`,
			map[string]string{"/heartbeatinterval": "300", "/authorizationkey": "", "/novalue": ""}},
		{"GetVariables", "ocpp2.0.1",
			`{"getVariableResult":[
				{"attributeStatus":"Accepted","attributeValue":"30","component":{"name":"OCPPCommCtrlr"},"variable":{"name":"MessageTimeout","instance":"Default"}},
				{"attributeStatus":"Accepted","attributeType":"Target","attributeValue":"40","component":{"name":"C","evse":{"id":1}},"variable":{"name":"V"}},
				{"attributeStatus":"UnknownVariable","component":{"name":"C"},"variable":{"name":"W"}}]}`,
			map[string]string{"ocppcommctrlr/messagetimeout#default": "30"}},
		{"another command", "ocpp1.6", `{"status":"Accepted"}`, nil},
		{"members of a wrong type", "ocpp1.6", `{"configurationKey":"all"}`, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t)
			for range 2 {
				r.process(test.protocol, `[3,"c1",`+test.result+`]`, "")
			}
			got := r.known()
			for key, want := range test.want {
				if value, has := got[key]; !has || value != want {
					t.Errorf("%s is %q, want %q", key, value, want)
				}
			}
			if len(got) != len(test.want) {
				t.Errorf("variables %v, want %v", got, test.want)
			}
		})
	}
}

// A SEND is neither answered nor refused: it has effects without an answer, and one that is not understood must not
// hold up its charge point.
// Specification: OCPP 2.1 part 4 section 4.2.4.
func TestSend(t *testing.T) {
	r := newRig(t)
	for _, send := range []string{
		`[6,"1","NotifyPeriodicEventStream",{"id":7,"pending":0,"basetime":"2026-03-01T12:00:00Z","data":[{"t":0,"v":"1"}]}]`,
		`[6,"2","NoSuchAction",{}]`,
		`[6,"3","NotifyPeriodicEventStream",{"id":"seven"}]`,
	} {
		r.process("ocpp2.1", send, "")
	}
	if len(r.mirrored) != 3 {
		t.Errorf("mirrored %v", r.mirrored)
	}
	got := r.reported(report.EventStream)
	if len(got) != 1 || got[0].Action != "NotifyPeriodicEventStream" || !strings.Contains(string(got[0].Data), `"id":7`) {
		t.Errorf("reports %+v", got)
	}
}
