package main

import (
	"context"
	"log/slog"

	"github.com/serverless-ocpp/backend/shared/campaign"
	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/operation"
)

// maxAttempts to order a member: five ticks are long enough for a table that takes no more at the moment.
const maxAttempts = 5

// orderMembers orders those members whose time has come, in the order of their ids. The cursor passes a member when its
// fate is stored, so none is forgotten.
func (h *Handler) orderMembers(ctx context.Context, c *campaign.Campaign) error {
	now := h.Now()
	due, paced := c.Due(now)
	if due == 0 {
		return nil
	}
	// Behind one that has to be tried again there are others that were ordered already.
	const window = 2 * campaign.MaxBatch
	page, err := h.Members.After(ctx, c.ID, c.Cursor, window)
	if err != nil {
		return err
	}
	if c.StartedAt.IsZero() {
		c.StartedAt = now
	}
	var turns []int // those members of the page whose turn it is
	for i, m := range page {
		if m.State == campaign.ToOrder && len(turns) < due {
			turns = append(turns, i)
		}
	}
	failure := forEach(turns, func(_ int, i int) error {
		ordered := h.order(ctx, *c, page[i])
		if _, err := h.Members.Put(ctx, ordered); err != nil {
			return err // it is still to be ordered, and the next tick finds its commands
		}
		page[i] = ordered
		return nil
	})
	if len(turns) > 0 {
		c.PacedAt, c.OrderedAt = paced, h.Now()
	}
	passed := 0
	for passed < len(page) && page[passed].State != campaign.ToOrder {
		c.Cursor = page[passed].ChargePointID
		passed++
	}
	if passed == len(page) && len(page) < window {
		c.Phase, c.Cursor = campaign.Waiting, ""
	}
	return failure
}

// order makes the commands of one member, once, and returns the member as it is then: still to be ordered if it is worth
// another attempt.
func (h *Handler) order(ctx context.Context, c campaign.Campaign, m campaign.Member) campaign.Member {
	ordered := m
	err := fault.Recovered(func() (err error) {
		ordered, err = h.place(ctx, c, m)
		return err
	})
	if err == nil {
		return ordered
	}
	if ctx.Err() != nil {
		return m // the time of this tick is over
	}
	m.ChangedAt, m.Code, m.Error = h.Now(), fault.CodeOf(err), err.Error()
	switch m.Code {
	case fault.Invalid, fault.Malformed, fault.Conflict, fault.NotFound, fault.Offline:
		m.State = campaign.Failed // and would be the next time
		return m
	case fault.Gone, fault.Stale, fault.Unauthorized, fault.Throttled, fault.Internal:
	}
	m.Attempts++
	log := slog.With("campaignId", c.ID, "chargePointId", m.ChargePointID, "messageId", m.CommandID, "attempt", m.Attempts, "error", err)
	if m.Attempts < maxAttempts {
		log.WarnContext(ctx, "the member could not be ordered; the next tick tries again")
		return m
	}
	log.ErrorContext(ctx, "the member could not be ordered, and is given up")
	m.State = campaign.Failed
	m.Error = "the system could not order it, its log says why" // the text may name resources of the account
	return m
}

// place looks for what an earlier attempt stored, before it stores anything.
func (h *Handler) place(ctx context.Context, c campaign.Campaign, m campaign.Member) (campaign.Member, error) {
	there, err := h.commandsOf(ctx, m)
	if err != nil {
		return m, err
	}
	cp, version, err := h.addressee(ctx, m)
	if len(there) > 0 {
		if err != nil {
			return m.Told(there, h.Now()), nil // it was ordered, and has been deleted since
		}
		return h.resume(ctx, c, m, cp, there)
	}
	if err != nil {
		return m, err
	}
	if c.DryRun {
		if _, err := c.Order.Rehearse(ctx, cp, version, h.Orders.Desk.Tokens); err != nil {
			return m, err
		}
		m.State, m.ChangedAt, m.Code, m.Error = campaign.Planned, h.Now(), "", ""
		return m, nil
	}
	return h.command(ctx, c, m, cp, version)
}

// addressee reads whom to order, and the version to say it in: that of its connection, or of its last.
func (h *Handler) addressee(ctx context.Context, m campaign.Member) (cp chargepoint.ChargePoint, version ocppj.Version, err error) {
	cp, err = h.ChargePoints.Get(ctx, m.ChargePointID)
	switch {
	case fault.Is(err, fault.NotFound):
		return cp, "", fault.New(fault.NotFound, "there is no charge point %s", m.ChargePointID)
	case err == nil && cp.Protocol == "":
		return cp, "", fault.New(fault.Offline, "charge point %s has never connected, so nobody knows which version of OCPP to command it in", cp.ID)
	}
	return cp, ocppj.Version(cp.Protocol), err
}

// resume finishes an order whose process died: of several commands, the last ones may be missing.
func (h *Handler) resume(ctx context.Context, c campaign.Campaign, m campaign.Member, cp chargepoint.ChargePoint, there []command.Command) (campaign.Member, error) {
	version := ocppj.Version(there[0].Protocol)
	whole, err := c.Order.Rehearse(ctx, cp, version, h.Orders.Desk.Tokens)
	if err != nil || len(there) >= whole {
		return m.Told(there, h.Now()), nil // it cannot be ordered any more, but the part that was is under way
	}
	return h.command(ctx, c, m, cp, version)
}

// command makes those commands of a member that are not there.
func (h *Handler) command(ctx context.Context, c campaign.Campaign, m campaign.Member, cp chargepoint.ChargePoint, version ocppj.Version) (campaign.Member, error) {
	body, err := c.Order.Body()
	if err != nil {
		return m, err
	}
	orders := operation.Orders{Desk: h.Orders.Desk, Submit: func(ctx context.Context, c command.Command) error {
		err := h.Orders.Submit(ctx, c)
		if fault.Is(err, fault.Conflict) {
			return nil // an earlier attempt stored it
		}
		return err
	}}
	terms := operation.Terms{
		Kind: c.Operation, CommandID: m.CommandID, Expiry: c.Expiry, Timeout: c.Timeout, Origin: command.OriginCampaign, CampaignID: c.ID,
	}
	placed, _, err := orders.Place(ctx, cp, version, body, terms)
	if err != nil {
		return m, err
	}
	m.Commands, m.Code, m.Error = len(placed), "", ""
	if stored, err := h.commandsOf(ctx, m); err == nil {
		placed = stored // with what has happened since
	}
	return m.Told(placed, h.Now()), nil
}
