package schemas

import (
	"testing"

	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// TestEveryActionCompiles counts what the specifications list, and compiles all of it.
func TestEveryActionCompiles(t *testing.T) {
	type count struct{ actions, fromChargePoint, fromCentralSystem, both, unanswered int }
	want := map[ocppj.Version]count{
		ocppj.V16:  {39, 13, 25, 1, 0},
		ocppj.V201: {64, 24, 39, 1, 0},
		ocppj.V21:  {91, 36, 54, 1, 1},
	}
	for version, want := range want {
		var got count
		for _, action := range Actions(version) {
			got.actions++
			a, err := find(version, action)
			if err != nil {
				t.Errorf("%s: %v", action, err)
				continue
			}
			if _, err := a.request(); err != nil {
				t.Errorf("%s %s: %v", version, action, err)
			}
			if a.response != nil {
				if _, err := a.response(); err != nil {
					t.Errorf("%s %s: %v", version, action, err)
				}
			}
			sender, known := Known(version, action)
			if !known {
				t.Errorf("%s %s is not known", version, action)
			}
			switch sender {
			case ChargePoint:
				got.fromChargePoint++
			case CentralSystem:
				got.fromCentralSystem++
			case Both:
				got.both++
			}
			if !Answered(version, action) {
				got.unanswered++
			}
		}
		if got != want {
			t.Errorf("%s: got %+v, want %+v", version, got, want)
		}
	}
}

func TestKnownTellsTheSidesApart(t *testing.T) {
	tests := []struct {
		version                    ocppj.Version
		action                     string
		chargePoint, centralSystem bool
	}{
		{ocppj.V16, "BootNotification", true, false},
		{ocppj.V16, "Reset", false, true},
		{ocppj.V16, "DataTransfer", true, true},
		{ocppj.V16, "TransactionEvent", false, false},
		{ocppj.V201, "ClearedChargingLimit", true, false},
		{ocppj.V21, "RequestBatterySwap", false, true},
		{ocppj.V21, "BatterySwap", true, false},
		{ocppj.V21, "OpenPeriodicEventStream", true, false},
		{"ocpp1.5", "Heartbeat", false, false},
	}
	for _, test := range tests {
		sender, known := Known(test.version, test.action)
		if known != (test.chargePoint || test.centralSystem) ||
			sender.Includes(ChargePoint) != test.chargePoint || sender.Includes(CentralSystem) != test.centralSystem {
			t.Errorf("%s %s: got %d, %t", test.version, test.action, sender, known)
		}
	}
	if !Answered(ocppj.V21, "NotifyEvent") || Answered(ocppj.V21, "NotifyPeriodicEventStream") || Answered(ocppj.V21, "Unknown") {
		t.Error("Answered is wrong about a SEND, a CALL or an unknown action")
	}
	if got := Actions("ocpp1.5"); got != nil {
		t.Errorf("a version without schemas has the actions %v", got)
	}
}
