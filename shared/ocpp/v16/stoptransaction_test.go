package v16

import (
	"encoding/json"
	"testing"
)

// Two transactions whose starts were not answered, and that ended at one moment with one meter reading, are two; one that is told again is one.
// Specification: OCPP 1.6 errata 3.18.
func TestUnansweredTransactionsAreToldApart(t *testing.T) {
	const end = `{"transactionId":-1,"meterStop":0,"timestamp":"2026-02-03T04:00:00Z"`
	named := map[string]string{}
	for _, payload := range []string{
		end + `}`, end + `,"idTag":"A"}`, end + `,"idTag":"B"}`,
		end + `,"transactionData":[{"timestamp":"2026-02-03T03:00:00Z","sampledValue":[{"value":"1"}]}]}`,
		end + `,"transactionData":[{"timestamp":"2026-02-03T03:00:00Z","sampledValue":[{"value":"2"}]}]}`,
		end + `,"idTag":"A","transactionData":[{"timestamp":"2026-02-03T03:00:00Z","sampledValue":[{"value":"2"}]}]}`,
	} {
		var first, again stopTransaction
		if json.Unmarshal([]byte(payload), &first) != nil || json.Unmarshal([]byte(payload), &again) != nil {
			t.Fatal(payload)
		}
		name := first.transactionID()
		if other, taken := named[name]; taken || again.transactionID() != name {
			t.Errorf("%s is named %s, as is %s", payload, name, other)
		}
		named[name] = payload
	}
}
