// Package frames says who sees the frames of charge points, as the stack's properties have it.
package frames

import (
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/settings"
)

// Watchers are those that see frames. Each can be switched off.
type Watchers struct {
	Mirror     bool // observers of <charge point>/in and <charge point>/out
	MessageLog bool // operators
	Table      string
	Days       int // how long a frame is kept
}

// What the message log keeps unless the stack says otherwise, and at most: the ttl of a table is no archive.
const (
	defaultDays = 7
	maxDays     = 365
)

// WatchersOf reads which there are; what is missing, env tells afterwards.
func WatchersOf(env *settings.Environment) Watchers {
	watchers := Watchers{Mirror: env.Flag("MIRROR", true), MessageLog: env.Flag("MESSAGE_LOG", true)}
	if watchers.MessageLog {
		watchers.Table = env.Required("MESSAGE_TABLE")
		watchers.Days = env.Integer("MESSAGE_LOG_DAYS", defaultDays, 1, maxDays)
	}
	return watchers
}

// Log is the message log, nil if it is switched off.
func (w Watchers) Log(tables *dynamodb.Client) *dynamo.MessageLog {
	if !w.MessageLog {
		return nil
	}
	return dynamo.NewMessageLog(tables, w.Table, w.Days)
}
