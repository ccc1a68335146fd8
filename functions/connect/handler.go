package main

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/metric"
)

// Refusals keeps what was refused, for operators to see.
type Refusals interface {
	PutRefused(ctx context.Context, chargePointID string, at time.Time, connectionID string, status int, reason, sourceIP string) error
}

// Closer ends connections.
type Closer interface {
	// Close ends a connection; one that is gone is no error.
	Close(ctx context.Context, connectionID string) error
}

// Handler turns the authorizer's finding into the answer to the handshake, and opens the session.
type Handler struct {
	Sessions    chargepoint.Sessions
	Timers      command.Timers
	Connections Closer
	Refusals    Refusals
	Events      event.Publisher
	Metrics     *metric.Recorder
}

// finding is what the authorizer passed on.
type finding struct {
	chargePointID, protocol, reason, sourceIP string
	status                                    int
}

// Handle takes a $connect. An error is answered by API Gateway with 502; charge points try again.
func (h *Handler) Handle(ctx context.Context, event events.APIGatewayWebsocketProxyRequest) (events.APIGatewayProxyResponse, error) {
	found, err := findingOf(event)
	log := slog.With("chargePointId", found.chargePointID, "connectionId", event.RequestContext.ConnectionID)
	if err != nil {
		log.ErrorContext(ctx, "connection without a finding of the authorizer, refused", "error", err)
		return events.APIGatewayProxyResponse{}, err
	}
	connectedAt := time.UnixMilli(event.RequestContext.ConnectedAt).UTC()
	if found.status != http.StatusSwitchingProtocols {
		log.WarnContext(ctx, "connection refused", "status", found.status, "reason", found.reason, "sourceIp", found.sourceIP)
		if chargepoint.CheckID(found.chargePointID) == nil {
			if err := h.Refusals.PutRefused(ctx, found.chargePointID, connectedAt, event.RequestContext.ConnectionID, found.status, found.reason, found.sourceIP); err != nil {
				log.WarnContext(ctx, "the refused connection is in the log alone", "error", err)
			}
		}
		return h.refused(found.status, found.reason), nil
	}
	session := chargepoint.Session{ConnectionID: event.RequestContext.ConnectionID, Protocol: found.protocol, ConnectedAt: connectedAt}
	before, err := h.Sessions.Open(ctx, found.chargePointID, session)
	switch fault.CodeOf(err) {
	case "":
	case fault.Stale:
		log.WarnContext(ctx, "connection refused: a newer one was faster", "error", err)
		return h.refused(http.StatusConflict, "a newer connection of this charge point is open"), nil
	case fault.NotFound:
		return h.refused(http.StatusNotFound, "Charge Point "+found.chargePointID+" not registered as an IoT Thing"), nil
	default:
		log.ErrorContext(ctx, "session not opened", "error", err)
		return events.APIGatewayProxyResponse{}, err
	}
	tell := newTelling(ctx, h.Events)
	defer tell.wait()
	tell.connected(found, session)
	if err := h.replace(ctx, log, before, session); err != nil {
		log.ErrorContext(ctx, "session opened, but its commands would wait for ever", "error", err)
		return events.APIGatewayProxyResponse{}, err
	}
	log.InfoContext(ctx, "connected", "protocol", found.protocol, "sourceIp", found.sourceIP)
	return events.APIGatewayProxyResponse{
		StatusCode: http.StatusOK,
		Headers:    map[string]string{"Sec-WebSocket-Protocol": found.protocol},
	}, nil
}

// replace ends what the session before left: its connection, and the CALL that was sent on it and
// must not be answered on another (OCPP 2.0.1 part 4 section 4.1.1). Then it has the waiting commands
// sent once the connection had time for a boot.
func (h *Handler) replace(ctx context.Context, log *slog.Logger, before chargepoint.ChargePoint, session chargepoint.Session) error {
	if err := command.Abandon(ctx, h.Timers, before.ID, before.Outstanding); err != nil {
		log.WarnContext(ctx, "the command ends with its deadline", "messageId", before.Outstanding.CommandID, "error", err)
	}
	if old := before.Session; old != nil && old.ConnectionID != session.ConnectionID {
		log.InfoContext(ctx, "newest connection wins, the older one is closed", "olderConnectionId", old.ConnectionID)
		if err := h.Connections.Close(ctx, old.ConnectionID); err != nil {
			log.WarnContext(ctx, "the older connection stays until it ends of itself; its end will harm nothing", "error", err)
		}
	}
	drain := command.Timer{Kind: command.TimerDrain, ChargePointID: before.ID, ConnectionID: session.ConnectionID}
	return h.Timers.After(ctx, chargepoint.QuietAfterConnect+time.Second, drain)
}

func findingOf(event events.APIGatewayWebsocketProxyRequest) (finding, error) {
	authorizer, _ := event.RequestContext.Authorizer.(map[string]any)
	text := func(key string) string { value, _ := authorizer[key].(string); return value }
	found := finding{chargePointID: text("chargePointId"), protocol: text("protocol"), reason: text("reason"), sourceIP: cmp.Or(text("sourceIp"), event.RequestContext.Identity.SourceIP)}
	status, err := strconv.Atoi(text("status"))
	if err != nil {
		return found, fault.New(fault.Internal, "requestContext.authorizer has no status: is the authorizer attached to $connect?")
	}
	found.status = status
	return found, nil
}

// refused is the answer to a handshake that fails, and counts it. Basic authentication asks for its header (RFC 7617).
func (h *Handler) refused(status int, reason string) events.APIGatewayProxyResponse {
	h.Metrics.Count(metric.RefusedConnections, metric.By{Dimension: "Status", Value: strconv.Itoa(status)})
	h.Metrics.Settle()
	body, err := json.Marshal(map[string]string{"message": reason})
	if err != nil {
		panic(err) // strings always marshal
	}
	response := events.APIGatewayProxyResponse{StatusCode: status, Headers: map[string]string{"Content-Type": "application/json"}, Body: string(body)}
	if status == http.StatusUnauthorized {
		response.Headers["WWW-Authenticate"] = `Basic realm="OCPP"`
	}
	return response
}
