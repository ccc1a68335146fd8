package fleet

import (
	"encoding/base64"
	"encoding/json"
	"time"

	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// dialect2x is OCPP 2.0.1 and 2.1. A connector of the station is an EVSE with one connector.
type dialect2x struct{ version ocppj.Version }

func (dialect2x) names() names {
	return names{heartbeatInterval: "OCPPCommCtrlr/HeartbeatInterval", sampleInterval: "SampledDataCtrlr/TxUpdatedInterval", key: "SecurityCtrlr/BasicAuthPassword"}
}

func (dialect2x) boot(s *Station, reason string) *message {
	return say(bootAction, object{"reason": reason, "chargingStation": object{
		"vendorName": s.charger.Vendor, "model": s.charger.Model, "serialNumber": s.charger.Serial, "firmwareVersion": s.tasks.version(),
	}})
}

func (dialect2x) heartbeat() *message { return say("Heartbeat", object{}) }

func (dialect2x) status(c *connector, at time.Time) *message {
	word := "Occupied"
	switch c.state {
	case available, reserved, unavailable:
		word = string(c.state)
	case preparing, charging, suspendedEV, suspendedEVSE, finishing:
	}
	return say("StatusNotification", object{"evseId": c.number, "connectorId": 1, "connectorStatus": word, "timestamp": timestamp(at)})
}

func (dialect2x) authorize(token string) *message {
	return say("Authorize", object{"idToken": idToken(token)})
}

func idToken(token string) object { return object{"idToken": token, "type": "ISO14443"} }

func (dialect2x) authorization(payload json.RawMessage) string {
	var answer struct {
		Info struct {
			Status string `json:"status"`
		} `json:"idTokenInfo"`
	}
	if json.Unmarshal(payload, &answer) != nil {
		return "" // no answer to this question
	}
	return answer.Info.Status
}

func (dialect2x) givenID(json.RawMessage) string { return "" }

func (dialect2x) transactionID(own string) string { return own }

// event is what all TransactionEvents have.
func (d dialect2x) event(s *Station, tx *transaction, kind, trigger string, r reading, info object) object {
	info["transactionId"] = tx.id
	payload := object{
		"eventType": kind, "timestamp": timestamp(r.at), "triggerReason": trigger, "seqNo": tx.seqNo, "transactionInfo": info,
		"meterValue": []object{d.meterValue(s, tx.connector, r)},
	}
	if !s.online() {
		payload["offline"] = true
	}
	tx.seqNo++
	return payload
}

func (d dialect2x) started(s *Station, tx *transaction, r reading, how start) *message {
	trigger, info := "Authorized", object{"chargingState": "Charging"}
	if how.trigger == startRemote {
		trigger = "RemoteStart"
		info["remoteStartId"] = how.remoteStartID
	}
	payload := d.event(s, tx, "Started", trigger, r, info)
	payload["evse"] = evse(tx.connector)
	payload["idToken"] = idToken(tx.token)
	if tx.reservationID != 0 {
		payload["reservationId"] = tx.reservationID
	}
	return say("TransactionEvent", payload)
}

func evse(c *connector) object { return object{"id": c.number, "connectorId": 1} }

func (d dialect2x) updated(s *Station, tx *transaction, r reading, stateChanged bool) *message {
	trigger, info := "MeterValuePeriodic", object{}
	if r.context == triggered {
		trigger = "Trigger"
	}
	if stateChanged {
		trigger, info["chargingState"] = "ChargingStateChanged", "Charging"
		if tx.paused != "" {
			info["chargingState"] = string(tx.paused)
		}
	}
	return say("TransactionEvent", d.event(s, tx, "Updated", trigger, r, info))
}

func (d dialect2x) ended(s *Station, tx *transaction, r reading, why stopCause) *message {
	info := object{"stoppedReason": d.reason(why), "chargingState": "EVConnected"}
	payload := d.event(s, tx, "Ended", stopTrigger(why), r, info)
	if why == stopLocal {
		payload["idToken"] = idToken(tx.token)
	}
	return say("TransactionEvent", payload)
}

func (dialect2x) reason(why stopCause) string {
	switch why {
	case stopRemote:
		return "Remote"
	case stopSoftReset:
		return "Reboot"
	case stopHardReset:
		return "ImmediateReset"
	case stopDeauthorized:
		return "DeAuthorized"
	case stopUnlock:
		return "Other"
	case stopLocal:
	}
	return "Local"
}

func stopTrigger(why stopCause) string {
	switch why {
	case stopRemote:
		return "RemoteStop"
	case stopSoftReset, stopHardReset:
		return "ResetCommand"
	case stopDeauthorized:
		return "Deauthorized"
	case stopUnlock:
		return "UnlockCommand"
	case stopLocal:
	}
	return "StopAuthorized"
}

func (d dialect2x) meterValues(s *Station, c *connector, r reading) *message {
	return say("MeterValues", object{"evseId": c.number, "meterValue": []object{d.meterValue(s, c, r)}})
}

// meterValue is a reading as of MeterValueType. A signed one is part of the register's value.
func (dialect2x) meterValue(s *Station, c *connector, r reading) object {
	var values []object
	for _, s := range r.samples() {
		values = append(values, object{"value": s.value, "context": string(r.context), "measurand": s.measurand, "unitOfMeasure": object{"unit": s.unit}})
	}
	if r.signed != "" {
		values[0]["signedMeterValue"] = object{
			"signedMeterData": base64.StdEncoding.EncodeToString([]byte(r.signed)), "signingMethod": signingMethod,
			"encodingMethod": encodingMethod, "publicKey": base64.StdEncoding.EncodeToString([]byte(s.publicKey(c))),
		}
	}
	return object{"timestamp": timestamp(r.at), "sampledValue": values}
}

func (dialect2x) firmware(requestID int, word string) *message {
	return say("FirmwareStatusNotification", withRequest(requestID, word))
}

func (dialect2x) log(requestID int, word string) *message {
	return say("LogStatusNotification", withRequest(requestID, word))
}

// withRequest leaves the request out of a status that is Idle, as 2.x wants it (L01.FR.20, N01.FR.13).
func withRequest(requestID int, word string) object {
	payload := object{"status": word}
	if word != "Idle" {
		payload["requestId"] = requestID
	}
	return payload
}

func (dialect2x) securityEvent(kind string, at time.Time) *message {
	return say("SecurityEventNotification", object{"type": kind, "timestamp": timestamp(at)})
}

func (dialect2x) reservationEnded(id int, word string) *message {
	return say("ReservationStatusUpdate", object{"reservationId": id, "reservationUpdateStatus": word})
}

func (d dialect2x) settings(*Station) settings { return settings{factory: factory(d.version)} }
