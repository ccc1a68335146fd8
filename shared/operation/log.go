package operation

import (
	"context"
	"time"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Log has the charge point upload a log (OCPP 1.6 section 5.9 GetDiagnostics, Improved security for OCPP 1.6-J N01
// GetLog, OCPP 2.x part 2 use case N01). How far it is comes in reports, which name the request id.
type Log struct {
	// Type is "diagnostics" or "security", in 2.1 also "dataCollector".
	Type string `json:"type" required:"true"`
	// Location is the URL that the charge point uploads to, such as sftp://user@example.com/logs; it chooses the name of
	// the file.
	Location string `json:"location" required:"true"`
	// From is when the oldest entry was made that is wanted. Left out: the first there is.
	From time.Time `json:"from,omitzero"`
	// To is when the latest entry was made that is wanted. Left out: the last there is.
	To time.Time `json:"to,omitzero"`
	Retrying

	requestID int
}

// The words of LogEnumType. In 1.6 diagnostics have a CALL of their own, which every charge point knows.
var (
	logTypes16 = map[string]string{"diagnostics": "", "security": "SecurityLog"}
	logTypes   = map[string]string{"diagnostics": "DiagnosticsLog", "security": "SecurityLog"}
	logTypesOf = map[ocppj.Version]map[string]string{
		ocppj.V16: logTypes16, ocppj.V201: logTypes, ocppj.V21: with(logTypes, map[string]string{"dataCollector": "DataCollectorLog"}),
	}
)

// Prepare implements Prepared. The number that the reports will name is chosen here; diagnostics of 1.6 have none.
func (l *Log) Prepare(_ context.Context, _ Desk, target Target) error {
	if target.Version != ocppj.V16 || l.Type != "diagnostics" {
		l.requestID = numberOf(target.CommandID)
	}
	return nil
}

// Calls implements Operation.
func (l *Log) Calls(version ocppj.Version) ([]Call, error) {
	logType, err := word(version, "type", l.Type, logTypesOf[version])
	if err != nil {
		return nil, err
	}
	if l.Location == "" {
		return nil, missing("location")
	}
	if err := checkURL("location", l.Location, fileSchemes...); err != nil {
		return nil, err
	}
	if !l.To.IsZero() && !l.To.After(l.From) {
		return nil, fault.New(fault.Invalid, "'to' must be later than 'from'")
	}
	payload := map[string]any{}
	if err := l.Retrying.add(payload); err != nil {
		return nil, err
	}
	if logType == "" {
		payload["location"] = l.Location
		addTime(payload, "startTime", l.From)
		addTime(payload, "stopTime", l.To)
		return []Call{{"GetDiagnostics", payload}}, nil
	}
	log := map[string]any{"remoteLocation": l.Location}
	addTime(log, "oldestTimestamp", l.From)
	addTime(log, "latestTimestamp", l.To)
	payload["logType"], payload["requestId"], payload["log"] = logType, l.requestID, log
	return []Call{{"GetLog", payload}}, nil
}

// Said implements Telling.
func (l *Log) Said() Said { return Said{RequestID: l.requestID} }
