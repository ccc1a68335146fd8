// Package transaction is the vocabulary of charging transactions: one shape for all versions, made
// from events by a pure function, so that repeated and late events end in the same record.
package transaction

import (
	"context"
	"encoding/json"
	"strconv"
	"time"
)

// State of a transaction. Nothing but a message of the charge point ends one: a lost connection does not.
type State string

const (
	Active State = "Active"
	Ended  State = "Ended"
)

// Transaction is one row of the TransactionTable. Energy is in Wh, power in W, state of charge in percent.
type Transaction struct {
	ChargePointID string
	ID            string // 1.6: the decimal form of the number we gave; 2.x: the charge point's own
	Protocol      string
	Connector     string // as in chargepoint.Connector
	ConnectorFrom Claim

	State     State
	StartedAt time.Time // zero: the Started event was not received (yet)
	EndedAt   time.Time

	IDToken       string // who charges
	IDTokenType   string
	IDTokenFrom   Claim
	Authorization Dated // status of that token that the charge point was told last
	StopIDToken   string
	StopReason    string

	MeterStart *float64 // energy register at the start: at the outlet
	MeterStop  *float64 // the same at the end
	Meter      Meter

	ChargingState Dated // 2.x
	RemoteStartID *int
	ReservationID *int
	Offline       bool   // a part of it happened while the charge point was offline (2.x)
	SeqNos        Ranges // 2.x sequence numbers received; a gap is a lost event
	LastEventAt   time.Time
	ToldTwice     bool   // two starts, or two ends, of different times were told
	SupersededBy  string // id of the transaction that began on its connector, while its own end is not known
	CommandID     string // of the remote start that led to it

	StartKey string // 1.6: what made the id, see StartKey
	Revision int    // counts writes; the condition of the next one
}

// Dated is a word and since when it holds by the charge point's clock. Of two of one moment, which a clock of whole
// seconds often has, that of the later event in the transaction counts: see Event.order.
type Dated struct {
	At    time.Time
	Order int
	Value string
}

// Claim is the event that a word is from which several may tell, and which does not change in the course of a transaction: its start
// tells it best, an update better than the end, whose id token may be of somebody who only stopped it; of two of one kind the earlier.
// The zero value is where no event is known, as before the first of 1.6.
type Claim struct {
	Kind  EventKind
	At    time.Time
	Order int // as in Dated
}

// Measured is a value in its base unit (Wh, W, percent) and when the meter showed it.
type Measured struct {
	At        time.Time
	Value     float64
	Elsewhere bool // power that was not measured at the outlet
}

// Meter is what the readings of a transaction come down to; nil is never measured.
type Meter struct {
	FirstEnergy   *Measured // of the register at the outlet, as the two below
	HighestEnergy *Measured // the earliest of equal ones
	Energy        *Measured // the newest
	Power         *Measured // the newest, as the one below
	SoC           *Measured
	Others        map[string]Register // of other locations and single phases, until the one at the outlet is known: see register.go
}

// Energy is what was charged so far in Wh, nil while it cannot be told.
func (t Transaction) Energy() *float64 { return t.register().energy() }

// difference is a less b to a millionth, beyond which is what binary numbers leave of decimals, and no meter shows. It is never -0,
// which is what the last sum is for.
func difference(a, b float64) float64 {
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(a-b, 'f', 6, 64), 64) // written by FormatFloat
	return rounded + 0
}

// EventKind says what an event does to a transaction.
type EventKind string

const (
	EventStarted EventKind = "Started"
	EventUpdated EventKind = "Updated"
	EventEnded   EventKind = "Ended"
)

// Event is one message about a transaction in the words of all versions.
type Event struct {
	Kind          EventKind
	TransactionID string
	At            time.Time // by the charge point's clock
	SeqNo         *int      // 2.x
	Connector     string
	IDToken       string
	IDTokenType   string
	Authorization string
	MeterStart    *float64
	MeterStop     *float64
	Readings      []Reading
	ChargingState string
	StopReason    string
	RemoteStartID *int
	ReservationID *int
	Offline       bool
	Periodic      bool // it was time for readings, and nothing has happened
	StartKey      string
}

// Reading is what a meter showed at one moment (1.6 MeterValue, 2.x MeterValueType).
type Reading struct {
	At     time.Time      `json:"timestamp"`
	Values []SampledValue `json:"sampledValue"`
}

// SampledValue is one value of a reading in the words of OCPP; empty fields have the specification's
// defaults (measurand Energy.Active.Import.Register, unit Wh, context Sample.Periodic, location Outlet).
type SampledValue struct {
	Value      string          `json:"value"`
	Context    string          `json:"context,omitempty"`
	Measurand  string          `json:"measurand,omitempty"`
	Phase      string          `json:"phase,omitempty"`
	Location   string          `json:"location,omitempty"`
	Unit       string          `json:"unit,omitempty"`
	Multiplier int             `json:"multiplier,omitempty"` // power of ten, 2.x
	Format     string          `json:"format,omitempty"`     // 1.6: Raw or SignedData
	Signed     json.RawMessage `json:"signedMeterValue,omitempty"`
}

// Store keeps transactions.
type Store interface {
	// Get reads a transaction, consistently. fault.NotFound if there is none.
	Get(ctx context.Context, chargePointID, id string) (Transaction, error)
	// Begin claims id for a 1.6 transaction and stores its start; repeating the same start (same
	// StartKey) changes nothing and is no error. fault.Conflict if the id belongs to another start.
	Begin(ctx context.Context, t Transaction) error
	// Put stores a transaction whose Revision is the one that was read (0: none was), and counts it up.
	// fault.Conflict if somebody else wrote it since.
	Put(ctx context.Context, t Transaction) error
	// List returns a page of a charge point's transactions.
	List(ctx context.Context, chargePointID, cursor string, limit int) (transactions []Transaction, next string, err error)
}

// Readings keeps meter readings.
type Readings interface {
	// Add stores readings; the same reading stored twice is one. transactionID "" keeps readings that
	// belong to no transaction under their connector.
	Add(ctx context.Context, chargePointID, transactionID, connector string, readings []Reading) error
	// List returns a page of the readings of a transaction in the order of time.
	List(ctx context.Context, chargePointID, transactionID, cursor string, limit int) (readings []Reading, next string, err error)
	// Events returns the events that were kept with readings alone of a moment and later ones (zero: all), consistently: see
	// Event.OnlyReads.
	Events(ctx context.Context, chargePointID, transactionID string, since time.Time) ([]Event, error)
}
