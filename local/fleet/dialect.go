package fleet

import (
	"encoding/json"
	"time"

	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// dialect puts what a station says into the words of a version, and a version's commands into what it does.
type dialect interface {
	boot(s *Station, reason string) *message
	heartbeat() *message
	status(c *connector, at time.Time) *message
	authorize(token string) *message
	started(s *Station, tx *transaction, r reading, how start) *message
	updated(s *Station, tx *transaction, r reading, stateChanged bool) *message
	ended(s *Station, tx *transaction, r reading, why stopCause) *message
	meterValues(s *Station, c *connector, r reading) *message
	firmware(requestID int, word string) *message // requestID 0 is an update that has none
	log(requestID int, word string) *message
	securityEvent(kind string, at time.Time) *message
	reservationEnded(id int, word string) *message // nil where the version has no such message
	profilesReport(report profilesReport) *message // nil as above

	authorization(payload json.RawMessage) string     // status in an answer; "" if it has none
	givenID(payload json.RawMessage) string           // transaction id in the answer to a start; "" if it has none
	transactionID(own string) string                  // the id that a transaction begins with
	reason(why stopCause) string                      // as it is told
	command(action string) (obey handler, known bool) // what the version lets a central system send
	settings(s *Station) settings                     // as they come from the factory
	names() names                                     // of the settings that stations obey
}

// names are keys of the settings.
type names struct{ heartbeatInterval, sampleInterval, key string }

func dialectOf(version ocppj.Version) dialect {
	if version == ocppj.V16 {
		return dialect16{}
	}
	return dialect2x{version}
}

// bootAction is spelled alike in all versions.
const bootAction = "BootNotification"

// say is a message whose payload is known.
func say(action string, payload object) *message {
	return &message{action: action, payload: func() any { return payload }}
}

// registration is the answer to a boot in all versions.
type registration struct {
	Status   string `json:"status"`
	Interval int    `json:"interval"`
}
