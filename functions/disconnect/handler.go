package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/report"
)

// Handler clears the session of a connection that ended, if it is still that connection's. Nothing is
// concluded about transactions: every charge point reconnects twelve times a day.
type Handler struct {
	Sessions chargepoint.Sessions
	Reports  interface {
		Put(ctx context.Context, report report.Report) error
	}
	Timers command.Timers
	Events event.Publisher
	Now    func() time.Time
}

// Handle takes a $disconnect, which API Gateway may lose, or deliver after the next $connect of the
// same charge point. An error only shows in the function's metrics: nobody delivers it again.
func (h *Handler) Handle(ctx context.Context, ended disconnected) (events.APIGatewayProxyResponse, error) {
	done := events.APIGatewayProxyResponse{StatusCode: http.StatusOK}
	request := ended.RequestContext
	id, _ := request.Authorizer["chargePointId"].(string)
	log := slog.With("chargePointId", id, "connectionId", request.ConnectionID, "code", request.StatusCode, "reason", request.Reason)
	if id == "" {
		log.ErrorContext(ctx, "connection ended that never had an identity")
		return done, nil
	}
	now := h.Now()
	if err := h.keep(ctx, id, ended, now); err != nil {
		log.WarnContext(ctx, "the history of connections lacks this one", "error", err)
	}
	before, err := h.Sessions.Close(ctx, id, request.ConnectionID, request.StatusCode, request.Reason, now)
	if fault.Is(err, fault.Stale) || fault.Is(err, fault.NotFound) {
		log.InfoContext(ctx, "an older connection ended")
		return done, nil
	}
	if err != nil {
		log.ErrorContext(ctx, "session not closed; the next command or connection finds out", "error", err)
		return done, err
	}
	log.InfoContext(ctx, "disconnected")
	if err := h.Events.Publish(ctx, event.Event{
		Name: event.Disconnected, ID: request.ConnectionID, ChargePointID: id, At: now,
		Data: event.ConnectionEnd{ConnectionID: request.ConnectionID, Code: request.StatusCode, Reason: request.Reason},
	}); err != nil {
		log.WarnContext(ctx, "integrators are not told that the connection ended", "error", err)
	}
	if err := command.Abandon(ctx, h.Timers, id, before.Outstanding); err != nil {
		log.ErrorContext(ctx, "the command ends with its deadline", "messageId", before.Outstanding.CommandID, "error", err)
		return done, err
	}
	return done, nil
}

// keep adds to the history of the charge point's connections, older ones included. Repeating it changes nothing.
func (h *Handler) keep(ctx context.Context, id string, ended disconnected, now time.Time) error {
	request := ended.RequestContext
	at := time.UnixMilli(request.EndedAt).UTC()
	data, err := json.Marshal(connectionEnd{request.ConnectionID, time.UnixMilli(request.ConnectedAt).UTC(), request.StatusCode, request.Reason})
	if err != nil {
		return err
	}
	return h.Reports.Put(ctx, report.Report{
		ChargePointID: id, Kind: report.Disconnect, Key: report.ByTime(at, request.ConnectionID), Action: "$disconnect",
		At: at, ReceivedAt: now, Data: data,
	})
}

// connectionEnd is what is kept of a connection.
type connectionEnd struct {
	ConnectionID string    `json:"connectionId"`
	ConnectedAt  time.Time `json:"connectedAt"`
	Code         int       `json:"code"` // of WebSocket (RFC 6455 section 7.4)
	Reason       string    `json:"reason"`
}

// disconnected is the part of the DISCONNECT event that counts. The events of aws-lambda-go lack why
// a connection ended.
type disconnected struct {
	RequestContext struct {
		ConnectionID string         `json:"connectionId"`
		Authorizer   map[string]any `json:"authorizer"`
		ConnectedAt  int64          `json:"connectedAt"`      // ms since 1970
		EndedAt      int64          `json:"requestTimeEpoch"` // likewise
		StatusCode   int            `json:"disconnectStatusCode"`
		Reason       string         `json:"disconnectReason"`
	} `json:"requestContext"`
}
