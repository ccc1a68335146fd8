package main

import (
	"context"
	"log/slog"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/journal"
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/report"
	"github.com/serverless-ocpp/backend/shared/transaction"
	"github.com/serverless-ocpp/backend/shared/variable"
)

// Effects is where the effects of messages go.
type Effects struct {
	Boots        chargepoint.Boots
	Connectors   chargepoint.Connectors
	Transactions transaction.Store
	Readings     transaction.Readings
	Reports      report.Store
	Variables    variable.Store
}

// apply applies one effect, to the tables first and then to the shadow.
func (h *Handler) apply(ctx context.Context, record journal.Record, frame ocppj.Frame, effect ocpp.Effect) error {
	switch e := effect.(type) {
	case ocpp.Booted:
		if err := h.Effects.Boots.DescribeBoot(ctx, record.ChargePointID, e.Boot, record.ReceivedAt); err != nil {
			return unlessGone(err)
		}
		return h.Shadow.Booted(ctx, record.ChargePointID, e.Boot)
	case ocpp.ConnectorChanged:
		e.Connector.ChargePointID = record.ChargePointID
		return h.Effects.Connectors.Put(ctx, e.Connector)
	case ocpp.TransactionChanged:
		after, err := h.Effects.transaction(ctx, record, e.Event)
		if err != nil {
			return err
		}
		return h.Shadow.TransactionChanged(ctx, after, e.Event, record.ReceivedAt, frame.Payload)
	case ocpp.MeterRead:
		return h.Effects.Readings.Add(ctx, record.ChargePointID, "", e.Connector, e.Readings)
	case ocpp.Reported:
		e.Report.ChargePointID = record.ChargePointID
		return unlessInvalid(ctx, record, frame, h.Effects.Reports.Put(ctx, e.Report))
	case ocpp.VariablesReported:
		return h.keepVariables(ctx, record, frame, e.Variables)
	case ocpp.CertificateRequested:
		return h.sign(ctx, record, frame, e)
	case ocpp.DataReceived:
		return unlessInvalid(ctx, record, frame, h.Mirror.Data(ctx, record.ChargePointID, e.VendorID, e.Payload))
	}
	return fault.New(fault.Internal, "no way to apply a %T", effect)
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

// keepVariables stores variables of the device model, whichever message told them.
func (h *Handler) keepVariables(ctx context.Context, record journal.Record, frame ocppj.Frame, variables []variable.Variable) error {
	for i := range variables {
		variables[i].ChargePointID = record.ChargePointID
	}
	return unlessInvalid(ctx, record, frame, h.Effects.Variables.Put(ctx, variables))
}
