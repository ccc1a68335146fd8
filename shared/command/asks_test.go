package command_test

import (
	"slices"
	"testing"

	"github.com/serverless-ocpp/backend/shared/command"
)

// Specification: OCPP 1.6 section 4.2; B02.FR.09.
func TestAsks(t *testing.T) {
	for _, test := range []struct {
		action, payload string
		want            []string
	}{
		{"TriggerMessage", `{"requestedMessage":"StatusNotification"}`, []string{"StatusNotification"}},
		{"ExtendedTriggerMessage", `{"requestedMessage":"SignChargePointCertificate"}`, []string{"SignCertificate"}},
		{"GetBaseReport", `{"requestId":1,"reportBase":"FullInventory"}`, []string{"NotifyReport"}},
		{"TriggerMessage", `{"requestedMessage":"Heartbeat","RequestedMessage":"StartTransaction"}`, []string{"Heartbeat"}},
		{"TriggerMessage", `{}`, nil},
		{"Reset", `{"type":"Soft"}`, nil},
	} {
		if got := command.Asks(test.action, []byte(test.payload)); !slices.Equal(got, test.want) {
			t.Errorf("%s %s: %v, want %v", test.action, test.payload, got, test.want)
		}
	}
}
