package operation

import (
	"context"
	"encoding/json"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/command/callcheck"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Orders turns operations into commands.
type Orders struct {
	Desk Desk
	// Submit stores a command and sends it when it is its turn: command.Dispatcher.Submit.
	Submit func(ctx context.Context, c command.Command) error
}

// Terms are how an operation is ordered, whichever it is.
type Terms struct {
	Kind       string        // name of the row; "" for a Raw
	CommandID  string        // of the first command; command.NewID makes one
	Expiry     time.Duration // not sent after that: expired; later ones of several commands may wait for those before
	Timeout    time.Duration // from sending to the answer
	Origin     command.Origin
	CampaignID string
}

// betweenCalls is ample time from the end of one CALL, of which a timer may tell, to the sending of the next.
const betweenCalls = 30 * time.Second

// Place checks an operation, translates it into the version that a charge point is to be spoken to in, and submits
// its commands in their order. Nothing is stored when the error is fault.Invalid, fault.Malformed or fault.Conflict.
// Placing the same operation under the same command id again is a fault.Conflict once its command is stored.
func (o Orders) Place(ctx context.Context, cp chargepoint.ChargePoint, version ocppj.Version, operation Operation, terms Terms) ([]command.Command, Said, error) {
	target := Target{ChargePoint: cp, Version: version, CommandID: terms.CommandID, ExpiresAt: o.Desk.Now().Add(terms.Expiry)}
	if prepared, ok := operation.(Prepared); ok {
		if err := prepared.Prepare(ctx, o.Desk, target); err != nil {
			return nil, Said{}, err
		}
	}
	now := o.Desk.Now() // the place in the queue: what was prepared later, such as a version of a local list, is sent later
	calls, err := operation.Calls(version)
	if err != nil {
		return nil, Said{}, err
	}
	commands := make([]command.Command, len(calls))
	for i, call := range calls {
		payload, err := checked(cp, version, call)
		if err != nil {
			return nil, Said{}, err
		}
		commands[i] = command.Command{
			ChargePointID: cp.ID, ID: command.NthID(terms.CommandID, i), Action: call.Action, Payload: payload, Protocol: string(version),
			Origin: terms.Origin, Operation: terms.Kind, CampaignID: terms.CampaignID,
			State: command.Queued, CreatedAt: now, Timeout: terms.Timeout,
			// One CALL waits for the answer to the one before: half of a local list would be worse than none.
			ExpiresAt: now.Add(terms.Expiry + time.Duration(i)*(terms.Timeout+betweenCalls)),
		}
	}
	for _, c := range commands {
		if err := o.Submit(ctx, c); err != nil {
			return nil, Said{}, err
		}
	}
	var said Said
	if telling, ok := operation.(Telling); ok {
		said = telling.Said()
	}
	return commands, said, nil
}

// checked returns the payload of a CALL that may be sent to a charge point. fault.Conflict if it must not be sent this
// one as it is registered, fault.Invalid if the payload is against its schema.
func checked(cp chargepoint.ChargePoint, version ocppj.Version, call Call) (json.RawMessage, error) {
	if why := command.Withheld(cp, call.Action); why != "" {
		return nil, fault.New(fault.Conflict, "charge point %s %s", cp.ID, why)
	}
	payload, err := json.Marshal(call.Payload)
	if err != nil {
		return nil, err
	}
	return payload, callcheck.Check(version, call.Action, payload)
}
