package command

import (
	"context"
	"strconv"
	"time"

	"github.com/serverless-ocpp/backend/shared/exactjson"
	"github.com/serverless-ocpp/backend/shared/token"
)

// RemoteStarts links remote starts to the transactions that they led to.
type RemoteStarts interface {
	// RemoteStarts returns the newest 20 remote starts of a charge point that may still lead to a transaction, oldest
	// first, consistently.
	RemoteStarts(ctx context.Context, chargePointID string) ([]Command, error)
	// Link notes the transaction that a remote start led to, and takes the command out of RemoteStarts. Repeating it
	// changes nothing. fault.Conflict if it led to another transaction; fault.NotFound if there is no such command.
	Link(ctx context.Context, chargePointID, commandID, transactionID string) error
}

// Start is what a transaction tells of its beginning.
type Start struct {
	At            time.Time // by the charge point's clock
	IDToken       string
	Connector     string // as in chargepoint.Connector
	RemoteStartID *int   // 2.x: the number that the CALL gave it; nil if nobody started it remotely
}

const (
	// clockSlack is how much a charge point's clock may be behind ours where the clock must tell what came first.
	clockSlack = 10 * time.Minute
	// plugInTime is how long after a 1.6 remote start a transaction still counts as its: charge points wait for the plug
	// for minutes (ConnectionTimeOut), and a driver may come again with the same token later.
	plugInTime = time.Hour
)

// StartsRemotely tells whether an action asks a charge point to begin a transaction.
func StartsRemotely(action string) bool {
	return action == remoteStart16 || action == remoteStart2
}

const (
	remoteStart16 = "RemoteStartTransaction"
	remoteStart2  = "RequestStartTransaction"
)

// Led picks the remote start that a transaction came from, out of those that RemoteStarts returns. In 2.x the
// charge point names its number (F02.FR.01), which is enough whatever its clock says. In 1.6 nothing names it: it is one of
// that id token and connector (a CALL without a connector leaves the choice) that was sent shortly before.
func Led(remoteStarts []Command, start Start) (led Command, found bool) {
	for _, c := range remoteStarts {
		if c.State.MayBeDone() && c.asksFor(start) && (!found || c.likelier(led, start)) {
			led, found = c, true
		}
	}
	return led, found
}

// asksFor tells whether a remote start can have led to a transaction.
func (c Command) asksFor(start Start) bool {
	switch c.Action {
	case remoteStart16:
		return start.RemoteStartID == nil && c.sentBefore(start) && c.asksFor16(start)
	case remoteStart2:
		return start.RemoteStartID != nil && c.asksFor2(*start.RemoteStartID)
	}
	return false
}

// likelier tells whether a transaction came from this remote start rather than from an older one that asks for it, too.
func (c Command) likelier(older Command, start Start) bool {
	if c.Action == remoteStart16 {
		// The oldest counts, but one that was accepted comes before one of which nobody knows whether it arrived.
		return c.State == Accepted && older.State != Accepted
	}
	// Our own numbers are not used twice, those of others may be: the newest counts, unless nobody knows whether it arrived
	// and by the clock the transaction is that of the older one.
	return c.State == Accepted || c.sentBefore(start) || !older.sentBefore(start)
}

// sentBefore tells whether a command was sent before a transaction began, as far as the charge point's clock can tell.
func (c Command) sentBefore(start Start) bool { return !start.At.Before(c.SentAt.Add(-clockSlack)) }

// asksFor2 tells whether a RequestStartTransaction has that number.
func (c Command) asksFor2(remoteStartID int) bool {
	var asked struct {
		RemoteStartID *int `json:"remoteStartId"`
	}
	return exactjson.Unmarshal(c.Payload, &asked) == nil && asked.RemoteStartID != nil && *asked.RemoteStartID == remoteStartID
}

// asksFor16 tells whether a RemoteStartTransaction has that id token and connector, and was not sent too long before.
func (c Command) asksFor16(start Start) bool {
	var asked struct {
		IDTag       string `json:"idTag"`
		ConnectorID *int   `json:"connectorId"`
	}
	if exactjson.Unmarshal(c.Payload, &asked) != nil || start.At.After(c.SentAt.Add(plugInTime)) {
		return false
	}
	return token.Key(asked.IDTag) == token.Key(start.IDToken) && (asked.ConnectorID == nil || strconv.Itoa(*asked.ConnectorID) == start.Connector)
}
