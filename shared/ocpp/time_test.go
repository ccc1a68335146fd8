package ocpp

import (
	"cmp"
	"encoding/json"
	"testing"

	"github.com/serverless-ocpp/backend/schemas"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Specification: OCPP 1.6 general part; OCPP 2.0.1 part 2 time format.
func TestTimeIsReadInEveryForm(t *testing.T) {
	for text, want := range map[string]string{
		`"2026-02-03T04:05:06Z"`:           `"2026-02-03T04:05:06.000Z"`,
		`"2026-02-03T04:05:06.789+02:00"`:  `"2026-02-03T02:05:06.789Z"`,
		`"2026-02-03T04:05:06"`:            `"2026-02-03T04:05:06.000Z"`,
		`"2026-02-03T04:05:06.123456789Z"`: `"2026-02-03T04:05:06.123Z"`,
		`"2026-02-03T04:05:06+0100"`:       `"2026-02-03T03:05:06.000Z"`,
		`"2026-02-03T04:05:06+01"`:         `"2026-02-03T03:05:06.000Z"`,
		`"2026-02-03t04:05:06z"`:           `"2026-02-03T04:05:06.000Z"`,
		`"2016-12-31T23:59:60Z"`:           `"2017-01-01T00:00:00.000Z"`,
		`"0001-01-01T00:00:00Z"`:           `"0001-01-01T00:00:00.001Z"`, // Go's zero time would be none
		`"0001-01-01T00:00:00.0005Z"`:      `"0001-01-01T00:00:00.001Z"`,
		`"0000-12-31T23:00:00Z"`:           `"0001-01-01T00:00:00.001Z"`,
		`"0001-01-01T00:00:00.002Z"`:       `"0001-01-01T00:00:00.002Z"`,
		`"yesterday"`:                      "",
		`"9999-12-31T23:59:59-01:00"`:      "",
		`"0000-01-01T00:00:00+01:00"`:      "",
	} {
		var at Time
		if err := json.Unmarshal([]byte(text), &at); (err == nil) != (want != "") || err != nil && !fault.Is(err, fault.Malformed) {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if want == "" {
			continue
		}
		if written, err := json.Marshal(at); err != nil || string(written) != want {
			t.Errorf("%s is written as %s (%v), want %s", text, written, err, want)
		}
	}
}

// Every time that a schema admits, or tolerates, can be read.
func TestTimesThatSchemasAdmit(t *testing.T) {
	for _, text := range []string{"2026-02-03T04:05:06Z", "2026-02-03t04:05:06.5z", "2026-02-03T04:05:06", "2026-02-03T04:05:06+0100", "2026-02-03T04:05:06+01", "2016-12-31T23:59:60Z",
		"9999-12-31T23:59:59-01:00", "2026-02-03 04:05:06Z", "0001-01-01T00:00:00Z"} {
		for version, payload := range map[ocppj.Version]string{
			ocppj.V16:  `{"connectorId":1,"idTag":"A","meterStart":0,"timestamp":"` + text + `"}`,
			ocppj.V201: `{"eventType":"Started","triggerReason":"Authorized","seqNo":0,"transactionInfo":{"transactionId":"T"},"timestamp":"` + text + `"}`,
			ocppj.V21:  `{"eventType":"Started","triggerReason":"Authorized","seqNo":0,"transactionInfo":{"transactionId":"T"},"timestamp":"` + text + `"}`,
		} {
			action := map[ocppj.Version]string{ocppj.V16: "StartTransaction"}[version]
			violations, err := schemas.Validate(version, cmp.Or(action, "TransactionEvent"), schemas.Request, json.RawMessage(payload))
			if err != nil {
				t.Fatal(err)
			}
			var at Time
			read := json.Unmarshal([]byte(`"`+text+`"`), &at) == nil
			if admitted := len(violations) == 0 || violations[0].Tolerable(); admitted != read {
				t.Errorf("%s, %s: admitted %t, read %t", text, version, admitted, read)
			}
		}
	}
}
