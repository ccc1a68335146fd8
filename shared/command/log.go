package command

import (
	"context"
	"time"
)

// SentFrame is a CALL that went to a charge point, as the message log keeps it.
type SentFrame struct {
	ChargePointID string
	ConnectionID  string
	MessageID     string
	Action        string
	Frame         []byte
	At            time.Time
}

// Log keeps what is sent to charge points, with secrets masked.
type Log interface {
	// Sent keeps a frame that the gateway took. Repeating it changes nothing.
	Sent(ctx context.Context, frame SentFrame) error
}
