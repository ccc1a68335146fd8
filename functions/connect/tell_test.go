package main

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/event/eventtest"
)

// told takes events that are as integrators are promised.
type told struct {
	t      *testing.T
	err    error
	lock   sync.Mutex
	events []event.Event
}

func (r *told) Publish(_ context.Context, e event.Event) error {
	r.lock.Lock()
	defer r.lock.Unlock()
	eventtest.Check(r.t, e)
	r.events = append(r.events, e)
	return r.err
}

// has tells whether an event was told.
func (r *told) has(name event.Name, id string) bool {
	for _, e := range r.events {
		if e.Name == name && e.ID == id {
			return true
		}
	}
	return false
}

func TestRefusedConnectionIsNotTold(t *testing.T) {
	r := newRig(t)
	r.connect(t, "x=", at(1), map[string]any{"status": "404", "reason": "no Thing", "chargePointId": "CP404"})
	if len(r.told.events) != 0 {
		t.Errorf("told %+v", r.told.events)
	}
}

func TestConnectionCountsMoreThanItsEvent(t *testing.T) {
	r := newRig(t)
	r.told.err = errors.New("IoT is down")
	if response := r.connect(t, "first=", at(1), nil); response.StatusCode != 200 {
		t.Errorf("%+v", response)
	}
}

// hanging never answers.
type hanging struct{}

func (hanging) Publish(ctx context.Context, _ event.Event) error {
	<-ctx.Done()
	return ctx.Err()
}

// sessions opens every session.
type sessions struct{ chargepoint.Sessions }

func (sessions) Open(_ context.Context, id string, _ chargepoint.Session) (chargepoint.ChargePoint, error) {
	return chargepoint.ChargePoint{ID: id}, nil
}

func TestHangingEventHoldsTheHandshakeUpForASecondAtMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		handler := &Handler{Sessions: sessions{}, Timers: &rig{}, Events: hanging{}}
		started := time.Now()
		response, err := handler.Handle(t.Context(), events.APIGatewayWebsocketProxyRequest{RequestContext: events.APIGatewayWebsocketProxyRequestContext{
			ConnectionID: "c=", Authorizer: map[string]any{"status": "101", "chargePointId": "CP001", "protocol": "ocpp1.6"},
		}})
		if took := time.Since(started); err != nil || response.StatusCode != 200 || took > tellWithin {
			t.Errorf("%+v, %v after %s", response, err, took)
		}
	})
}
