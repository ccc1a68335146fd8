package command

import (
	"context"
	"log/slog"

	"github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/secret"
)

// FinishedEvent is what integrators are told of a finished command, without secrets. Its id is the command's.
func (c Command) FinishedEvent() event.Event {
	return event.Event{
		Name: event.CommandFinished, ID: c.ID, ChargePointID: c.ChargePointID, At: c.FinishedAt,
		Data: event.Command{
			CommandID: c.ID, Action: c.Action, Operation: c.Operation, CampaignID: c.CampaignID, State: string(c.State),
			Result: secret.Masked(c.Result), ErrorCode: c.ErrorCode, ErrorDescription: c.ErrorDescription,
		},
	}
}

// TellFinished publishes what became of a command; without a publisher it does nothing. That the event could not be
// published is a line in the log: the record of the command has it all.
func TellFinished(ctx context.Context, events event.Publisher, finished Command) {
	tell(ctx, events, finished.FinishedEvent())
}

func tell(ctx context.Context, events event.Publisher, e event.Event) {
	if events == nil {
		return
	}
	if err := events.Publish(ctx, e); err != nil {
		slog.WarnContext(ctx, "integrators miss an event", "chargePointId", e.ChargePointID, "event", string(e.Name), "eventId", e.ID, "error", err)
	}
}

// show lets observers see a command that was sent. It is sent whatever becomes of the mirror and the message log.
func (d *Dispatcher) show(ctx context.Context, log *slog.Logger, connectionID string, c Command, frame []byte) {
	if d.Mirror != nil && c.Origin != OriginMQTT { // those saw the integrator's own message on the same topic
		if err := d.Mirror.Out(ctx, c.ChargePointID, frame); err != nil {
			log.WarnContext(ctx, "the command is missing on the mirror topic", "error", err)
		}
	}
	if d.Log != nil {
		sent := SentFrame{ChargePointID: c.ChargePointID, ConnectionID: connectionID, MessageID: c.ID, Action: c.Action, Frame: frame, At: c.SentAt}
		if err := d.Log.Sent(ctx, sent); err != nil {
			log.WarnContext(ctx, "the command is missing in the message log", "error", err)
		}
	}
}
