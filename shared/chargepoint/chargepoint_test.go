package chargepoint

import (
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/fault"
)

func TestCheckID(t *testing.T) {
	for _, id := range []string{"CP001", "a", "RDAM:1_2-3", strings.Repeat("x", 48)} {
		if err := CheckID(id); err != nil {
			t.Errorf("%q: %v", id, err)
		}
	}
	for _, id := range []string{"", "RDAM 123", "CP/1", "CP#1", "ü", strings.Repeat("x", 49), "CP001\n"} {
		if err := CheckID(id); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v, want a fault.Invalid", id, err)
		}
	}
}

func TestMayTalk(t *testing.T) {
	for _, test := range []struct {
		registration, told Registration
		want               bool
	}{
		{Accepted, Accepted, true},
		{Accepted, "", false},       // never booted
		{Accepted, Pending, false},  // accepted since, but it does not know yet
		{Rejected, Accepted, false}, // the operator changed their mind
	} {
		if got := (ChargePoint{Registration: test.registration, BootStatus: test.told}).MayTalk(); got != test.want {
			t.Errorf("registration %q, told %q: %v", test.registration, test.told, got)
		}
	}
}

func TestMayAnswer(t *testing.T) {
	for _, test := range []struct {
		registration, told Registration
		action             string
		want               bool
	}{
		{Pending, Pending, "StatusNotification", true},
		{Accepted, Pending, "StatusNotification", true}, // it does not know yet
		{Pending, Pending, "MeterValues", false},        // it was not asked for that
		{Rejected, Pending, "StatusNotification", false},
		{Pending, Rejected, "StatusNotification", false},
		{Pending, "", "StatusNotification", false},
	} {
		c := ChargePoint{Registration: test.registration, BootStatus: test.told, Asked: []string{"StatusNotification"}}
		if got := c.MayAnswer(test.action); got != test.want {
			t.Errorf("registration %q, told %q, %s: %v", test.registration, test.told, test.action, got)
		}
	}
}

func TestSessionIsQuietUntilBootIsAnswered(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	if got := (Session{ConnectedAt: at}).TakesCommandsAt(); got != at.Add(10*time.Second) {
		t.Errorf("without a boot: %v", got)
	}
	if got := (Session{ConnectedAt: at, Open: true}).TakesCommandsAt(); got != at {
		t.Errorf("after the boot: %v", got)
	}
}
