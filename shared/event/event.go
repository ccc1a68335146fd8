// Package event is the vocabulary of what integrators are told: small documents on the topics
// ocpp/<charge point>/<name>, which an IoT rule can lead to a webhook or into a database. They are in the
// words of all versions; the frames themselves are on the mirror topics.
//
// Each event may come more than once and, where a connection is concerned, not at all: API Gateway may lose
// the end of one. Whoever stores events takes the charge point, the name and id as their key.
package event

import (
	"context"
	"encoding/json"
	"time"
)

// Name says what happened. It is the last level of the topic.
type Name string

const (
	Connected          Name = "connected"
	Disconnected       Name = "disconnected"
	Booted             Name = "booted"
	StatusChanged      Name = "status"
	TransactionStarted Name = "transaction-started"
	TransactionUpdated Name = "transaction-updated"
	TransactionEnded   Name = "transaction-ended"
	CommandFinished    Name = "command"
	SecurityReported   Name = "security"
)

// Event is one document. Its JSON form is the message on the topic.
type Event struct {
	Name          Name      `json:"event"`
	ID            string    `json:"id"` // the same when the same event comes again
	ChargePointID string    `json:"chargePointId"`
	At            time.Time `json:"at"`   // by the charge point's clock where it told the time, else when the system learnt of it
	Data          any       `json:"data"` // the type below that belongs to the name
	Again         bool      `json:"-"`    // it was most probably told before, and counts no more
}

// Connection is the data of Connected.
type Connection struct {
	ConnectionID string `json:"connectionId"`
	Protocol     string `json:"protocol"` // ocpp1.6, ocpp2.0.1, ocpp2.1
	SourceIP     string `json:"sourceIp,omitempty"`
}

// ConnectionEnd is the data of Disconnected.
type ConnectionEnd struct {
	ConnectionID string `json:"connectionId"`
	Code         int    `json:"code"` // of the close frame, 1006 without one (RFC 6455 section 7.4.1)
	Reason       string `json:"reason,omitempty"`
}

// Boot is the data of Booted, as the charge point describes itself.
type Boot struct {
	VendorName      string `json:"vendorName,omitempty"`
	Model           string `json:"model,omitempty"`
	SerialNumber    string `json:"serialNumber,omitempty"`
	FirmwareVersion string `json:"firmwareVersion,omitempty"`
	Reason          string `json:"reason,omitempty"` // 2.x
	Registration    string `json:"registration"`     // what it was told: Accepted, Pending or Rejected
}

// Status is the data of StatusChanged.
type Status struct {
	Connector  string    `json:"connector"`  // as in chargepoint.Connector
	Status     string    `json:"status"`     // the version's own word
	ReceivedAt time.Time `json:"receivedAt"` // by our clock: the later, the newer; At is by a clock that is set back now and then
	ErrorCode  string    `json:"errorCode,omitempty"`
	Info       string    `json:"info,omitempty"`
}

// Transaction is the data of the three events of transactions: the record as it is after the event.
type Transaction struct {
	TransactionID string    `json:"transactionId"`
	Revision      int       `json:"revision"` // of the record: the higher, the newer; of the same, the data are the same
	Connector     string    `json:"connector,omitempty"`
	State         string    `json:"state"` // Active, Ended
	ChargingState string    `json:"chargingState,omitempty"`
	IDToken       string    `json:"idToken,omitempty"`
	StartedAt     time.Time `json:"startedAt,omitzero"`
	EndedAt       time.Time `json:"endedAt,omitzero"`
	EnergyWh      *float64  `json:"energyWh,omitempty"`
	PowerW        *float64  `json:"powerW,omitempty"`
	SoCPercent    *float64  `json:"socPercent,omitempty"`
	StopReason    string    `json:"stopReason,omitempty"`
	RemoteStartID *int      `json:"remoteStartId,omitempty"`
	CommandID     string    `json:"commandId,omitempty"` // of the remote start that led to it
}

// Command is the data of CommandFinished.
type Command struct {
	CommandID        string          `json:"commandId"`
	Action           string          `json:"action"`
	Operation        string          `json:"operation,omitempty"`  // the version-neutral one, if it came by one
	CampaignID       string          `json:"campaignId,omitempty"` // if it belongs to one
	State            string          `json:"state"`                // a final one of command.State
	Result           json.RawMessage `json:"result,omitempty"`
	ErrorCode        string          `json:"errorCode,omitempty"`
	ErrorDescription string          `json:"errorDescription,omitempty"`
}

// Security is the data of SecurityReported.
type Security struct {
	Type     string `json:"type,omitempty"` // such as InvalidFirmwareSignature; none of a charge point that says ""
	TechInfo string `json:"techInfo,omitempty"`
}

// Publisher tells integrators.
type Publisher interface {
	// Publish sends an event to its topic.
	Publish(ctx context.Context, e Event) error
}
