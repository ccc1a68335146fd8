package check

import (
	"encoding/json"
	"time"

	"github.com/serverless-ocpp/backend/local/fleet/ledger"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Told is what charge points and operators experienced.
type Told struct {
	ChargePoints map[string]*ChargePoint
	Orders       []Order
	Outcomes     map[string][]string // the different ones that integrators were told of, by command
	Heard        bool                // that integrators listened all the time, with no broker that was killed
	Absent       []string            // charge points that could not connect when nothing went wrong any more
}

// ChargePoint is what one charge point said, was answered and was told to do.
type ChargePoint struct {
	Version      ocppj.Version
	Messages     []*Message // in the order in which they were sent first
	Commands     []*Command // in the order in which they came
	Strays       []Stray
	Transactions []ledger.Transaction
}

// Message is a CALL or SEND of a charge point.
type Message struct {
	ID          string
	Action      string
	Payload     json.RawMessage // as it was sent last
	Send        bool            // a SEND of 2.1, which is never answered
	Connections []int           // on which it was sent: one for each time
	Answers     []Answer
}

// Answer is what came back, or what a charge point gave back.
type Answer struct {
	Connection int
	At         time.Time
	Payload    json.RawMessage // of a CALLRESULT
	ErrorCode  string          // of a CALLERROR; "" is a CALLRESULT
}

// Stray is an answer to what the charge point never asked.
type Stray struct {
	MessageID string
	Frame     string
}

// Command is one arrival of a CALL at a charge point.
type Command struct {
	ID         string
	Action     string
	Connection int
	At         time.Time
	Answers    []Answer // at most one, but for a charge point that is out of order
}

// Order is what an operator asked for.
type Order struct {
	ChargePoint string
	CommandID   string // "" when the system never said
	Action      string
	MQTT        bool   // published, and taken by the broker
	Outcome     string // the state that the answer told; it may be one that is not final, or ""
	Probe       bool   // given when nothing went wrong any more: it must be answered
}

// acknowledged tells whether a CALLRESULT came.
func (m *Message) acknowledged() bool {
	for _, a := range m.Answers {
		if a.ErrorCode == "" {
			return true
		}
	}
	return false
}

// refusals counts the answers by which the charge point was told that its message is not taken. An InternalError is not among them:
// it says that nobody knows, and that the message is to be repeated.
func (m *Message) refusals() (count int) {
	for _, a := range m.Answers {
		if a.ErrorCode != "" && a.ErrorCode != internalError {
			count++
		}
	}
	return count
}

// internalError is spelled alike in all versions.
const internalError = "InternalError"
