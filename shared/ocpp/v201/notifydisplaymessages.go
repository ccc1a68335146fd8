package v201

import (
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
)

// notifyDisplayMessages: OCPP 2.0.1 part 2, use cases O03 and O04.
type notifyDisplayMessages struct {
	ocpp.Notice
	RequestID int  `json:"requestId"`
	TBC       bool `json:"tbc"`
}

func (m notifyDisplayMessages) Effects(received ocpp.Received) []ocpp.Effect {
	return received.UnnumberedPart(report.DisplayMessages, m.RequestID, m.TBC)
}
