// Package operation says what operators and integrators want of a charge point in words of all versions, and
// translates it into the CALLs of each. One small file per operation: its body, what it needs to know, and its
// translations. table.go lists them all.
package operation

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/reservation"
	"github.com/serverless-ocpp/backend/shared/token"
)

// Operation is a request in words of all versions: the JSON body of its route, and of a campaign.
type Operation interface {
	// Calls are its CALLs in a version, in the order in which they are sent; nearly always one. fault.Invalid
	// names the member that is wrong or that the version cannot express; fault.Conflict if the version does not
	// offer the operation at all.
	Calls(version ocppj.Version) ([]Call, error)
}

// Call is a CALL in the words of one version.
type Call struct {
	Action  string
	Payload any // becomes the JSON object of the CALL
}

// Prepared is an Operation that has to read or note something before it can be said.
type Prepared interface {
	Operation
	// Prepare fills in what the caller left to the system. It is called once, before Calls, and may be called again
	// for the same command when the first time failed half way.
	Prepare(ctx context.Context, desk Desk, target Target) error
}

// Telling is an Operation with something to tell whoever asked for it, beside what becomes of the CALL.
type Telling interface {
	Operation
	Said() Said
}

// Said is what an operation chose by itself. Only members that the operation has are set.
type Said struct {
	RemoteStartID int    `json:"remoteStartId,omitempty"` // remote start in 2.x
	TransactionID string `json:"transactionId,omitempty"` // remote stop
	RequestID     int    `json:"requestId,omitempty"`     // reports, logs, firmware: what comes back names it
	ReservationID int    `json:"reservationId,omitempty"`
	ListVersion   int    `json:"listVersion,omitempty"` // local list

	ChargingProfileID int `json:"chargingProfileId,omitempty"`
}

// Target is whom an operation is for.
type Target struct {
	ChargePoint chargepoint.ChargePoint
	Version     ocppj.Version
	CommandID   string    // of its first CALL
	ExpiresAt   time.Time // not sent by then: never
}

// Desk is what operations may read and note. Each grant that a function needs for operations follows from it.
type Desk struct {
	Tokens       token.Store
	Keys         chargepoint.Keys
	Lists        chargepoint.LocalLists
	Reservations reservation.Store
	Commands     Commands // nil: the fate of earlier commands is not looked at
	Now          func() time.Time
}

// Commands reads commands.
type Commands interface {
	// Get reads a command, consistently. fault.NotFound if there is none.
	Get(ctx context.Context, chargePointID, id string) (command.Command, error)
}

// newNumber chooses a request id, remote start id or the like: positive, in 31 bits, never the same in practice, so
// that what comes back late cannot be taken for the answer to another request.
func newNumber() int { return 1 + int(rand.Int32N(1<<31-1)) }
