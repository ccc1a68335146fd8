package main

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/exactjson"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/journal"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/report"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// tell publishes an event that a message tells of; about tells apart those of one name in one message. An event
// that is not published is an error: the record comes again, and so does the event, under the same id. One that never can be,
// because it is too large, is left out.
func (h *Handler) tell(ctx context.Context, record journal.Record, frame ocppj.Frame, name event.Name, about string, at time.Time, data any) error {
	if at.IsZero() {
		at = record.ReceivedAt
	}
	told := event.Event{Name: name, ID: eventID(record, frame, about), ChargePointID: record.ChargePointID, At: at, Data: data}
	return unlessInvalid(ctx, record, frame, h.Events.Publish(ctx, told))
}

// eventID is the same whenever the same record comes again. The message id alone would not do: charge points use
// theirs again after a boot.
func eventID(record journal.Record, frame ocppj.Frame, about string) string {
	name := record.ChargePointID + "\n" + record.ReceivedAt.Format(time.RFC3339Nano) + "\n" + frame.ID + "\n" + about
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte(name)).String()
}

func (h *Handler) tellBooted(ctx context.Context, record journal.Record, frame ocppj.Frame, boot chargepoint.Boot) error {
	answer, err := ocppj.Parse(record.Answer)
	if err != nil {
		return fault.Wrap(fault.Malformed, err, "answer to %s of charge point %s", frame.Action, record.ChargePointID)
	}
	var told struct {
		Status string `json:"status"`
	}
	if err := exactjson.Unmarshal(answer.Payload, &told); err != nil {
		return fault.Wrap(fault.Malformed, err, "answer to %s of charge point %s", frame.Action, record.ChargePointID)
	}
	return h.tell(ctx, record, frame, event.Booted, "", record.ReceivedAt, event.Boot{
		VendorName: boot.VendorName, Model: boot.Model, SerialNumber: boot.SerialNumber, FirmwareVersion: boot.FirmwareVersion,
		Reason: boot.Reason, Registration: told.Status,
	})
}

func (h *Handler) tellStatus(ctx context.Context, record journal.Record, frame ocppj.Frame, c chargepoint.Connector) error {
	return h.tell(ctx, record, frame, event.StatusChanged, c.Connector, c.At, event.Status{
		Connector: c.Connector, Status: c.Status, ReceivedAt: record.ReceivedAt, ErrorCode: c.ErrorCode, Info: c.Info,
	})
}

func (h *Handler) tellTransaction(ctx context.Context, record journal.Record, frame ocppj.Frame, t transaction.Transaction, e transaction.Event) error {
	names := map[transaction.EventKind]event.Name{
		transaction.EventStarted: event.TransactionStarted,
		transaction.EventUpdated: event.TransactionUpdated,
		transaction.EventEnded:   event.TransactionEnded,
	}
	return h.tell(ctx, record, frame, names[e.Kind], t.ID, e.At, event.Transaction{
		TransactionID: t.ID, Revision: t.Revision, Connector: t.Connector, State: string(t.State), ChargingState: t.ChargingState.Value, IDToken: t.IDToken,
		StartedAt: t.StartedAt, EndedAt: t.EndedAt, EnergyWh: t.Energy(), PowerW: measured(t.Meter.Power), SoCPercent: measured(t.Meter.SoC),
		StopReason: t.StopReason, RemoteStartID: t.RemoteStartID, CommandID: t.CommandID,
	})
}

func measured(m *transaction.Measured) *float64 {
	if m == nil {
		return nil
	}
	return &m.Value
}

func (h *Handler) tellSecurity(ctx context.Context, record journal.Record, frame ocppj.Frame, r report.Report) error {
	var told event.Security // its members are called as in SecurityEventNotification
	if err := exactjson.Unmarshal(r.Data, &told); err != nil {
		return unlessInvalid(ctx, record, frame, fault.Wrap(fault.Invalid, err, "integrators are not told of the security event"))
	}
	return h.tell(ctx, record, frame, event.SecurityReported, "", r.At, told)
}
