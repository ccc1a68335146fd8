package main

import (
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/shared/report"
)

// The password of a charge point is in no table and no shadow, whichever message tells it.
// Specification: OCPP 2.0.1 part 2, SecurityCtrlr.BasicAuthPassword is write-only; some tell it all the same.
func TestPasswordsAreNotKept(t *testing.T) {
	const variable = `"component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}`
	for _, test := range []struct{ name, message, answer string }{
		{"NotifyReport", `[2,"1","NotifyReport",{"requestId":1,"generatedAt":"2026-03-01T12:00:00Z","seqNo":0,"reportData":[{` + variable + `,"variableAttribute":[{"type":"Actual","value":"hidden"}]}]}]`, `[3,"1",{}]`},
		{"NotifyEvent", `[2,"1","NotifyEvent",{"generatedAt":"2026-03-01T12:00:00Z","seqNo":0,"eventData":[{"eventId":1,"timestamp":"2026-03-01T12:00:00Z","trigger":"Alerting","actualValue":"hidden","eventNotificationType":"HardWiredNotification",` + variable + `}]}]`, `[3,"1",{}]`},
		{"GetVariables", `[3,"c1",{"getVariableResult":[{"attributeStatus":"Accepted","attributeValue":"hidden",` + variable + `}]}]`, ``},
		{"SetVariables", `[3,"c2",{"setVariableResult":[{"attributeStatus":"Accepted",` + variable + `}]}]`, ``},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t)
			r.ask("c1", "ocpp2.0.1", "GetVariables")
			r.order2("c2", "SetVariables", `{"setVariableData":[{"attributeValue":"hidden",`+variable+`}]}`)
			r.process("ocpp2.0.1", test.message, test.answer)
			variables, _, err := r.variables.List(t.Context(), "CP001", "", 10)
			r.must(err)
			for _, v := range variables {
				if v.Value != "" || v.Attributes != nil {
					t.Errorf("variable %+v", v)
				}
			}
			kept := r.logged()
			for _, kind := range []report.Kind{report.Inventory, report.Event} {
				for _, told := range r.reported(kind) {
					kept = append(kept, string(told.Data))
				}
			}
			for _, patch := range r.patches {
				kept = append(kept, string(patch))
			}
			if text := strings.Join(kept, "\n"); strings.Contains(text, "hidden") || strings.Contains(text, "***") != strings.Contains(test.message, "hidden") {
				t.Errorf("kept %s", text)
			}
		})
	}
}

// Nor is the password of a URL that a configuration key or a variable holds: of those the rest is kept.
func TestPasswordsInURLsAreNotKept(t *testing.T) {
	const (
		variable = `"component":{"name":"C"},"variable":{"name":"UploadURL"}`
		url      = `"ftp://depot:hidden@files.example.com/logs"`
	)
	for _, test := range []struct{ name, protocol, message, answer string }{
		{"NotifyReport", "ocpp2.0.1", `[2,"1","NotifyReport",{"requestId":1,"generatedAt":"2026-03-01T12:00:00Z","seqNo":0,"reportData":[{` + variable + `,"variableAttribute":[{"type":"Actual","value":` + url + `}]}]}]`, `[3,"1",{}]`},
		{"GetVariables", "ocpp2.0.1", `[3,"c1",{"getVariableResult":[{"attributeStatus":"Accepted","attributeValue":` + url + `,` + variable + `}]}]`, ``},
		{"SetVariables", "ocpp2.0.1", `[3,"c2",{"setVariableResult":[{"attributeStatus":"Accepted",` + variable + `}]}]`, ``},
		{"GetConfiguration", "ocpp1.6", `[3,"c3",{"configurationKey":[{"key":"UploadURL","readonly":false,"value":` + url + `}]}]`, ``},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t)
			r.ask("c1", "ocpp2.0.1", "GetVariables")
			r.order2("c2", "SetVariables", `{"setVariableData":[{"attributeValue":`+url+`,`+variable+`}]}`)
			r.ask("c3", "ocpp1.6", "GetConfiguration")
			r.process(test.protocol, test.message, test.answer)
			variables, _, err := r.variables.List(t.Context(), "CP001", "", 10)
			r.must(err)
			if len(variables) != 1 {
				t.Fatalf("kept %+v", variables)
			}
			if kept := variables[0]; kept.Value != "ftp://depot:***@files.example.com/logs" || strings.Contains(string(kept.Attributes), "hidden") {
				t.Errorf("kept %q, attributes %s", kept.Value, kept.Attributes)
			}
		})
	}
}
