package command

import (
	"context"
	"log/slog"

	"github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/fault"
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

// TellFinished publishes what became of a command; without a publisher it does nothing. An error is for whoever is called
// again, and tells again then. An event that can never be published, because it is too large, is a line in the log: the record of the
// command has it all.
func TellFinished(ctx context.Context, events event.Publisher, finished Command) error {
	return tell(ctx, events, finished.FinishedEvent())
}

// TellAgain is TellFinished of a command whose end was told already, unless whoever ended it died before.
func TellAgain(ctx context.Context, events event.Publisher, finished Command) error {
	e := finished.FinishedEvent()
	e.Again = true
	return tell(ctx, events, e)
}

func tell(ctx context.Context, events event.Publisher, e event.Event) error {
	if events == nil {
		return nil
	}
	err := events.Publish(ctx, e)
	if fault.Is(err, fault.Invalid) {
		missed(ctx, e, err)
		return nil
	}
	return err
}

// TellEnded is TellFinished of a command that ended while it waited, for those who are not called again: the timer of the command
// tells again (Drained).
func TellEnded(ctx context.Context, events event.Publisher, ended Command) {
	if err := TellFinished(ctx, events, ended); err != nil {
		slog.WarnContext(ctx, "integrators are told later of the end of a command", "chargePointId", ended.ChargePointID, "messageId", ended.ID, "error", err)
	}
}

// missed notes an event that is not told again.
func missed(ctx context.Context, e event.Event, err error) {
	slog.WarnContext(ctx, "integrators miss an event", "chargePointId", e.ChargePointID, "event", string(e.Name), "eventId", e.ID, "error", err)
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
