// Package chargepoint is the vocabulary of charge points: identity, registration, session, connectors
// and keys. It knows no AWS; who keeps charge points is behind the contracts in contracts.go.
package chargepoint

import (
	"regexp"
	"slices"
	"time"

	"github.com/serverless-ocpp/backend/shared/fault"
)

// identity is what an IoT Thing name and an OCPP identity both allow: Thing names take 128 of
// these characters, OCPP 2.x identities 48 of more (OCPP 2.0.1 part 4, section 3.1.1).
var identity = regexp.MustCompile(`^[a-zA-Z0-9:_-]{1,48}$`)

// CheckID returns a fault.Invalid when id cannot name a charge point.
func CheckID(id string) error {
	if identity.MatchString(id) {
		return nil
	}
	return fault.New(fault.Invalid, "%q cannot name a charge point: 1 to 48 of the characters a-z A-Z 0-9 : _ - are allowed", id)
}

// Registration is what the operator decided about a charge point, and what it is told in the answer
// to its BootNotification.
type Registration string

const (
	Accepted Registration = "Accepted"
	Pending  Registration = "Pending"
	Rejected Registration = "Rejected"
)

// ParseRegistration returns a fault.Invalid for anything but the three.
func ParseRegistration(s string) (Registration, error) {
	switch r := Registration(s); r {
	case Accepted, Pending, Rejected:
		return r, nil
	}
	return "", fault.New(fault.Invalid, "%q is no registration: it is Accepted, Pending or Rejected", s)
}

// Validation says what becomes of a message that breaks its schema and can be understood all the same.
type Validation string

const (
	Tolerant Validation = "tolerant" // taken: a field too many, a string too long
	Strict   Validation = "strict"   // refused
)

// ParseValidation returns a fault.Invalid for anything but the two, and "", which leaves it to the stack.
func ParseValidation(s string) (Validation, error) {
	switch v := Validation(s); v {
	case "", Tolerant, Strict:
		return v, nil
	}
	return "", fault.New(fault.Invalid, "%q is no validation: it is tolerant, strict or empty", s)
}

// ChargePoint is one row of the ChargePointTable: what the system knows about a charge point itself.
type ChargePoint struct {
	ID string

	// The IoT Thing behind it. A Thing that is deleted and made again has another ThingID.
	ThingID      string
	ThingVersion int64
	RegisteredAt time.Time

	Registration    Registration // the operator's will
	SecurityProfile int          // the least profile it must use; 0 leaves it to the stack
	Credential      string       // hash of its Basic-auth key (see Hash); empty: it has none
	PendingKeys     []PendingKey // keys that it was sent, and may have taken
	ListVersion     int          // of its local authorization list: the highest that was ordered or told
	Validation      Validation   // how strictly its messages are taken; empty leaves it to the stack

	BootStatus Registration // what it was last told; empty: it never booted
	BootedAt   time.Time
	Boot       Boot

	Asked       []string     // actions that it was asked for on this connection while it was not accepted
	Session     *Session     // nil while it has no connection
	Protocol    string       // of its newest connection, kept when that ends; empty: it never connected
	Outstanding *Outstanding // the one CALL that waits for its answer; nil when the turn is free

	LastSeenAt       time.Time
	DisconnectedAt   time.Time
	DisconnectCode   int
	DisconnectReason string
}

// MayTalk tells whether messages other than a BootNotification are served: the operator accepts the
// charge point, and it was told so, on this connection or an earlier one (OCPP-J 1.6 section 5.4,
// OCPP 2.0.1 B01.FR.10: a charge point that merely reconnects does not boot again).
func (c ChargePoint) MayTalk() bool {
	return c.Registration == Accepted && c.BootStatus == Accepted
}

// MayAnswer tells whether a message is served that a charge point which is Pending was asked for: by
// a TriggerMessage, or in 2.x by GetBaseReport or GetReport (OCPP 1.6 section 4.2, OCPP 2.0.1 B02.FR.09).
func (c ChargePoint) MayAnswer(action string) bool {
	return c.BootStatus == Pending && c.Registration != Rejected && slices.Contains(c.Asked, action)
}

// Boot is what a charge point said of itself in its BootNotification, in the words of OCPP 2.x.
type Boot struct {
	VendorName      string `json:"vendorName,omitempty"`
	Model           string `json:"model,omitempty"`
	SerialNumber    string `json:"serialNumber,omitempty"`
	FirmwareVersion string `json:"firmwareVersion,omitempty"`
	ICCID           string `json:"iccid,omitempty"`
	IMSI            string `json:"imsi,omitempty"`
	MeterType       string `json:"meterType,omitempty"`
	MeterSerial     string `json:"meterSerialNumber,omitempty"`
	Reason          string `json:"reason,omitempty"` // 2.x only
}

// Session is the one connection that counts. The newest wins: see Sessions.Open.
type Session struct {
	ConnectionID string
	Protocol     string // WebSocket subprotocol, such as ocpp1.6
	ConnectedAt  time.Time
	Open         bool // its boot was answered: commands may be sent
}

// QuietAfterConnect is how long a connection without a BootNotification gets no commands: some charge
// points break on a CALL that comes before the answer to their boot.
const QuietAfterConnect = 10 * time.Second

// TakesCommandsAt is the moment from which a session may be sent commands.
func (s Session) TakesCommandsAt() time.Time {
	if s.Open {
		return s.ConnectedAt
	}
	return s.ConnectedAt.Add(QuietAfterConnect)
}

// Outstanding is the CALL that a charge point still has to answer. OCPP allows one at a time
// (OCPP-J 1.6 section 4.1.1, OCPP 2.0.1 part 4 section 4.1.1), so it is the turn to send.
type Outstanding struct {
	CommandID    string
	ConnectionID string
	Deadline     time.Time
	Holder       string   // a mark that no other turn has: two of one command may begin in the same millisecond
	Asks         []string // actions that the CALL asks the charge point for; kept only by Turns.Take, as ChargePoint.Asked
}

// Connector is one row of the ConnectorTable.
type Connector struct {
	ChargePointID string
	Connector     string // "1" in 1.6; "1#2" for EVSE 1 connector 2 in 2.x; "0" the charge point itself
	Status        string // the version's own word, such as Available, Charging, Occupied
	ErrorCode     string
	Info          string
	VendorID      string
	VendorError   string
	At            time.Time // by the charge point's clock
	ReceivedAt    time.Time // by ours; the later one wins
	TransactionID string    // the transaction that runs on it, if one does
}
