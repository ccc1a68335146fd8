package fleet

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// dialect16 is OCPP 1.6 with its security extensions.
type dialect16 struct{}

func (dialect16) names() names {
	return names{heartbeatInterval: "HeartbeatInterval", sampleInterval: "MeterValueSampleInterval", key: "AuthorizationKey"}
}

func (dialect16) boot(s *Station, _ string) *message {
	return say(bootAction, object{
		"chargePointVendor": s.charger.Vendor, "chargePointModel": s.charger.Model, "chargePointSerialNumber": s.charger.Serial,
		"firmwareVersion": s.tasks.version(), "meterType": "virtual",
	})
}

func (dialect16) heartbeat() *message { return say("Heartbeat", object{}) }

func (dialect16) status(c *connector, at time.Time) *message {
	return say("StatusNotification", object{"connectorId": c.number, "errorCode": "NoError", "status": string(c.state), "timestamp": timestamp(at)})
}

func (dialect16) authorize(token string) *message { return say("Authorize", object{"idTag": token}) }

func (dialect16) authorization(payload json.RawMessage) string {
	var answer struct {
		Info struct {
			Status string `json:"status"`
		} `json:"idTagInfo"`
	}
	if json.Unmarshal(payload, &answer) != nil {
		return "" // no answer to this question
	}
	return answer.Info.Status
}

func (dialect16) givenID(payload json.RawMessage) string {
	var answer struct {
		TransactionID *int `json:"transactionId"`
	}
	if json.Unmarshal(payload, &answer) != nil || answer.TransactionID == nil {
		return ""
	}
	return strconv.Itoa(*answer.TransactionID)
}

// transactionID is "" because the central system gives it.
func (dialect16) transactionID(string) string { return "" }

func (dialect16) started(_ *Station, tx *transaction, r reading, _ start) *message {
	payload := object{"connectorId": tx.connector.number, "idTag": tx.token, "meterStart": r.registerWh, "timestamp": timestamp(r.at)}
	if tx.reservationID != 0 {
		payload["reservationId"] = tx.reservationID
	}
	return say("StartTransaction", payload)
}

func (d dialect16) updated(_ *Station, tx *transaction, r reading, _ bool) *message {
	return &message{action: "MeterValues", payload: func() any {
		return object{"connectorId": tx.connector.number, "transactionId": number16(tx), "meterValue": []object{d.meterValue(r)}}
	}}
}

func (d dialect16) ended(_ *Station, tx *transaction, r reading, why stopCause) *message {
	return &message{action: "StopTransaction", payload: func() any {
		payload := object{"transactionId": number16(tx), "meterStop": r.registerWh, "timestamp": timestamp(r.at), "reason": d.reason(why)}
		if why == stopLocal {
			payload["idTag"] = tx.token
		}
		var data []object
		for _, r := range tx.readings {
			data = append(data, d.meterValue(r))
		}
		payload["transactionData"] = data
		return payload
	}}
}

// number16 is the transaction's id, or -1 when its start was never answered (OCPP 1.6 errata 3.18).
func number16(tx *transaction) int {
	number, err := strconv.Atoi(tx.id)
	if err != nil {
		return -1
	}
	return number
}

func (dialect16) reason(why stopCause) string {
	switch why {
	case stopRemote:
		return "Remote"
	case stopSoftReset:
		return "SoftReset"
	case stopHardReset:
		return "HardReset"
	case stopDeauthorized:
		return "DeAuthorized"
	case stopUnlock:
		return "UnlockCommand"
	case stopLocal:
	}
	return "Local"
}

func (d dialect16) meterValues(s *Station, c *connector, r reading) *message {
	return &message{action: "MeterValues", payload: func() any {
		payload := object{"connectorId": c.number, "meterValue": []object{d.meterValue(r)}}
		if c.session != nil && c.session.tx != nil && !c.session.tx.ended {
			payload["transactionId"] = number16(c.session.tx)
		}
		return payload
	}}
}

// meterValue is a reading as of OCPP 1.6 section 7.33. A signed one comes beside the plain one, as the value itself.
func (dialect16) meterValue(r reading) object {
	var values []object
	for _, s := range r.samples() {
		values = append(values, object{"value": strconv.FormatFloat(s.value, 'f', -1, 64), "context": string(r.context), "measurand": s.measurand, "unit": s.unit})
	}
	if r.signed != "" {
		values = append(values, object{"value": r.signed, "context": string(r.context), "format": "SignedData", "measurand": "Energy.Active.Import.Register"})
	}
	return object{"timestamp": timestamp(r.at), "sampledValue": values}
}

func (dialect16) firmware(requestID int, word string) *message {
	if requestID != 0 {
		return say("SignedFirmwareStatusNotification", object{"requestId": requestID, "status": word})
	}
	return say("FirmwareStatusNotification", object{"status": word})
}

func (dialect16) log(requestID int, word string) *message {
	payload := object{"status": word}
	if requestID != 0 {
		payload["requestId"] = requestID
	}
	return say("LogStatusNotification", payload)
}

// diagnostics16 tells of an upload that GetDiagnostics asked for.
func diagnostics16(_ int, word string) *message {
	return say("DiagnosticsStatusNotification", object{"status": word})
}

func (dialect16) securityEvent(kind string, at time.Time) *message {
	return say("SecurityEventNotification", object{"type": kind, "timestamp": timestamp(at)})
}

func (dialect16) reservationEnded(int, string) *message { return nil }

func (dialect16) profilesReport(profilesReport) *message { return nil }

func (dialect16) settings(s *Station) settings {
	return settings{factory: factory(ocppj.V16), changed: map[string]string{"NumberOfConnectors": strconv.Itoa(s.charger.Connectors)}}
}
