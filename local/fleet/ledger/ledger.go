// Package ledger keeps what a virtual charge point has sent and was answered, what it was told to do and what it answered,
// and its transactions: what a test compares with the records of the central system.
package ledger

import (
	"encoding/json"
	"slices"
	"sync"
	"time"
)

// Call is a CALL or SEND of the charge point, or, in Commands, one of the central system.
type Call struct {
	MessageID string
	Action    string
	Payload   json.RawMessage
	Simulated time.Time // by the charge point's clock
	Attempts  int       // how often it was sent; 0 in Commands

	Answer    json.RawMessage // payload of the CALLRESULT
	ErrorCode string          // of the CALLERROR
	Failure   string          // why there is no answer: the connection was lost, or time ran out
	Latency   time.Duration   // until the answer, in real time
}

// Transaction is one that the charge point has begun.
type Transaction struct {
	ID            string // as the central system knows it; "" as long as 1.6 was not told one
	Connector     int
	IDToken       string
	RemoteStartID int // 2.x; 0 is none
	ReservationID int // 0 is none
	StartedAt     time.Time
	EndedAt       time.Time // zero while it goes on
	MeterStartWh  int
	MeterStopWh   int
	Reason        string
	Readings      int  // sampled moments that were sent or are kept for sending
	StartAnswered bool // the central system has answered its first message
	EndAnswered   bool // … and its last
}

// EnergyWh is what was charged; 0 until the transaction has ended.
func (t Transaction) EnergyWh() int {
	if t.EndedAt.IsZero() {
		return 0
	}
	return t.MeterStopWh - t.MeterStartWh
}

// Totals count what a ledger does not keep in full.
type Totals struct {
	Sent        int // CALLs of the charge point, repetitions included
	Answered    int
	CallErrors  int // CALLERRORs it was answered with
	TimedOut    int
	Repeated    int // sent again after a lost connection or a missing answer
	GivenUp     int // transaction messages that were dropped after the last attempt
	Commands    int // CALLs it received
	Overlapping int // … while it had not answered the one before, which OCPP forbids
	Odd         int // frames that are no OCPP, answers to nothing, answers that break their schema
	Connects    int
	Refused     int // handshakes
	Losses      int // of the connection, planned ones included
}

// Ledger may be read while its charge point runs.
type Ledger struct {
	mu           sync.Mutex
	limit        int
	calls        []Call
	commands     []Call
	transactions []Transaction
	totals       Totals
}

// New returns a ledger that keeps the newest limit calls and commands; transactions and totals are all kept. 0 keeps no
// calls, which saves a fleet of thousands the memory.
func New(limit int) *Ledger { return &Ledger{limit: limit} }

// Calls returns what the charge point has asked and was answered, the oldest first.
func (l *Ledger) Calls() []Call { return snapshot(l, &l.calls) }

// Commands returns what the charge point was told and has answered, the oldest first.
func (l *Ledger) Commands() []Call { return snapshot(l, &l.commands) }

// Transactions returns all transactions in the order in which they began.
func (l *Ledger) Transactions() []Transaction { return snapshot(l, &l.transactions) }

// Totals returns the counts so far.
func (l *Ledger) Totals() Totals {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.totals
}

func snapshot[T any](l *Ledger, list *[]T) []T {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(*list)
}
