// Package command is the vocabulary of commands: CALLs of the central system to a charge point, from
// the moment an integrator asks until their fate is known.
package command

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Command is one row of the CommandTable. Its id is the OCPP message id of the CALL.
type Command struct {
	ChargePointID string
	ID            string
	Action        string
	Payload       json.RawMessage
	Protocol      string // the version that the payload is written in
	Origin        Origin
	Operation     string // name of the operation.Kind that it is a translation of; "" for a CALL given as such
	CampaignID    string // of the campaign that it belongs to; "" for none

	State     State
	CreatedAt time.Time
	ExpiresAt time.Time     // not sent by then: expired
	Timeout   time.Duration // from sending to the answer
	Attempt   int           // counts the times it was sent

	SentAt     time.Time
	Deadline   time.Time
	AnsweredAt time.Time // an answer came, and is in the journal; zero if nobody noted it
	FinishedAt time.Time

	Result           json.RawMessage // payload of the CALLRESULT
	ErrorCode        string          // of a CALLERROR
	ErrorDescription string          // of a CALLERROR, or why there is no answer
	ErrorDetails     json.RawMessage

	TransactionID string // that a remote start led to
}

// Origin says who asked.
type Origin string

const (
	OriginHTTP     Origin = "http"
	OriginMQTT     Origin = "mqtt" // published to CP001/out, where observers have seen it already
	OriginCampaign Origin = "campaign"
)

// Limits of a command's own times.
const (
	DefaultTimeout = 30 * time.Second
	MaxTimeout     = longestDelay
	// DefaultExpiry is for a command that is meant for now: time for the CALL before it to be answered or
	// given up, and for a charge point that is reconnecting, which each does twelve times a day.
	DefaultExpiry = 60 * time.Second
	keptFor       = 30 * 24 * time.Hour
	longestDelay  = 900 * time.Second // of a queue message
)

// Forgotten is when the record of a command may be deleted.
func (c Command) Forgotten() time.Time { return c.ExpiresAt.Add(keptFor) }

// MaxFrame is how many bytes a frame may have: API Gateway sends no larger message. One above 32 KB is paid as several.
// See https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
const MaxFrame = 128 * 1024

// fits returns fault.Invalid for a command whose CALL is too large to be sent.
func (c Command) fits() error {
	frame, err := c.Frame()
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "command %s for charge point %s cannot be written as a CALL", c.ID, c.ChargePointID)
	}
	if len(frame) > MaxFrame {
		return fault.New(fault.Invalid, "this %s has %d bytes as a CALL, and API Gateway sends %d at most: divide it", c.Action, len(frame), MaxFrame)
	}
	return nil
}

// Frame is the CALL.
func (c Command) Frame() ([]byte, error) {
	return ocppj.EncodeCall(c.ID, c.Action, c.Payload)
}

// NewID makes a command id: a UUID of version 7, so that ids of one charge point sort by time.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// NthID returns the id of the nth command of several that belong together, counted from 0, which has the first one's
// id. Asking again gives the same ids.
func NthID(first string, n int) string {
	id, err := uuid.Parse(first)
	if err != nil || n == 0 {
		return first
	}
	tail := id[12:] // the last bytes are random: counted up, they stay unique
	binary.BigEndian.PutUint32(tail, binary.BigEndian.Uint32(tail)+uint32(n))
	return id.String()
}

// Outcome ends a command, or puts it back.
type Outcome struct {
	Event            Event
	At               time.Time
	Attempt          int // which one it is the outcome of; 0: of the one that is outstanding
	Result           json.RawMessage
	ErrorCode        string
	ErrorDescription string
	ErrorDetails     json.RawMessage
}

// Store keeps commands.
type Store interface {
	// Create stores a new command; storing the same one again is no error. fault.Conflict if its id is another's.
	Create(ctx context.Context, c Command) error
	// Get reads a command, consistently. fault.NotFound if there is none.
	Get(ctx context.Context, chargePointID, id string) (Command, error)
	// NextQueued returns the command that was queued first. fault.NotFound if none waits.
	NextQueued(ctx context.Context, chargePointID string) (Command, error)
	// Send moves a queued command to sent and counts the attempt. fault.Conflict if it is not queued any more.
	Send(ctx context.Context, chargePointID, id string, at, deadline time.Time) (Command, error)
	// Apply moves a command by an event as the transition table says. fault.Conflict if its state does
	// not take that event (it is finished already, for one), or it is at another attempt than the outcome's;
	// fault.NotFound if there is none. Applying the same end of the same moment again changes nothing and succeeds.
	Apply(ctx context.Context, chargePointID, id string, outcome Outcome) (Command, error)
	// List returns a page of a charge point's commands, newest first.
	List(ctx context.Context, chargePointID, cursor string, limit int) (commands []Command, next string, err error)
}

// TimerKind says what to do when a timer fires.
type TimerKind string

const (
	// TimerDeadline gives up the named command if it is still unanswered, and sends the next.
	TimerDeadline TimerKind = "deadline"
	// TimerAbandoned gives up the named command, whose connection ended, unless its answer was on its way.
	TimerAbandoned TimerKind = "abandoned"
	// TimerDrain sends what waits: after a connect, after a boot, or after a charge point took no more. After a command was
	// submitted it names that, and follows it until it waits no more.
	TimerDrain TimerKind = "drain"
)

// Timer is the body of a message in the Timers queue.
type Timer struct {
	Kind          TimerKind `json:"kind"`
	ChargePointID string    `json:"chargePointId"`
	CommandID     string    `json:"commandId,omitempty"`
	ConnectionID  string    `json:"connectionId,omitempty"` // deadline: the connection it was sent on; drain: the one that it is for
	Deadline      time.Time `json:"deadline,omitzero"`      // deadline: of that attempt; abandoned: of the attempt that has no connection any more
}

// Timers fire once or more often, never early by more than a second, sometimes late.
type Timers interface {
	After(ctx context.Context, delay time.Duration, timer Timer) error
}

// Connections writes to charge points.
type Connections interface {
	// Post sends a text frame, once at most. fault.Gone if the connection does not exist and
	// fault.Throttled if it takes no more at the moment: then the frame was not sent. With any other error
	// nobody knows. nil means that the gateway took it, not that the charge point has it.
	Post(ctx context.Context, connectionID string, frame []byte) error
}

// Turns is the right to have a CALL outstanding, as a dispatcher that may be slow gives it back.
type Turns interface {
	chargepoint.Turns
	// Release gives back that very turn: of the same command, connection, deadline and holder. If it is over, it does nothing,
	// not even when the command has the turn again.
	Release(ctx context.Context, id string, turn chargepoint.Outstanding) error
}

// KeyRotation is the Command.Operation that tells a charge point a new key to log in with.
const KeyRotation = "key-rotation"

// Keys is told when a KeyRotation is about to be sent, by who has the turn.
type Keys interface {
	// Tell notes that the key of a command is the next that the charge point is told. fault.NotFound if it is not pending
	// any more: the charge point has taken one that was told before, and would be locked out by this one.
	Tell(ctx context.Context, id, commandID string) error
}

// Mirror shows observers what is sent.
type Mirror interface {
	// Out publishes a frame that goes to a charge point on the topic CP001/out.
	Out(ctx context.Context, chargePointID string, frame []byte) error
}
