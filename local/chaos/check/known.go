package check

import (
	"encoding/json"
	"time"
)

// Known is what the system knows of the same charge points.
type Known struct {
	ChargePoints map[string]*Record
	Queues       map[string]int      // messages left, in whatever state, by queue
	DeadLetters  map[string][]string // bodies by dead letter queue
	Things       []Thing
}

// Thing is an IoT Thing and the row that mirrors it; where there is none, the id is empty.
type Thing struct {
	Name       string
	ID         string
	Version    int64
	RowID      string
	RowVersion int64
}

// Record is everything that the system keeps of a charge point.
type Record struct {
	Transactions []Transaction
	Readings     map[string][]Reading // by transaction
	Commands     map[string]CommandRow
	Frames       map[string][]Frame // of the message log, those from the charge point, by message id
	Statuses     map[string]string  // by connector
	Turn         string             // command that is outstanding; "" is none
}

// Transaction is one as the HTTP API shows it.
type Transaction struct {
	ID        string    `json:"transactionId"`
	Connector string    `json:"connector"`
	State     string    `json:"state"`
	StartedAt time.Time `json:"startedAt"`
	EndedAt   time.Time `json:"endedAt"`
	IDToken   string    `json:"idToken"`
	EnergyWh  *float64  `json:"energyWh"`
	CommandID string    `json:"commandId"`
	Doubts    []string  `json:"doubts"`
}

// Reading is what the rows of the MeterValueTable have in common that are of one reading.
type Reading struct {
	At     time.Time
	Hash   string          // of the values, as in the rows' keys
	Values json.RawMessage // a list of sampled values
}

// CommandRow is a row of the CommandTable.
type CommandRow struct {
	Action     string
	State      string
	Origin     string
	Attempts   int
	SentAt     time.Time // of the last attempt
	Deadline   time.Time // of the last attempt
	FinishedAt time.Time
	Result     json.RawMessage
	ErrorCode  string
}

// Frame is a row of the MessageTable.
type Frame struct {
	Action string
	Answer string // as it was sent; "" is none
}
