package main

import (
	"cmp"
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/token"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// admit returns the refusal of a message that its charge point may not send yet. It costs a read only
// while the charge point is not accepted. Some send their statuses right behind their first boot, without
// waiting for its answer; then the boot may be under way beside this message, and gets a moment.
func (h *Handler) admit(ctx context.Context, from connection, frame ocppj.Frame, action ocpp.Action) error {
	if action.Unregistered || from.Accepted || h.memory.accepted(from.ID) {
		return nil
	}
	for look := 1; ; look++ {
		cp, err := h.Registry.Get(ctx, from.ChargePointID)
		switch {
		case fault.Is(err, fault.NotFound):
			return notRegistered // deleted while it was connected
		case err != nil:
			return err
		case cp.MayTalk():
			h.memory.accept(from.ID)
			return nil
		case cp.MayAnswer(frame.Action):
			return nil
		case cp.Registration != chargepoint.Accepted || look == bootLooks:
			return notRegistered // a boot under way would be told no better, or there is none
		case look == 1 && !h.memory.mayWait(from.ID):
			return notRegistered
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(bootPause):
		}
	}
}

// How long a boot that is under way is waited for: longer than it takes even where a function starts for it,
// shorter than anybody notices who has no boot under way and is refused.
const (
	bootLooks = 4
	bootPause = 150 * time.Millisecond

	// bootWaits is how often one connection is waited for: one that goes on without a boot has none under way, and would
	// hold an instance for half a second with each message.
	bootWaits = 10
)

// know reads, and writes, what an answer needs: at most one round trip, the table accesses of one
// message run beside each other.
func (h *Handler) know(ctx context.Context, from connection, needs ocpp.Needs) (ocpp.Known, error) {
	known := ocpp.Known{Now: h.Now(), HeartbeatInterval: h.HeartbeatInterval, Vendors: h.Vendors}
	var accesses sideBySide
	if needs.IDToken != "" {
		accesses.do(func() (err error) { known.Authorization, err = h.authorize(ctx, needs.IDToken); return err })
	}
	if needs.Start != nil {
		accesses.do(func() (err error) { known.TransactionID, err = h.begin(ctx, from, *needs.Start); return err })
	}
	if needs.Boot {
		accesses.do(func() (err error) { known.Registration, err = h.boot(ctx, from, known.Now); return err })
	}
	return known, accesses.wait()
}

// sideBySide are functions that run beside each other. A panic in one is an error of it: in a goroutine it would end
// the process, and with it the other invocations' answers.
type sideBySide []func() error

func (s *sideBySide) do(access func() error) { *s = append(*s, access) }

// wait runs all, the last of them here, and returns the first error once they are done.
func (s sideBySide) wait() error {
	if len(s) == 0 {
		return nil
	}
	var running sync.WaitGroup
	errs, last := make([]error, len(s)), len(s)-1
	for n, access := range s[:last] {
		running.Go(func() { errs[n] = fault.Recovered(access) })
	}
	errs[last] = fault.Recovered(s[last])
	running.Wait()
	return cmp.Or(errs...)
}

// boot notes a boot. A charge point that was deleted while it was connected is rejected.
func (h *Handler) boot(ctx context.Context, from connection, now time.Time) (chargepoint.Registration, error) {
	booted, err := h.Boots.Boot(ctx, from.ChargePointID, now)
	if fault.Is(err, fault.NotFound) {
		return chargepoint.Rejected, nil
	}
	return booted.Registration, err
}

// unknownTokens is what a charge point is told of a token that the table does not know. 2.x has a word
// of its own for such a token; 1.6 says Invalid.
var unknownTokens = map[string]token.Status{"Accepted": token.Accepted, "Invalid": token.Unknown}

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

// startAttempts bounds the numbers tried for one transaction. Of two billion each is free, so that even a
// second is hardly ever tried; a table in which five are taken is not what it should be.
const startAttempts = 5

// begin claims the id of a 1.6 transaction. The id is derived from the start, so that a repeated start
// finds its own; only another start that derives the same one leads to another attempt.
func (h *Handler) begin(ctx context.Context, from connection, start ocpp.Start) (id int, err error) {
	key := transaction.StartKey(start.ConnectorID, start.IDTag, start.At, start.MeterStart)
	for attempt := range startAttempts {
		id = transaction.NewID(from.ChargePointID, key, attempt)
		err = h.Transactions.Begin(ctx, transaction.Transaction{
			ChargePointID: from.ChargePointID,
			ID:            strconv.Itoa(id),
			Protocol:      string(from.Version),
			Connector:     strconv.Itoa(start.ConnectorID),
			State:         transaction.Active,
			StartedAt:     start.At,
			StartKey:      key,
		})
		if !fault.Is(err, fault.Conflict) {
			break
		}
	}
	return id, err
}
