package main

import (
	"context"

	"github.com/serverless-ocpp/backend/shared/campaign"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// stopPage is how many members one tick takes back: within a second or two.
const stopPage = 500

// stopMembers takes back what waits, a page of members after the other. What has been sent runs out.
func (h *Handler) stopMembers(ctx context.Context, c *campaign.Campaign) error {
	page, err := h.Members.After(ctx, c.ID, c.Cursor, stopPage)
	if err != nil {
		return err
	}
	if err := forEach(page, func(_ int, m campaign.Member) error { return h.takeBack(ctx, m) }); err != nil {
		return err
	}
	if len(page) < stopPage {
		c.Phase, c.Cursor = campaign.RunningOut, ""
	} else {
		c.Cursor = page[len(page)-1].ChargePointID
	}
	return nil
}

// takeBack cancels those commands of a member that wait.
func (h *Handler) takeBack(ctx context.Context, m campaign.Member) error {
	if m.State.Final() {
		return nil
	}
	commands, err := h.commandsOf(ctx, m) // of a member to be ordered, those that a process stored before it died
	if err != nil {
		return err
	}
	if len(commands) == 0 {
		m.State, m.ChangedAt = campaign.Cancelled, h.Now()
		_, err := h.Members.Put(ctx, m)
		return err
	}
	for i, c := range commands {
		cancelled, err := h.Commands.Apply(ctx, c.ChargePointID, c.ID, command.Outcome{Event: command.EventCancel, At: h.Now()})
		switch {
		case err == nil:
			commands[i] = cancelled
			command.TellEnded(ctx, h.Events, cancelled)
		case fault.Is(err, fault.Conflict): // it was sent, or is final
			if commands[i], err = h.Commands.Get(ctx, c.ChargePointID, c.ID); err != nil {
				return err
			}
		default:
			return err
		}
	}
	_, err = h.Members.Put(ctx, m.Told(commands, h.Now()))
	return err
}
