package v16

import (
	"cmp"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/ocpp"
)

// bootNotification: OCPP 1.6 section 4.2.
type bootNotification struct {
	ChargePointVendor       string `json:"chargePointVendor"`
	ChargePointModel        string `json:"chargePointModel"`
	ChargePointSerialNumber string `json:"chargePointSerialNumber"`
	ChargeBoxSerialNumber   string `json:"chargeBoxSerialNumber"` // deprecated, still sent
	FirmwareVersion         string `json:"firmwareVersion"`
	ICCID                   string `json:"iccid"`
	IMSI                    string `json:"imsi"`
	MeterType               string `json:"meterType"`
	MeterSerialNumber       string `json:"meterSerialNumber"`
}

func (bootNotification) Needs() ocpp.Needs { return ocpp.Needs{Boot: true} }

func (bootNotification) Answer(known ocpp.Known) any { return ocpp.AnswerBoot(known) }

func (m bootNotification) Effects(ocpp.Received) []ocpp.Effect {
	return []ocpp.Effect{ocpp.Booted{Boot: chargepoint.Boot{
		VendorName:      m.ChargePointVendor,
		Model:           m.ChargePointModel,
		SerialNumber:    cmp.Or(m.ChargePointSerialNumber, m.ChargeBoxSerialNumber),
		FirmwareVersion: m.FirmwareVersion,
		ICCID:           m.ICCID,
		IMSI:            m.IMSI,
		MeterType:       m.MeterType,
		MeterSerial:     m.MeterSerialNumber,
	}}}
}
