package command

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

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
	// clockSlack is how much a charge point's clock may be behind ours.
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
// charge point names its number (F02.FR.01), and of several CALLs with one number the newest counts. In 1.6 nothing
// names it: it is the oldest of that id token and connector (a CALL without a connector leaves the choice) that was
// sent shortly before.
func Led(remoteStarts []Command, start Start) (Command, bool) {
	var led Command
	for _, c := range remoteStarts {
		if !c.State.MayBeDone() || start.At.Before(c.SentAt.Add(-clockSlack)) {
			continue
		}
		switch {
		case c.Action == remoteStart2 && start.RemoteStartID != nil && c.asksFor2(*start.RemoteStartID):
			led = c
		case c.Action == remoteStart16 && start.RemoteStartID == nil && c.asksFor16(start):
			return c, true
		}
	}
	return led, led.ID != ""
}

// asksFor2 tells whether a RequestStartTransaction has that number.
func (c Command) asksFor2(remoteStartID int) bool {
	var asked struct {
		RemoteStartID *int `json:"remoteStartId"`
	}
	return json.Unmarshal(c.Payload, &asked) == nil && asked.RemoteStartID != nil && *asked.RemoteStartID == remoteStartID
}

// asksFor16 tells whether a RemoteStartTransaction can have led to a transaction.
func (c Command) asksFor16(start Start) bool {
	var asked struct {
		IDTag       string `json:"idTag"`
		ConnectorID *int   `json:"connectorId"`
	}
	if json.Unmarshal(c.Payload, &asked) != nil || start.At.After(c.SentAt.Add(plugInTime)) {
		return false
	}
	return token.Key(asked.IDTag) == token.Key(start.IDToken) && (asked.ConnectorID == nil || strconv.Itoa(*asked.ConnectorID) == start.Connector)
}
