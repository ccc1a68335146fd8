package v201

import (
	"fmt"

	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
)

// notifyChargingLimit: OCPP 2.0.1 part 2, use cases K11 and K12. Somebody else, such as an energy
// management system, limits the charge point, or an EVSE.
type notifyChargingLimit struct {
	ocpp.Notice
	ChargingLimit struct {
		Source string `json:"chargingLimitSource"`
	} `json:"chargingLimit"`
	EVSEID int `json:"evseId"`
}

func (m notifyChargingLimit) Effects(received ocpp.Received) []ocpp.Effect {
	return received.Report(report.ChargingLimit, limitKey(m.EVSEID, m.ChargingLimit.Source), received.At)
}

// limitKey names a limit by whom and what it concerns; EVSE 0 is the whole charge point.
func limitKey(evseID int, source string) string { return fmt.Sprintf("%d/%s", evseID, source) }
