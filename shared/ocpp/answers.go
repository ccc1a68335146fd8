package ocpp

import (
	"encoding/json"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
)

// The answers that are the same in every version.

type booted struct {
	CurrentTime Time                     `json:"currentTime"`
	Interval    int                      `json:"interval"` // seconds
	Status      chargepoint.Registration `json:"status"`
}

// AnswerBoot answers a BootNotification with the operator's will. The interval is that of heartbeats,
// and, while the charge point is not accepted, the wait before its next boot.
func AnswerBoot(known Known) any {
	return booted{Time{known.Now}, int(known.HeartbeatInterval.Seconds()), known.Registration}
}

type currentTime struct {
	CurrentTime Time `json:"currentTime"`
}

// AnswerHeartbeat answers a Heartbeat.
func AnswerHeartbeat(known Known) any { return currentTime{Time{known.Now}} }

// Verdict is an answer of one word, which OCPP 2.x lets explain.
type Verdict struct {
	Status     string      `json:"status"`
	StatusInfo *StatusInfo `json:"statusInfo,omitempty"`
}

// StatusInfo explains a status: OCPP 2.0.1 part 2, StatusInfoType.
type StatusInfo struct {
	ReasonCode     string `json:"reasonCode"`
	AdditionalInfo string `json:"additionalInfo"` // at most 512 characters
}

// Unsupported is a verdict on a request of OCPP 2.x for a service that this system does not offer:
// a regular answer, which tells the charge point to go on without it. why is a sentence.
func Unsupported(status, why string) Verdict {
	return Verdict{Status: status, StatusInfo: &StatusInfo{ReasonCode: "UnsupportedRequest", AdditionalInfo: why}}
}

// Text is a JSON string or number as text. 1.6 sends measured values as strings, 2.x as numbers, and
// some charge points do it the other way round; a number keeps the digits it was written with.
func Text(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	return string(value)
}
