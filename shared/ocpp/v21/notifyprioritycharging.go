package v21

import (
	"cmp"

	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
)

// notifyPriorityCharging: OCPP 2.1 part 2, message 1.55. Of a transaction, the newest counts.
type notifyPriorityCharging struct {
	ocpp.Notice
	TransactionID string `json:"transactionId"`
}

func (m notifyPriorityCharging) Effects(received ocpp.Received) []ocpp.Effect {
	return received.Report(report.PriorityCharging, cmp.Or(m.TransactionID, report.Latest), received.At)
}
