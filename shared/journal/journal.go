// Package journal is the vocabulary of IncomingMessages, the queue that every answered message went
// through: what a charge point was told is never lost.
package journal

import (
	"context"
	"encoding/json"
	"time"

	"github.com/serverless-ocpp/backend/shared/fault"
)

// Record is the body of one queue message: a frame from a charge point and what was answered.
// chargePointId and message stand where consumers of the system that this one replaces expect them.
type Record struct {
	ChargePointID string          `json:"chargePointId"`
	Message       json.RawMessage `json:"message"`          // the frame as it came
	Answer        json.RawMessage `json:"answer,omitempty"` // the frame that answers it; none for a CALLRESULT
	Protocol      string          `json:"protocol"`         // WebSocket subprotocol, such as ocpp1.6
	ConnectionID  string          `json:"connectionId"`
	ConnectedAt   time.Time       `json:"connectedAt,omitzero"` // of that connection
	ReceivedAt    time.Time       `json:"receivedAt"`
	CorrelationID string          `json:"correlationId,omitempty"` // of log lines, see package correlation
	Strict        bool            `json:"strict,omitempty"`        // what the charge point says must conform to its schema in everything
}

// Journal takes records.
type Journal interface {
	// Append returns when the record is safe. gatewayMessageID is API Gateway's id of the message; it
	// keeps a retried call to the queue from storing the record twice.
	Append(ctx context.Context, gatewayMessageID string, record Record) error
}

// Decode reads a queue message. fault.Malformed says what is missing.
func Decode(body string) (Record, error) {
	var record Record
	if err := json.Unmarshal([]byte(body), &record); err != nil {
		return Record{}, fault.Wrap(fault.Malformed, err, "the queue message is no JSON record of a charge point's message")
	}
	for name, missing := range map[string]bool{
		"chargePointId": record.ChargePointID == "",
		"message":       len(record.Message) == 0,
		"protocol":      record.Protocol == "",
		"receivedAt":    record.ReceivedAt.IsZero(),
	} {
		if missing {
			return Record{}, fault.New(fault.Malformed, "the queue message lacks %s", name)
		}
	}
	return record, nil
}
