package ocpp

import (
	"encoding/json"
	"testing"

	"github.com/serverless-ocpp/backend/shared/fault"
)

// Specification: OCPP 1.6 general part; OCPP 2.0.1 part 2 time format.
func TestTimeIsReadInEveryForm(t *testing.T) {
	for text, want := range map[string]string{
		`"2026-02-03T04:05:06Z"`:           `"2026-02-03T04:05:06.000Z"`,
		`"2026-02-03T04:05:06.789+02:00"`:  `"2026-02-03T02:05:06.789Z"`,
		`"2026-02-03T04:05:06"`:            `"2026-02-03T04:05:06.000Z"`,
		`"2026-02-03T04:05:06.123456789Z"`: `"2026-02-03T04:05:06.123Z"`,
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
