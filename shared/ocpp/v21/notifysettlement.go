package v21

import (
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
)

// notifySettlement: OCPP 2.1 part 2, message 1.57. Receipts are not written here, so that the answer
// names none.
type notifySettlement struct {
	ocpp.Notice
	SettlementTime ocpp.Time `json:"settlementTime"`
}

func (m notifySettlement) Effects(received ocpp.Received) []ocpp.Effect {
	return received.Occurrence(report.Settlement, m.SettlementTime.Time)
}
