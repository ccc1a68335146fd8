package command_test

import (
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
)

// Specification: OCPP 1.6 section 4.2; B02.FR.05.
func TestWithheld(t *testing.T) {
	for _, test := range []struct {
		registration, told chargepoint.Registration
		action, want       string
	}{
		{chargepoint.Accepted, chargepoint.Accepted, "RemoteStartTransaction", ""},
		{chargepoint.Pending, chargepoint.Pending, "RemoteStartTransaction", "is Pending"},
		{chargepoint.Pending, "", "RequestStopTransaction", "is Pending"},
		{chargepoint.Accepted, chargepoint.Pending, "RequestStartTransaction", "is Pending"}, // it does not know better yet
		{chargepoint.Pending, chargepoint.Pending, "ChangeConfiguration", ""},
		{chargepoint.Pending, chargepoint.Pending, "TriggerMessage", ""},
		{chargepoint.Rejected, chargepoint.Pending, "TriggerMessage", "is Rejected"},
	} {
		got := command.Withheld(chargepoint.ChargePoint{Registration: test.registration, BootStatus: test.told}, test.action)
		if !strings.HasPrefix(got, test.want) || (got == "") != (test.want == "") {
			t.Errorf("%+v: %q", test, got)
		}
	}
}
