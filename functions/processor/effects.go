package main

import (
	"context"
	"log/slog"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/journal"
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/report"
	"github.com/serverless-ocpp/backend/shared/reservation"
	"github.com/serverless-ocpp/backend/shared/secret"
	"github.com/serverless-ocpp/backend/shared/transaction"
	"github.com/serverless-ocpp/backend/shared/variable"
)

// Effects is where the effects of messages go.
type Effects struct {
	Boots        chargepoint.Boots
	Keys         chargepoint.Keys
	Profiles     chargepoint.Profiles
	Lists        chargepoint.LocalLists
	Connectors   chargepoint.Connectors
	Transactions transaction.Store
	Readings     transaction.Readings
	RemoteStarts command.RemoteStarts
	Reservations reservation.Store
	Reports      report.Store
	Variables    variable.Store
}

// apply applies one effect: to the tables first, then to the shadow, and then integrators are told.
func (h *Handler) apply(ctx context.Context, record journal.Record, frame ocppj.Frame, effect ocpp.Effect) error {
	switch e := effect.(type) {
	case ocpp.Booted:
		return h.booted(ctx, record, frame, e.Boot)
	case ocpp.ConnectorChanged:
		e.Connector.ChargePointID = record.ChargePointID
		if err := h.Effects.Connectors.Put(ctx, e.Connector); err != nil {
			return err
		}
		return h.tellStatus(ctx, record, frame, e.Connector)
	case ocpp.TransactionChanged:
		after, err := h.Effects.transaction(ctx, record, e.Event)
		if err != nil {
			return err
		}
		if err := h.Shadow.TransactionChanged(ctx, after, e.Event, record.ReceivedAt, frame.Payload); err != nil {
			return err
		}
		return h.tellTransaction(ctx, record, frame, after, e.Event)
	case ocpp.MeterRead:
		return h.Effects.Readings.Add(ctx, record.ChargePointID, "", e.Connector, e.Readings)
	case ocpp.Reported:
		return h.keepReport(ctx, record, frame, e.Report)
	case ocpp.VariablesReported:
		return h.keepVariables(ctx, record, frame, e.Variables)
	case ocpp.CertificateRequested:
		return h.sign(ctx, record, frame, e)
	case ocpp.DataReceived:
		return unlessInvalid(ctx, record, frame, h.Mirror.Data(ctx, record.ChargePointID, e.VendorID, e.Payload))
	case ocpp.Dropped:
		slog.WarnContext(ctx, "a part of a message is left out", "chargePointId", record.ChargePointID, "messageId", frame.ID, "action", frame.Action, "error", e.Reason)
		return nil
	}
	return fault.New(fault.Internal, "no way to apply a %T", effect)
}

// booted describes the charge point as it is since a boot. One that comes behind a later boot is told, and changes nothing.
func (h *Handler) booted(ctx context.Context, record journal.Record, frame ocppj.Frame, boot chargepoint.Boot) error {
	switch err := h.Effects.Boots.DescribeBoot(ctx, record.ChargePointID, boot, record.ReceivedAt); {
	case err == nil:
		if err := h.Effects.forgetOtherNames(ctx, record); err != nil {
			return err
		}
		if err := h.Shadow.Booted(ctx, record.ChargePointID, boot); err != nil {
			return err
		}
	case fault.Is(err, fault.NotFound):
		return nil // the charge point was deleted meanwhile: nothing is left to change
	case !fault.Is(err, fault.Stale):
		return err
	}
	return h.tellBooted(ctx, record, frame, boot)
}

// unlessGone drops the error that a charge point was deleted meanwhile: nothing is left to change.
func unlessGone(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// unlessInvalid drops the error that something a charge point said cannot be stored or published as it is: said
// again, it would be the same. The rest of the message counts.
func unlessInvalid(ctx context.Context, record journal.Record, frame ocppj.Frame, err error) error {
	if !fault.Is(err, fault.Invalid) {
		return err
	}
	slog.WarnContext(ctx, "a part of a message is left out", "chargePointId", record.ChargePointID, "messageId", frame.ID, "action", frame.Action, "error", err)
	return nil
}

// keepReport stores a report, without secrets, and follows what it says of a reservation or the security.
func (h *Handler) keepReport(ctx context.Context, record journal.Record, frame ocppj.Frame, r report.Report) error {
	r.ChargePointID, r.Data = record.ChargePointID, secret.Masked(r.Data)
	if err := unlessInvalid(ctx, record, frame, h.Effects.Reports.Put(ctx, r)); err != nil {
		return err
	}
	switch r.Kind {
	case report.Reservation:
		return h.Effects.endReservation(ctx, record, frame)
	case report.SecurityEvent:
		return h.tellSecurity(ctx, record, frame, r)
	}
	return nil
}

// keepVariables stores variables of the device model, whichever message told them, but no secret.
func (h *Handler) keepVariables(ctx context.Context, record journal.Record, frame ocppj.Frame, variables []variable.Variable) error {
	for i := range variables {
		variables[i].ChargePointID = record.ChargePointID
		if secret.Named(variables[i].Variable.Name) {
			variables[i].Value, variables[i].Attributes = "", nil
		}
		variables[i].Value, variables[i].Attributes = secret.MaskedText(variables[i].Value), secret.Masked(variables[i].Attributes)
	}
	return unlessInvalid(ctx, record, frame, h.Effects.Variables.Put(ctx, variables))
}
