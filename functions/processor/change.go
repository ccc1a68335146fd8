package main

import (
	"context"

	"github.com/serverless-ocpp/backend/functions/processor/consequence"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/journal"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/reservation"
)

// change applies what follows from an answer. All of it may happen again.
func (h *Handler) change(ctx context.Context, record journal.Record, answer ocppj.Frame, change consequence.Change) error {
	chargePointID, at := record.ChargePointID, record.ReceivedAt
	switch c := change.(type) {
	case consequence.KeySettled:
		return h.Effects.Keys.Settle(ctx, chargePointID, answer.ID, c.Accepted)
	case consequence.ProfileRaised:
		return unlessGone(h.Effects.Profiles.RaiseSecurityProfile(ctx, chargePointID, c.Profile))
	case consequence.ReservationAnswered:
		return h.Effects.Reservations.Answered(ctx, chargePointID, c.ID, answer.ID, c.Accepted, at)
	case consequence.ReservationCancelled:
		return h.Effects.Reservations.End(ctx, chargePointID, c.ID, reservation.Cancelled, "", at)
	case consequence.ListVersionTold:
		return unlessGone(h.Effects.Lists.ListVersionTold(ctx, chargePointID, c.Version))
	case consequence.VariablesSet:
		return h.keepVariables(ctx, record, answer, c.Variables)
	}
	return fault.New(fault.Internal, "no way to apply a %T", change)
}
