package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
)

// bootUnderWay is a registry in which a boot is noted right after the first look, by an invocation beside this one.
type bootUnderWay struct {
	chargepoint.Registry
	boots chargepoint.Boots
	looks int
}

func (b *bootUnderWay) Get(ctx context.Context, id string) (chargepoint.ChargePoint, error) {
	cp, err := b.Registry.Get(ctx, id)
	if b.looks++; b.looks == 1 && err == nil {
		_, err = b.boots.Boot(ctx, id, time.Now())
	}
	return cp, err
}

// A charge point that does not wait for the answer to its boot (against OCPP-J 1.6 section 4.1.1) is served all the
// same, unless the answer leaves it unaccepted (OCPP 1.6 section 4.2, OCPP 2.0.1 B02.FR.09, B03.FR.07).
func TestMessageRightBehindTheBoot(t *testing.T) {
	const status = `[2,"1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]`
	for registration, want := range map[chargepoint.Registration]string{
		chargepoint.Accepted: `[3,"1",{}]`,
		chargepoint.Pending:  `[4,"1","SecurityError",`,
		chargepoint.Rejected: `[4,"1","SecurityError",`,
	} {
		t.Run(string(registration), func(t *testing.T) {
			r := newRig(t)
			r.accepted = false
			r.must(r.chargePoints.SetRegistration(t.Context(), cp001, registration))
			r.handler.Registry = &bootUnderWay{Registry: r.chargePoints, boots: r.chargePoints}
			if answer := r.receive(status); !strings.HasPrefix(answer, want) {
				t.Errorf("answered with %s, want %s", answer, want)
			}
		})
	}
}

// countingRegistry counts how often it is asked.
type countingRegistry struct {
	chargepoint.Registry
	looks int
}

func (c *countingRegistry) Get(ctx context.Context, id string) (chargepoint.ChargePoint, error) {
	c.looks++
	return c.Registry.Get(ctx, id)
}

// One that goes on without a boot is refused at once, after it was waited for some times.
func TestAChargePointThatNeverBootsIsNotWaitedForForEver(t *testing.T) {
	r := newRig(t)
	r.accepted = false
	registry := &countingRegistry{Registry: r.chargePoints}
	r.handler.Registry = registry
	const heartbeat, messages = `[2,"1","Heartbeat",{}]`, 2 * bootWaits
	r.handler.memory.of(r.connection).waits = bootWaits - 1 // or the test would take as long as they
	for range messages {
		if answer := r.receive(heartbeat); !strings.HasPrefix(answer, `[4,"1","SecurityError",`) {
			t.Fatalf("answered with %s", answer)
		}
	}
	if want := bootLooks + messages - 1; registry.looks != want {
		t.Errorf("the registry was asked %d times, want %d", registry.looks, want)
	}
}
