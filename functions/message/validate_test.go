package main

import (
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
)

// A field too many and a serial number too long are understood: whether they are taken is the stack's
// choice, and a charge point's own before that.
// Specification: OCPP-J 1.6 errata 3.2; OCPP 2.0.1 part 4 section 9.
func TestValidationModes(t *testing.T) {
	const extra = `[2,"1","Heartbeat",{"extra":1}]`
	overlong := `[2,"1","BootNotification",{"chargePointVendor":"v","chargePointModel":"m","chargePointSerialNumber":"` + strings.Repeat("9", 26) + `"}]`
	for _, test := range []struct {
		name     string
		stack    bool // strict
		own      string
		extra    string
		overlong string
	}{
		{"tolerant stack", false, "", `[3,"1",`, `[3,"1",`},
		{"strict stack", true, "", `[4,"1","FormationViolation",`, `[4,"1","PropertyConstraintViolation",`},
		{"strict charge point", false, "strict", `[4,"1","FormationViolation",`, `[4,"1","PropertyConstraintViolation",`},
		{"tolerant charge point", true, "tolerant", `[3,"1",`, `[3,"1",`},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t)
			r.handler.Strict, r.validation = test.stack, test.own
			if answer := r.receive(extra); !strings.HasPrefix(answer, test.extra) {
				t.Errorf("a field too many: %s", answer)
			}
			if answer := r.receive(overlong); !strings.HasPrefix(answer, test.overlong) {
				t.Errorf("a string too long: %s", answer)
			}
			r.receive(`[3,"command",{"status":"Accepted"}]`)
			if last := r.records[len(r.records)-1]; last.Strict != strings.HasPrefix(test.extra, "[4,") {
				t.Errorf("the processor is told strict = %v", last.Strict)
			}
		})
	}
}

// Specification: OCPP-J 1.6 table 7; OCPP 2.0.1 part 4 table 8.
func TestRefusalNamesTheFields(t *testing.T) {
	r := newRig(t)
	answer := r.receive(`[2,"1","StatusNotification",{"connectorId":"one","status":"Perhaps"}]`)
	want := `[4,"1","TypeConstraintViolation","/connectorId `
	if !strings.HasPrefix(answer, want) {
		t.Errorf("%s, want %s…", answer, want)
	}
	for _, field := range []string{`{"fault":`, `"field":"/connectorId"`, `"field":"/status"`, "and 1 more"} {
		if !strings.Contains(answer, field) {
			t.Errorf("%s lacks %s", answer, field)
		}
	}
}

// TestAFieldTwice: nobody can tell which of the two is meant, so that not even a tolerant stack takes one.
func TestAFieldTwice(t *testing.T) {
	r := newRig(t)
	for _, payload := range []string{`{"idTag":"GOOD","idTag":"EVIL"}`, `{"idTag":5,"idTag":"GOOD"}`, `{"idTag":"GOOD","id\u0054ag":"EVIL"}`} {
		want := `[4,"1","OccurenceConstraintViolation","/idTag is given twice",{"violations":[{"fault":"is given twice","field":"/idTag"}]}]`
		if answer := r.receive(`[2,"1","Authorize",` + payload + `]`); answer != want {
			t.Errorf("%s: %s, want %s", payload, answer, want)
		}
	}
}

// A charge point that is Pending may send what it was asked for.
// Specification: OCPP 1.6 section 4.2; B02.FR.09.
func TestPendingChargePointSendsWhatItWasAskedFor(t *testing.T) {
	const status = `[2,"1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]`
	r := newRig(t)
	r.accepted = false
	r.must(r.chargePoints.SetRegistration(t.Context(), cp001, chargepoint.Pending))
	r.receive(`[2,"b","BootNotification",{"chargePointVendor":"v","chargePointModel":"m"}]`)
	if answer := r.receive(status); !strings.HasPrefix(answer, `[4,"1","SecurityError",`) {
		t.Errorf("unasked: %s", answer)
	}
	r.must(r.chargePoints.Take(t.Context(), cp001, chargepoint.Outstanding{CommandID: "c", ConnectionID: "connection=", Deadline: r.clock, Asks: []string{"StatusNotification"}}))
	if answer := r.receive(status); answer != `[3,"1",{}]` {
		t.Errorf("asked: %s", answer)
	}
	if answer := r.receive(`[2,"2","Heartbeat",{}]`); !strings.HasPrefix(answer, `[4,"2","SecurityError",`) {
		t.Errorf("something else: %s", answer)
	}
}

// A SEND is kept and never answered, not even when it is wrong.
// Specification: OCPP 2.1 part 4 section 4.2.4.
func TestUnconfirmedMessages(t *testing.T) {
	r := newRig(t)
	r.protocol = "ocpp2.1"
	const stream = `[6,"1","NotifyPeriodicEventStream",{"id":1,"pending":0,"basetime":"2026-03-01T12:00:00Z","data":[{"t":0,"v":"1"}]}]`
	for _, send := range []string{stream, `[6,"2","NotifyPeriodicEventStream",{}]`, `[6,"3","Heartbeat",{}]`, `[6,"4","MakeCoffee",{}]`} {
		if answer := r.receive(send); answer != "" {
			t.Errorf("%s was answered with %s", send, answer)
		}
	}
	if len(r.records) != 1 || string(r.records[0].Message) != stream || len(r.records[0].Answer) != 0 {
		t.Errorf("records %+v", r.records)
	}
	if answer := r.receive(`[5,"x","InternalError","",{}]`); answer != "" {
		t.Errorf("a CALLRESULTERROR was answered with %s", answer)
	}
	if answer := r.receive(`[2,"5","NotifyPeriodicEventStream",{"id":1,"pending":0,"basetime":"2026-03-01T12:00:00Z","data":[{"t":0,"v":"1"}]}]`); !strings.HasPrefix(answer, `[4,"5",`) {
		t.Errorf("a SEND sent as a CALL was answered with %s", answer)
	}
}

// Specification: OCPP-J 1.6 table 4 and table 7; OCPP 2.0.1 part 4 section 4.1.6 and table 8.
func TestActionsThatAreNotServed(t *testing.T) {
	r := newRig(t)
	for send, want := range map[string]string{
		`[2,"1","MakeCoffee",{}]`:         `[4,"1","NotImplemented",`,
		`[2,"1","TransactionEvent",{}]`:   `[4,"1","NotImplemented",`, // another version's
		`[2,"1","heartbeat",{}]`:          `[4,"1","NotImplemented",`, // names are case-sensitive
		`[2,"1","Reset",{"type":"Soft"}]`: `[4,"1","NotSupported",`,   // the central system's
	} {
		if answer := r.receive(send); !strings.HasPrefix(answer, want) {
			t.Errorf("%s was answered with %s", send, answer)
		}
	}
}
