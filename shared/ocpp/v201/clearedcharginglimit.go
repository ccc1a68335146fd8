package v201

import (
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
)

// clearedChargingLimit: OCPP 2.0.1 part 2, use case K13. It replaces the limit that is over.
type clearedChargingLimit struct {
	ocpp.Notice
	Source string `json:"chargingLimitSource"`
	EVSEID int    `json:"evseId"`
}

func (m clearedChargingLimit) Effects(received ocpp.Received) []ocpp.Effect {
	return received.Report(report.ChargingLimit, limitKey(m.EVSEID, m.Source), received.At)
}
