package schemas

import (
	"encoding/json"
	"testing"

	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// BenchmarkFirstUse is what the first message of an action costs a cold function: listing the folder, reading the
// action's file and the version's types, compiling.
func BenchmarkFirstUse(b *testing.B) {
	cases := []struct {
		version ocppj.Version
		folder  string
		action  string
	}{
		{ocppj.V16, "ocpp16", "BootNotification"},
		{ocppj.V16, "ocpp16", "MeterValues"},
		{ocppj.V201, "ocpp201", "BootNotification"},
		{ocppj.V21, "ocpp21", "TransactionEvent"},
	}
	for _, c := range cases {
		b.Run(string(c.version)+"/"+c.action, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				a, err := newCatalogue(c.version, c.folder).actions()[c.action]()
				if err != nil {
					b.Fatal(err)
				}
				if _, err := a.request(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkValidate(b *testing.B) {
	cases := []struct {
		name    string
		version ocppj.Version
		action  string
		payload string
	}{
		{"BootNotification16", ocppj.V16, "BootNotification", boot16},
		{"MeterValues16", ocppj.V16, "MeterValues", meter16},
		{"BootNotification201", ocppj.V201, "BootNotification", boot201},
	}
	for _, c := range cases {
		b.Run(c.name, func(b *testing.B) {
			payload := json.RawMessage(c.payload)
			b.ReportAllocs()
			b.SetBytes(int64(len(payload)))
			for b.Loop() {
				if violations, err := Validate(c.version, c.action, Request, payload); err != nil || len(violations) > 0 {
					b.Fatal(violations, err)
				}
			}
		})
	}
}
