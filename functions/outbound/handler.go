// Package main takes the CALLs that integrators publish on CP001/out, and makes a command of each: they wait for
// their turn, their answers are matched, and their fate is on record, as for those of the HTTP API.
//
// The commands of the HTTP API are mirrored on the same topic, and so come here, too; they are known by
// their id.
package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"reflect"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/command/callcheck"
	"github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/secret"
)

// Event is what the IoT rule makes of a CALL on CP001/out.
type Event struct {
	Message       json.RawMessage `json:"message"` // [2,"id","Action",{…}]
	ChargePointID string          `json:"chargePointId"`
	PublishedAt   float64         `json:"publishedAt"` // milliseconds since 1970, a decimal in the words of AWS IoT; 0: now
}

// patience is how old a CALL may be when it gets here: Lambda tries again one and two minutes after a failure. One that waits for a
// function to be free it tries for six hours, and when the car has long gone nobody wants it to be charged.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
const patience = 5 * time.Minute

// Handler turns CALLs into commands.
type Handler struct {
	Registry interface {
		Get(ctx context.Context, id string) (chargepoint.ChargePoint, error)
	}
	Commands interface {
		Create(ctx context.Context, c command.Command) error
		Get(ctx context.Context, chargePointID, id string) (command.Command, error)
	}
	Dispatcher interface {
		Submit(ctx context.Context, c command.Command) error
		Drain(ctx context.Context, chargePointID string) error
	}
	Events event.Publisher // nil: nobody is told
	Now    func() time.Time
}

// Handle takes one CALL. One that can never be sent ends in a log line and in the event of a command's end: trying again would
// change nothing. An error is what trying again may mend; Lambda does so twice, then the event goes to the dead letter queue.
func (h *Handler) Handle(ctx context.Context, event Event) error {
	log := slog.With("chargePointId", event.ChargePointID)
	call, err := ocppj.Parse(event.Message)
	if err == nil && call.Type != ocppj.Call {
		err = fault.New(fault.Malformed, "the message is a %s, not a CALL", call.Type)
	}
	if err != nil {
		log.WarnContext(ctx, "CALL from MQTT dropped: it is malformed", "error", err)
		return nil
	}
	log = log.With("messageId", call.ID, "action", call.Action)
	err = h.take(ctx, event, call)
	switch fault.CodeOf(err) {
	case "":
		return nil
	case fault.NotFound, fault.Offline, fault.Invalid:
		log.WarnContext(ctx, "CALL from MQTT dropped", "error", err)
		return h.drop(ctx, event.ChargePointID, call, err)
	case fault.Conflict: // whoever listens takes an event for the end of the CALL that has the id
		log.WarnContext(ctx, "CALL from MQTT dropped", "error", err)
		return nil
	}
	log.ErrorContext(ctx, "CALL from MQTT failed", "error", err)
	return err
}

// drop notes that a CALL is never sent, and why, and tells integrators, who cannot see the log. Published again, it is known: the same
// CALL has one end, even if it could be sent by then.
func (h *Handler) drop(ctx context.Context, chargePointID string, call ocppj.Frame, why error) error {
	if chargepoint.CheckID(chargePointID) != nil {
		return nil // there is no topic to tell it on
	}
	now := h.Now().Truncate(time.Millisecond)
	dropped := command.Command{
		ChargePointID: chargePointID, ID: call.ID, Action: call.Action, Payload: secret.Masked(call.Payload), Origin: command.OriginMQTT,
		State: command.Expired, CreatedAt: now, ExpiresAt: now, Timeout: command.DefaultTimeout, FinishedAt: now, ErrorDescription: why.Error(),
	}
	if !fault.Is(why, fault.NotFound) { // nobody can ask for a command of a charge point that is not known
		switch err := h.Commands.Create(ctx, dropped); {
		case fault.Is(err, fault.Conflict):
			return nil // the same CALL, delivered twice at once: the other one tells
		case err != nil:
			return err
		}
	}
	return command.TellFinished(ctx, h.Events, dropped)
}

// take submits a CALL unless it is known. Errors besides those of storage: fault.NotFound, fault.Offline
// and fault.Invalid for a CALL that cannot be sent or comes too late, fault.Conflict for one whose id is another's.
func (h *Handler) take(ctx context.Context, event Event, call ocppj.Frame) error {
	chargePointID := event.ChargePointID
	if err := chargepoint.CheckID(chargePointID); err != nil {
		return err // anybody may publish to any topic that ends in /out
	}
	switch known, err := h.Commands.Get(ctx, chargePointID, call.ID); {
	case err == nil && known.Action != call.Action:
		return fault.New(fault.Conflict, "a %s was published under the same message id before: each CALL needs an id of its own", known.Action)
	case err == nil && !sameJSON(known.Payload, call.Payload):
		return fault.New(fault.Conflict, "a %s with another payload was published under the same message id before: each CALL needs an id of its own", known.Action)
	case err == nil && known.State == command.Queued:
		return h.Dispatcher.Drain(ctx, chargePointID) // perhaps we failed half way the first time
	case err == nil && known.State == command.Expired:
		return command.TellAgain(ctx, h.Events, known) // likewise
	case err == nil:
		return nil
	case !fault.Is(err, fault.NotFound):
		return err
	}
	now := h.Now()
	if late := now.Sub(time.UnixMilli(int64(event.PublishedAt))); event.PublishedAt > 0 && late > patience {
		return fault.New(fault.Invalid, "it was published %s ago, and comes too late to be sent", late.Truncate(time.Second))
	}
	cp, err := h.Registry.Get(ctx, chargePointID)
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.NotFound, "charge point %s is not registered as an IoT Thing", chargePointID)
	}
	if err != nil {
		return err
	}
	switch {
	case cp.Protocol == "":
		return fault.New(fault.Offline, "charge point %s has never connected", chargePointID)
	case command.Withheld(cp, call.Action) != "":
		return fault.New(fault.Invalid, "charge point %s %s", chargePointID, command.Withheld(cp, call.Action))
	}
	if secret.Sets(call.Action, call.Payload) {
		return fault.New(fault.Invalid, "this %s would change the key by which charge point %s logs in, and the system would not know the new one: "+
			"use POST /charge-points/%s/key-rotation", call.Action, chargePointID, chargePointID)
	}
	if err := callcheck.Check(ocppj.Version(cp.Protocol), call.Action, call.Payload); err != nil {
		return err
	}
	err = h.Dispatcher.Submit(ctx, command.Command{
		ChargePointID: cp.ID, ID: call.ID, Action: call.Action, Payload: call.Payload, Protocol: cp.Protocol, Origin: command.OriginMQTT,
		State: command.Queued, CreatedAt: now, Timeout: command.DefaultTimeout,
		// What is published on MQTT is meant for now: a subscriber that is away misses it. A minute bridges a
		// reconnect or another CALL's answer, and nobody is surprised by an order that is hours old.
		ExpiresAt: now.Add(command.DefaultExpiry),
	})
	if fault.Is(err, fault.Conflict) {
		return nil // the same CALL, delivered twice at once
	}
	return err
}

// sameJSON compares what two payloads say, but for their secrets, which a finished command forgets. IoT rules write JSON anew.
func sameJSON(a, b json.RawMessage) bool {
	var first, second any
	if json.Unmarshal(secret.Masked(a), &first) != nil || json.Unmarshal(secret.Masked(b), &second) != nil {
		return false
	}
	return reflect.DeepEqual(first, second)
}
