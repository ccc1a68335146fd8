package main

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/token"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// mayTalk tells whether other messages than a boot are served. It costs a read only while the charge
// point is not accepted yet.
func (h *Handler) mayTalk(ctx context.Context, from connection) (bool, error) {
	if from.Accepted || h.memory.accepted(from.ID) {
		return true, nil
	}
	cp, err := h.Registry.Get(ctx, from.ChargePointID)
	if fault.Is(err, fault.NotFound) {
		return false, nil // deleted while it was connected
	}
	if err != nil {
		return false, err
	}
	if cp.MayTalk() {
		h.memory.accept(from.ID)
	}
	return cp.MayTalk(), nil
}

// know reads, and writes, what an answer needs: at most one round trip, the table accesses of one
// message run beside each other.
func (h *Handler) know(ctx context.Context, from connection, needs ocpp.Needs) (ocpp.Known, error) {
	known := ocpp.Known{Now: h.Now(), HeartbeatInterval: h.HeartbeatInterval}
	var tokenErr, startErr, bootErr error
	var reads sync.WaitGroup
	if needs.IDToken != "" {
		reads.Go(func() { known.Authorization, tokenErr = h.authorize(ctx, needs.IDToken) })
	}
	if needs.Start != nil {
		reads.Go(func() { known.TransactionID, startErr = h.begin(ctx, from, *needs.Start) })
	}
	if needs.Boot {
		reads.Go(func() {
			known.Registration, bootErr = h.boot(ctx, from, known.Now)
		})
	}
	reads.Wait()
	for _, err := range []error{tokenErr, startErr, bootErr} {
		if err != nil {
			return known, err
		}
	}
	return known, nil
}

// boot notes a boot. A charge point that was deleted while it was connected is rejected.
func (h *Handler) boot(ctx context.Context, from connection, now time.Time) (chargepoint.Registration, error) {
	booted, err := h.Boots.Boot(ctx, from.ChargePointID, now)
	if fault.Is(err, fault.NotFound) {
		return chargepoint.Rejected, nil
	}
	return booted.Registration, err
}

func (h *Handler) authorize(ctx context.Context, idToken string) (token.Authorization, error) {
	found, err := h.Tokens.Find(ctx, idToken)
	if fault.Is(err, fault.NotFound) {
		return token.Authorize(nil, h.UnknownTokens, h.Now()), nil
	}
	if err != nil {
		return token.Authorization{}, err
	}
	return token.Authorize(&found, h.UnknownTokens, h.Now()), nil
}

// begin claims the id of a 1.6 transaction. The id is derived from the start, so that a repeated start
// finds its own; only another start that derives the same one leads to another attempt.
func (h *Handler) begin(ctx context.Context, from connection, start ocpp.Start) (int, error) {
	key := transaction.StartKey(start.ConnectorID, start.IDTag, start.At, start.MeterStart)
	for attempt := 0; ; attempt++ {
		id := transaction.NewID(from.ChargePointID, key, attempt)
		err := h.Transactions.Begin(ctx, transaction.Transaction{
			ChargePointID: from.ChargePointID,
			ID:            strconv.Itoa(id),
			Protocol:      string(from.Version),
			Connector:     strconv.Itoa(start.ConnectorID),
			State:         transaction.Active,
			StartedAt:     start.At,
			StartKey:      key,
		})
		if fault.Is(err, fault.Conflict) {
			continue
		}
		return id, err
	}
}
