// Package ocpp says what the messages of charge points mean, without I/O: what must be known before
// one can be answered, what the answer is, and what it changes. Each version has a package with one
// small file per action; this one holds what they share.
package ocpp

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/exactjson"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/jsonpath"
	"github.com/serverless-ocpp/backend/shared/report"
	"github.com/serverless-ocpp/backend/shared/token"
	"github.com/serverless-ocpp/backend/shared/transaction"
	"github.com/serverless-ocpp/backend/shared/variable"
)

// Message is the payload of a CALL from a charge point, understood.
type Message interface {
	// Needs says what must be read or written before the answer. Most messages need nothing.
	Needs() Needs
	// Answer is the payload of the CALLRESULT. known holds what Needs asked for.
	Answer(known Known) any
	// Effects is what the message changes, once it was answered.
	Effects(received Received) []Effect
}

// Needs says what must be read or written before a message can be answered. The zero value is nothing.
type Needs struct {
	Boot    bool   // note the boot, and read the operator's will
	IDToken string // look up this id token
	Start   *Start // claim the id of a 1.6 transaction
}

// Start is what makes a 1.6 transaction: see transaction.StartKey.
type Start struct {
	ConnectorID int
	IDTag       string
	At          time.Time
	MeterStart  int
}

// Known is what was read before the answer. Only what Needs asked for is filled; Now,
// HeartbeatInterval and Vendors always are.
type Known struct {
	Now               time.Time
	HeartbeatInterval time.Duration
	Registration      chargepoint.Registration
	Authorization     token.Authorization
	TransactionID     int
	Vendors           []string // whose DataTransfer an integrator takes
}

// Received says when and how a message was taken.
type Received struct {
	At      time.Time // when the gateway received it
	Action  string
	Payload json.RawMessage // of the message itself, as it came
	Answer  json.RawMessage // payload of the CALLRESULT that the charge point was given; none for a SEND
}

// Effect is one of the types below.
type Effect interface{ isEffect() }

// Booted is what a charge point said of itself.
type Booted struct{ Boot chargepoint.Boot }

// ConnectorChanged is the state of a connector; ChargePointID is left to whoever applies it.
type ConnectorChanged struct{ Connector chargepoint.Connector }

// TransactionChanged is an event of a transaction, with its readings.
type TransactionChanged struct{ Event transaction.Event }

// MeterRead are readings that belong to no transaction.
type MeterRead struct {
	Connector string
	Readings  []transaction.Reading
}

// OnlyReadings returns what a message says that brings readings and nothing else, as an event, without a transaction
// if they belong to none; false if it says more. It may be kept in any order among others, and again, and so need not
// go through the journal.
func OnlyReadings(effects []Effect) (transaction.Event, bool) {
	if len(effects) != 1 {
		return transaction.Event{}, false
	}
	switch e := effects[0].(type) {
	case MeterRead:
		return transaction.Event{Connector: e.Connector, Readings: e.Readings}, len(e.Readings) > 0
	case TransactionChanged:
		return e.Event, e.Event.OnlyReads()
	}
	return transaction.Event{}, false
}

// Reported is something to be kept for whoever asks; ChargePointID is left to whoever applies it.
type Reported struct{ Report report.Report }

// VariablesReported are variables of the device model; ChargePointID is left likewise.
type VariablesReported struct{ Variables []variable.Variable }

// DataReceived is the content of a DataTransfer, for the integrator who serves that vendor's extensions.
type DataReceived struct {
	VendorID string          // in lower case
	Payload  json.RawMessage // the whole of it: vendorId, messageId, data
}

// CertificateRequested is a certificate request, for the operator's signer if there is one.
type CertificateRequested struct {
	CSR             string // PEM
	CertificateType string // 2.x
	RequestID       *int   // 2.1
}

func (CertificateRequested) isEffect() {}
func (Reported) isEffect()             {}
func (VariablesReported) isEffect()    {}
func (DataReceived) isEffect()         {}
func (Booted) isEffect()               {}
func (ConnectorChanged) isEffect()     {}
func (TransactionChanged) isEffect()   {}
func (MeterRead) isEffect()            {}

// Plain is embedded by messages that need nothing before their answer and change nothing.
type Plain struct{}

func (Plain) Needs() Needs              { return Needs{} }
func (Plain) Effects(Received) []Effect { return nil }

// Notice is embedded by messages that only tell something: they need nothing before their answer, which is empty.
type Notice struct{}

func (Notice) Needs() Needs     { return Needs{} }
func (Notice) Answer(Known) any { return struct{}{} }

// Action is one row of a version's table.
type Action struct {
	decode func(payload json.RawMessage) (Message, error)

	// Unregistered is served before the charge point is accepted: BootNotification.
	Unregistered bool
	// Forgettable tells nothing new and need not be journaled: Heartbeat.
	Forgettable bool
	// Readings may be all that it brings, see OnlyReadings: MeterValues, TransactionEvent.
	Readings bool
	// Unanswered is a SEND of OCPP 2.1: it must get neither CALLRESULT nor CALLERROR.
	Unanswered bool
}

// Actions maps the names of a version's actions to their meaning.
type Actions map[string]Action

// Of makes a row from the payload's type.
func Of[M Message]() Action {
	return Action{decode: func(payload json.RawMessage) (Message, error) {
		var message M
		if err := exactjson.Unmarshal(payload, &message); err != nil {
			return nil, unreadable(err, message)
		}
		return message, nil
	}}
}

// unreadable says why a payload that its schema allows cannot be read, in words for a charge point.
func unreadable(err error, message Message) error {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fault.New(fault.Malformed, "the payload cannot be read: '%s' is of another type than is wanted", jsonpath.Of(message, wrong))
	}
	if known, ok := errors.AsType[*fault.Error](err); ok {
		return fault.Wrap(fault.Malformed, known, "the payload cannot be read")
	}
	return fault.New(fault.Malformed, "the payload cannot be read")
}

// Decode reads a payload that its schema allows. fault.Malformed if it cannot be read all the same.
func (a Action) Decode(payload json.RawMessage) (Message, error) { return a.decode(payload) }

// BeforeRegistration marks an action that is served before the charge point is accepted.
func (a Action) BeforeRegistration() Action { a.Unregistered = true; return a }

// WithoutJournal marks an action that tells nothing new.
func (a Action) WithoutJournal() Action { a.Forgettable = true; return a }

// WithReadings marks an action whose messages may bring readings and nothing else.
func (a Action) WithReadings() Action { a.Readings = true; return a }

// WithoutAnswer marks an action that must not be answered.
func (a Action) WithoutAnswer() Action { a.Unanswered = true; return a }
