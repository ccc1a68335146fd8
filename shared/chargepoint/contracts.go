package chargepoint

import (
	"context"
	"time"
)

// Registry reads and mirrors the charge points that exist: one for each IoT Thing.
type Registry interface {
	// Get reads a charge point, consistently. fault.NotFound if there is no such row.
	Get(ctx context.Context, id string) (ChargePoint, error)
	// Mirror makes the row of a Thing, or refreshes its version. The row of an older Thing of the same
	// name is replaced; an event older than the row, or repeated, changes nothing and is no error.
	Mirror(ctx context.Context, thing Thing, registration Registration) error
	// Forget deletes the row if it is still the row of that Thing; else it does nothing.
	Forget(ctx context.Context, id, thingID string) error
}

// Thing is an IoT Thing as a thing event or DescribeThing tells of it.
type Thing struct {
	Name    string
	ID      string
	Version int64
	At      time.Time // of the event, or of the look-up
}

// Things looks up IoT Things.
type Things interface {
	// Describe reads a Thing. fault.NotFound if there is none of that name.
	Describe(ctx context.Context, name string) (Thing, error)
}

// Sessions holds the policy "the newest connection wins".
type Sessions interface {
	// Open makes conn the session unless a newer one holds it, frees the turn, and returns what was
	// there before (for the older connection to be closed and its CALL to be given up). fault.Stale
	// if a newer connection holds the session; fault.NotFound if the charge point is gone.
	Open(ctx context.Context, id string, session Session) (before ChargePoint, err error)
	// Close clears the session and the turn if conn still holds it, and returns what was there before.
	// fault.Stale if it does not: the end of an old connection harms nothing.
	Close(ctx context.Context, id, connectionID string, code int, reason string, at time.Time) (before ChargePoint, err error)
	// OpenForCommands notes that the boot of this connection was answered. fault.Stale if it is no longer the session.
	OpenForCommands(ctx context.Context, id, connectionID string) error
	// Seen notes a sign of life. It is called at most every few minutes per charge point.
	Seen(ctx context.Context, id, connectionID string, at time.Time) error
	// Restore makes a session the charge point's again when it has none, though a message came over that connection at that
	// time. It is for a connection that lost the session to a newer one which never came to be, and was found gone. fault.Stale
	// if another connection holds the session, if the last one that did had not ended when the message came, or if there is no
	// such charge point (any more): then nothing changes. Repeating it changes nothing.
	Restore(ctx context.Context, id string, session Session, at time.Time) error
}

// Boots remembers what charge points were told.
type Boots interface {
	// Boot notes that the charge point boots now, makes the operator's will its BootStatus and returns
	// the row. fault.NotFound if the charge point is gone.
	Boot(ctx context.Context, id string, at time.Time) (ChargePoint, error)
	// DescribeBoot keeps what the charge point said of itself. fault.Stale if it said something later, fault.NotFound if it
	// is gone.
	DescribeBoot(ctx context.Context, id string, boot Boot, at time.Time) error
}

// Loads adds up what charge points make functions do, whichever instances it falls to.
type Loads interface {
	// AddLoad adds a part to the load of a charge point and returns the whole: all parts since the first one of a LoadWindow.
	// fault.NotFound if the charge point is gone. A part that is added twice, because the answer to the first try was lost,
	// counts twice.
	AddLoad(ctx context.Context, id string, part Load) (whole Load, err error)
}

// Turns is the right to have a CALL outstanding: one per charge point.
type Turns interface {
	// Take gives the turn to a command, and adds what it asks for to what the charge point was asked. fault.Conflict if another command holds it, or the session is
	// not (any more) that connection's. Taking the very turn again that one has, by its Holder, changes nothing.
	Take(ctx context.Context, id string, turn Outstanding) error
	// Give gives the turn back if that command holds it; else it does nothing.
	Give(ctx context.Context, id, commandID string) error
}

// Connectors keeps what is known of connectors.
type Connectors interface {
	// Put stores the state of a connector unless a later one is stored already.
	Put(ctx context.Context, connector Connector) error
	// Occupy notes that a transaction began on a connector, or an EVSE, and returns the one that had not
	// ended by then ("" for none), also when it is repeated. A start older than the one noted changes
	// nothing and returns the one noted as after, whether that has ended or not.
	Occupy(ctx context.Context, chargePointID, connector, transactionID string, startedAt time.Time) (before, after string, err error)
	// Vacate takes the note away when that transaction ended, unless another one began since.
	Vacate(ctx context.Context, chargePointID, connector, transactionID string) error
	// List returns the connectors of a charge point in the order of their names.
	List(ctx context.Context, chargePointID string) ([]Connector, error)
}

// Keys changes the Basic-auth keys of charge points so that at no moment a charge point is without a valid one:
//
//	propose ──> the old key and the new one are valid, for nobody knows what the charge point has
//	   ├── accepted, or seen in use ──> the new one alone, and those that it may be sent after it
//	   └── refused ──────────────────> the old one alone
//
// While it is not known what became of a new key (no answer in time), both stay valid. See Keyring for several at once.
type Keys interface {
	// Propose makes a key valid beside the present one, for the command that tells the charge point. fault.Conflict
	// if MaxPendingKeys are waiting already; fault.NotFound if the charge point is gone. Repeating it changes nothing.
	Propose(ctx context.Context, id string, key PendingKey) error
	// Settle ends what the command began: accepted makes its key the present one and drops those told before it, else
	// the key is dropped. A key that is not pending (any more), or a charge point that is gone, is no error.
	Settle(ctx context.Context, id, commandID string, accepted bool) error
	// Promote makes the pending key of that hash the present one and drops those told before it: the charge point has
	// shown it. A key that is not pending (any more), or a charge point that is gone, is no error.
	Promote(ctx context.Context, id, hash string) error
}

// LocalLists counts the versions of local authorization lists.
type LocalLists interface {
	// NextListVersion returns a version above all that were ordered or reported before, once.
	// fault.NotFound if the charge point is gone.
	NextListVersion(ctx context.Context, id string) (int, error)
	// ListVersionTold notes the version that a charge point says it has, if it is higher than the one noted.
	ListVersionTold(ctx context.Context, id string, version int) error
}

// Profiles raises security profiles.
type Profiles interface {
	// RaiseSecurityProfile makes a profile the least that a charge point must use. A lower one than is stored changes
	// nothing: a profile is never lowered over OCPP (OCPP 2.0.1 A05.FR.02). One above HighestCheckedProfile counts as that:
	// a charge point that cannot connect with its new profile comes back with the one before, and would be locked out by
	// a profile that nobody can show here. fault.NotFound if the charge point is gone.
	RaiseSecurityProfile(ctx context.Context, id string, profile int) error
}
