package dynamo

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/dynamo/expression"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// The policy "the newest connection wins", in three conditions:
//
//	Open    no session, or an older one: by connectedAt, and by connection id within a millisecond
//	Restore no session, and the last one ended before a message came over this connection
//	others  connectionId is still the one that the caller speaks for
//
// So whatever order the events of several connections come in, the row ends with the newest that lives, and the
// late end of an old connection changes nothing.

// Open implements chargepoint.Sessions. Opening the same session again succeeds (an update whose answer
// was lost is repeated by the client): then before already has it, and the caller must not close it.
func (t *ChargePoints) Open(ctx context.Context, id string, session chargepoint.Session) (before chargepoint.ChargePoint, err error) {
	r := t.row(id)
	connectedAt := value(session.ConnectedAt.UnixMilli())
	connectionID := value(session.ConnectionID)
	newest := present(t.hash).And(absent("connectionId").Or(
		name("connectedAt").LessThan(connectedAt),
		name("connectedAt").Equal(connectedAt).And(name("connectionId").LessThanEqual(connectionID)),
	))
	change := removeAll(sessionChange(id, session).Set(name("lastSeenAt"), value(session.ConnectedAt)), append(callAttributes, "asked")...)
	if !session.Open {
		change = change.Remove(name("sessionOpen"))
	}
	old, opened, err := t.update(ctx, r, newest, change, types.ReturnValueAllOld)
	if err != nil {
		return before, err
	}
	if !opened {
		return before, t.goneOr(ctx, r, fault.New(fault.Stale, "a newer connection than %s holds the session of charge point %s", session.ConnectionID, id))
	}
	return chargePointOf(old)
}

// maxReason bounds the bytes that a client chooses: a close frame has room for 123, and the row has none
// for those. API Gateway's own reasons are shorter.
const maxReason = 32

// Close implements chargepoint.Sessions. The reason is cut to maxReason bytes.
func (t *ChargePoints) Close(ctx context.Context, id, connectionID string, code int, reason string, at time.Time) (before chargepoint.ChargePoint, err error) {
	change := removeAll(removeAll(expression.
		Set(name("disconnectedAt"), value(at)).
		Set(name("disconnectCode"), value(code)),
		sessionAttributes...), callAttributes...)
	if len(reason) > maxReason {
		reason = strings.ToValidUTF8(reason[:maxReason], "")
	}
	if reason == "" {
		change = change.Remove(name("disconnectReason"))
	} else {
		change = change.Set(name("disconnectReason"), value(reason))
	}
	old, closed, err := t.update(ctx, t.row(id), isSession(connectionID), change, types.ReturnValueAllOld)
	if err != nil {
		return before, err
	}
	if !closed {
		return before, stale(id, connectionID)
	}
	return chargePointOf(old)
}

// OpenForCommands implements chargepoint.Sessions.
func (t *ChargePoints) OpenForCommands(ctx context.Context, id, connectionID string) error {
	return t.setOfSession(ctx, id, connectionID, expression.Set(name("sessionOpen"), value(true)))
}

// Seen implements chargepoint.Sessions. fault.Stale if that connection is not the session.
func (t *ChargePoints) Seen(ctx context.Context, id, connectionID string, at time.Time) error {
	return t.setOfSession(ctx, id, connectionID, expression.Set(name("lastSeenAt"), value(at)))
}

// clocksDiffer is more than the clocks of API Gateway, which dates messages, and of functions, which date the ends of sessions, do.
const clocksDiffer = time.Second

// Restore implements chargepoint.Sessions. Which connection is the newest, connectedAt does not tell here: the one that
// never came to be was newer. What tells is the end of the last session. A connection that ended by then sent its last message
// before it, however late that is dealt with; one over which a message came afterwards lives longer than the session did.
// A row that was made after the connection began is of another Thing of that name, and so is one without an end. Restoring
// what is the session succeeds (an update whose answer was lost is repeated by the client) and takes nothing from it: without a
// session there is neither a call nor what was asked.
func (t *ChargePoints) Restore(ctx context.Context, id string, session chargepoint.Session, at time.Time) error {
	outlived := absent("connectionId").And(
		name("disconnectedAt").LessThan(value(at.Add(-clocksDiffer))),
		name("timestamp").LessThanEqual(value(session.ConnectedAt)),
	)
	change := sessionChange(id, session).Set(name("lastSeenAt"), value(at))
	_, restored, err := t.update(ctx, t.row(id), isSession(session.ConnectionID).Or(outlived), change, types.ReturnValueNone)
	if err == nil && !restored {
		return stale(id, session.ConnectionID)
	}
	return err
}

// sessionChange makes a connection the session.
func sessionChange(id string, session chargepoint.Session) expression.Update {
	change := expression.
		Set(name("connectionId"), value(session.ConnectionID)).
		Set(name("protocol"), value(session.Protocol)).
		Set(name("connectedAt"), value(session.ConnectedAt.UnixMilli())).
		Set(name("connectedShard"), value(shardOf(id)))
	if session.Open {
		change = change.Set(name("sessionOpen"), value(true))
	}
	return change
}

func (t *ChargePoints) setOfSession(ctx context.Context, id, connectionID string, change expression.Update) error {
	_, done, err := t.update(ctx, t.row(id), isSession(connectionID), change, types.ReturnValueNone)
	if err == nil && !done {
		return stale(id, connectionID)
	}
	return err
}

func isSession(connectionID string) expression.Condition {
	return name("connectionId").Equal(value(connectionID))
}

func stale(id, connectionID string) error {
	return fault.New(fault.Stale, "connection %s does not hold the session of charge point %s (any more)", connectionID, id)
}
