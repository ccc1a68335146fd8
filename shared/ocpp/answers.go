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

type transferred struct {
	Status string `json:"status"`
}

// AnswerUnknownVendor answers a DataTransfer of a vendor whose extensions are not known.
func AnswerUnknownVendor() any { return transferred{Status: "UnknownVendorId"} }

// Text is a JSON string or number as text. 1.6 sends measured values as strings, 2.x as numbers, and
// some charge points do it the other way round; a number keeps the digits it was written with.
func Text(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	return string(value)
}
