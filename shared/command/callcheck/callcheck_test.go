package callcheck

import (
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Specification: OCPP 1.6 section 6; Improved security for OCPP 1.6-J section 5; OCPP 2.0.1 part 2 messages.
func TestCheck(t *testing.T) {
	for _, test := range []struct {
		name, action, payload string
		version               ocppj.Version
		want                  string // "" when the CALL may be sent
	}{
		{"right in 1.6", "Reset", `{"type":"Soft"}`, ocppj.V16, ""},
		{"right in 2.0.1", "Reset", `{"type":"Immediate"}`, ocppj.V201, ""},
		{"both sides may send it", "DataTransfer", `{"vendorId":"x"}`, ocppj.V16, ""},
		{"another version's word", "Reset", `{"type":"Immediate"}`, ocppj.V16, "/type"},
		{"a field is missing", "RemoteStartTransaction", `{}`, ocppj.V16, "/idTag"},
		{"another version's action", "RequestStopTransaction", `{}`, ocppj.V16, "no such action"},
		{"the wrong side", "BootNotification", `{}`, ocppj.V16, "sent by charge points"},
		{"a field twice", "Reset", `{"type":"garbage","type":"Soft"}`, ocppj.V16, "/type is given twice"},
		{"no version", "Reset", `{"type":"Soft"}`, "", "no such action"},
		{"no JSON", "Reset", `{`, ocppj.V16, "cannot be checked"},
	} {
		err := Check(test.version, test.action, []byte(test.payload))
		if test.want == "" && err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		if test.want != "" && (!fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: got %v, want a fault.Invalid about %q", test.name, err, test.want)
		}
	}
}
