package v201

import (
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
)

// securityEventNotification: OCPP 2.0.1 part 2, use case A04.
type securityEventNotification struct {
	ocpp.Notice
	Timestamp ocpp.Time `json:"timestamp"`
}

func (m securityEventNotification) Effects(received ocpp.Received) []ocpp.Effect {
	return received.Occurrence(report.SecurityEvent, m.Timestamp.Time)
}
