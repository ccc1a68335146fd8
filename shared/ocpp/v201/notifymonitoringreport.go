package v201

import (
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
)

// notifyMonitoringReport: OCPP 2.0.1 part 2, use case N02.
type notifyMonitoringReport struct {
	ocpp.Notice
	GeneratedAt ocpp.Time `json:"generatedAt"`
	RequestID   int       `json:"requestId"`
	SeqNo       int       `json:"seqNo"`
	TBC         bool      `json:"tbc"`
}

func (m notifyMonitoringReport) Effects(received ocpp.Received) []ocpp.Effect {
	return received.Part(report.Monitoring, m.RequestID, m.SeqNo, m.TBC, m.GeneratedAt.Time)
}
