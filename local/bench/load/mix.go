package load

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// A Mix is what charge points talk about.
type Mix struct {
	Name   string
	script func(Protocol) script
}

// Heartbeats is a mix of heartbeats alone: the shortest way of a message, without the journal.
var Heartbeats = Mix{"heartbeat", func(Protocol) script { return heartbeats{} }}

// Charging is a mix of sessions, one after another: the start, readings, and the stop. All of them go through the journal and the tables.
var Charging = Mix{"charging", func(p Protocol) script {
	if p == OCPP16 {
		return &charging16{}
	}
	return &charging201{}
}}

// readings are the readings of a session between its start and its stop; with one a minute a session of real life has more.
const readings = 8

// message is a CALL to send.
type message struct{ action, payload string }

// script says what a charge point sends next, given the payload of the answer to what it sent before; nil at the beginning.
type script interface {
	next(answer []byte) (message, error)
}

type heartbeats struct{}

func (heartbeats) next([]byte) (message, error) { return message{"Heartbeat", `{}`}, nil }

// charging16 is sessions of OCPP 1.6, whose transactions are named by the central system.
type charging16 struct {
	step, session, transaction int
}

func (c *charging16) next(answer []byte) (message, error) {
	now := time.Now().UTC().Format(time.RFC3339Nano)
	step := c.step
	c.step = (c.step + 1) % (readings + 2)
	switch step {
	case 0:
		c.session++
		return message{"StartTransaction", fmt.Sprintf(`{"connectorId":1,"idTag":"04AABBCC","meterStart":%d,"timestamp":%q}`, c.session, now)}, nil
	case 1:
		var started struct{ TransactionID int }
		if err := json.Unmarshal(answer, &started); err != nil || started.TransactionID == 0 {
			return message{}, fmt.Errorf("StartTransaction is answered %s", answer)
		}
		c.transaction = started.TransactionID
	case readings + 1:
		return message{"StopTransaction", fmt.Sprintf(`{"transactionId":%d,"idTag":"04AABBCC","meterStop":%d,"timestamp":%q,"reason":"Local"}`,
			c.transaction, c.session+1000*readings, now)}, nil
	}
	return message{"MeterValues", fmt.Sprintf(`{"connectorId":1,"transactionId":%d,"meterValue":[{"timestamp":%q,"sampledValue":[`+
		`{"value":"%d","unit":"Wh"},{"value":"7200","measurand":"Power.Active.Import","unit":"W"}]}]}`, c.transaction, now, c.session+1000*step)}, nil
}

// charging201 is sessions of OCPP 2.0.1, whose transactions are named by the charge point.
type charging201 struct {
	step        int
	transaction string
}

func (c *charging201) next([]byte) (message, error) {
	step := c.step
	c.step = (c.step + 1) % (readings + 2)
	kind, trigger, reason := "Updated", "MeterValuePeriodic", ""
	switch step {
	case 0:
		c.transaction = strconv.FormatInt(time.Now().UnixNano(), 36)
		kind, trigger = "Started", "Authorized"
	case readings + 1:
		kind, trigger, reason = "Ended", "StopAuthorized", `,"stoppedReason":"Local"`
	}
	now, token := time.Now().UTC().Format(time.RFC3339Nano), ""
	if kind != "Updated" {
		token = `,"idToken":{"idToken":"04AABBCC","type":"ISO14443"}`
	}
	return message{"TransactionEvent", fmt.Sprintf(`{"eventType":%q,"timestamp":%q,"triggerReason":%q,"seqNo":%d,`+
		`"transactionInfo":{"transactionId":%q,"chargingState":"Charging"%s},"evse":{"id":1,"connectorId":1}%s,`+
		`"meterValue":[{"timestamp":%q,"sampledValue":[{"value":%d},{"value":7200,"measurand":"Power.Active.Import"}]}]}`,
		kind, now, trigger, step, c.transaction, reason, token, now, 1000*step)}, nil
}
