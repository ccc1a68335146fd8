package cost

import (
	"fmt"
	"time"
)

// The stated day of a charge point: a heartbeat every 300 s, one and a half sessions of 45 minutes with a reading a minute, and
// twelve connections, because API Gateway ends each after two hours. It boots once.
const (
	daysPerMonth      = 365.0 / 12
	heartbeatInterval = 300 * time.Second
	heartbeats        = float64(24 * time.Hour / heartbeatInterval)
	sessions          = 1.5
	readings          = 45.0          // of a session
	followed          = readings / 15 // of those: in one minute of fifteen they go through the journal
	connections       = 12.0
	boots             = 1.0
	connectionMinutes = 24 * 60.0
)

// A Version is a subprotocol.
type Version string

// The versions of OCPP.
const (
	V16  Version = "ocpp1.6"
	V201 Version = "ocpp2.0.1"
	V21  Version = "ocpp2.1"
)

// Versions are all of them.
var Versions = []Version{V16, V201, V21}

// A message is a kind of what charge points say.
type message struct {
	name      string // for the tables: the action, and which of several of that action
	action    string
	perDay    float64
	journaled bool // it must be kept before it is answered
	payload   func(s *session) string
}

// begins tells whether a session begins with it.
func (m message) begins() bool {
	return m.name == "StartTransaction" || m.name == "TransactionEvent Started"
}

// session is what the messages of a charging session have in common.
type session struct {
	chargePoint string
	number      int // of the charge point
	sequence    int // of 2.x
	transaction int // of 1.6: the central system's id
	meter       int // Wh
}

func (s *session) now() string { return time.Now().UTC().Format("2006-01-02T15:04:05.000Z") }

// day16 is a day of OCPP 1.6.
var day16 = []message{
	{"BootNotification", "BootNotification", boots, true, func(*session) string {
		return `{"chargePointVendor":"ACME","chargePointModel":"Wallbox 11","chargePointSerialNumber":"AB12345678","firmwareVersion":"1.4.2"}`
	}},
	{"Heartbeat", "Heartbeat", heartbeats, false, func(*session) string { return `{}` }},
	{"StatusNotification", "StatusNotification", 4 * sessions, true, func(s *session) string { // Preparing, Charging, Finishing, Available
		return fmt.Sprintf(`{"connectorId":1,"errorCode":"NoError","status":"Preparing","timestamp":%q}`, s.now())
	}},
	{"Authorize", "Authorize", sessions, true, func(*session) string { return `{"idTag":"04A1B2C3D4E5F6"}` }},
	{"StartTransaction", "StartTransaction", sessions, true, func(s *session) string {
		return fmt.Sprintf(`{"connectorId":1,"idTag":"04A1B2C3D4E5F6","meterStart":%d,"timestamp":%q}`, s.meter, s.now())
	}},
	{"MeterValues", "MeterValues", (readings - followed) * sessions, true, (*session).meterValues},
	{"StopTransaction", "StopTransaction", sessions, true, func(s *session) string {
		return fmt.Sprintf(`{"transactionId":%d,"idTag":"04A1B2C3D4E5F6","meterStop":%d,"timestamp":%q,"reason":"EVDisconnected"}`, s.transaction, s.meter, s.now())
	}},
}

// day2x is a day of OCPP 2.0.1 and 2.1.
var day2x = []message{
	{"BootNotification", "BootNotification", boots, true, func(*session) string {
		return `{"reason":"PowerUp","chargingStation":{"model":"Wallbox 11","vendorName":"ACME","serialNumber":"AB12345678","firmwareVersion":"1.4.2"}}`
	}},
	{"Heartbeat", "Heartbeat", heartbeats, false, func(*session) string { return `{}` }},
	{"StatusNotification", "StatusNotification", 2 * sessions, true, func(s *session) string { // Occupied, Available
		return fmt.Sprintf(`{"timestamp":%q,"connectorStatus":"Occupied","evseId":1,"connectorId":1}`, s.now())
	}},
	{"Authorize", "Authorize", sessions, true, func(*session) string { return `{"idToken":{"idToken":"04A1B2C3D4E5F6","type":"ISO14443"}}` }},
	{"TransactionEvent Started", "TransactionEvent", sessions, true, func(s *session) string {
		return s.event("Started", "CablePluggedIn", "", `,"idToken":{"idToken":"04A1B2C3D4E5F6","type":"ISO14443"},"evse":{"id":1,"connectorId":1}`)
	}},
	{"TransactionEvent Updated", "TransactionEvent", (readings - followed) * sessions, true, (*session).updated},
	{"TransactionEvent Ended", "TransactionEvent", sessions, true, func(s *session) string {
		return s.event("Ended", "EVCommunicationLost", `,"stoppedReason":"EVDisconnected"`, "")
	}},
}

// readingsAre the names of the readings of all versions.
var readingsAre = []string{"MeterValues", "TransactionEvent Updated"}

func (s *session) meterValues() string {
	s.meter += 180
	return fmt.Sprintf(`{"connectorId":1,"transactionId":%d,"meterValue":[{"timestamp":%q,"sampledValue":[`+
		`{"value":"%d","context":"Sample.Periodic","measurand":"Energy.Active.Import.Register","unit":"Wh"},`+
		`{"value":"11000","context":"Sample.Periodic","measurand":"Power.Active.Import","unit":"W"}]}]}`, s.transaction, s.now(), s.meter)
}

func (s *session) updated() string {
	s.meter += 180
	return s.event("Updated", "MeterValuePeriodic", "", fmt.Sprintf(`,"meterValue":[{"timestamp":%q,"sampledValue":[`+
		`{"value":%d,"context":"Sample.Periodic","measurand":"Energy.Active.Import.Register","unitOfMeasure":{"unit":"Wh"}},`+
		`{"value":11000,"context":"Sample.Periodic","measurand":"Power.Active.Import","unitOfMeasure":{"unit":"W"}}]}]`, s.now(), s.meter))
}

// dayOf is what charge points of a version say, in the order in which they do.
func dayOf(version Version) []message {
	if version == V16 {
		return day16
	}
	return day2x
}

// event is a TransactionEvent with additions to transactionInfo and to the message.
func (s *session) event(kind, trigger, info, more string) string {
	text := fmt.Sprintf(`{"eventType":%q,"timestamp":%q,"triggerReason":%q,"seqNo":%d,"transactionInfo":{"transactionId":"%s-%d","chargingState":"Charging"%s}%s}`,
		kind, s.now(), trigger, s.sequence, s.chargePoint, s.number, info, more)
	s.sequence++
	return text
}
