package v201

import (
	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/ocpp"
)

// bootNotification: OCPP 2.0.1 part 2, use cases B01 to B03.
type bootNotification struct {
	Reason          string `json:"reason"`
	ChargingStation struct {
		VendorName      string `json:"vendorName"`
		Model           string `json:"model"`
		SerialNumber    string `json:"serialNumber"`
		FirmwareVersion string `json:"firmwareVersion"`
		Modem           struct {
			ICCID string `json:"iccid"`
			IMSI  string `json:"imsi"`
		} `json:"modem"`
	} `json:"chargingStation"`
}

func (bootNotification) Needs() ocpp.Needs { return ocpp.Needs{Boot: true} }

func (bootNotification) Answer(known ocpp.Known) any { return ocpp.AnswerBoot(known) }

func (m bootNotification) Effects(ocpp.Received) []ocpp.Effect {
	station := m.ChargingStation
	return []ocpp.Effect{ocpp.Booted{Boot: chargepoint.Boot{
		VendorName:      station.VendorName,
		Model:           station.Model,
		SerialNumber:    station.SerialNumber,
		FirmwareVersion: station.FirmwareVersion,
		ICCID:           station.Modem.ICCID,
		IMSI:            station.Modem.IMSI,
		Reason:          m.Reason,
	}}}
}
