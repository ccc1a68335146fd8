package v201

import (
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
)

// notifyCustomerInformation: OCPP 2.0.1 part 2, use cases N09 and N10.
type notifyCustomerInformation struct {
	ocpp.Notice
	GeneratedAt ocpp.Time `json:"generatedAt"`
	RequestID   int       `json:"requestId"`
	SeqNo       int       `json:"seqNo"`
	TBC         bool      `json:"tbc"`
}

func (m notifyCustomerInformation) Effects(received ocpp.Received) []ocpp.Effect {
	return received.Part(report.CustomerInformation, m.RequestID, m.SeqNo, m.TBC, m.GeneratedAt.Time)
}
