package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
	"github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/metric"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(dynamotest.Run(m))
}

// rig is a handler on real tables; connections and timers are the test's.
type rig struct {
	handler      *Handler
	chargePoints *dynamo.ChargePoints
	commands     *dynamo.Commands
	messages     *dynamo.Messages
	closed       []string
	timers       []command.Timer
	timersErr    error
	told         *told
}

func newRig(t *testing.T) *rig {
	client := dynamotest.Client()
	r := &rig{
		chargePoints: dynamo.NewChargePoints(client, dynamotest.Table(t, "ChargePointTable")),
		commands:     dynamo.NewCommands(client, dynamotest.Table(t, "CommandTable")),
		messages:     dynamo.NewMessages(client, dynamotest.Table(t, "MessageTable")),
		told:         &told{t: t},
	}
	r.handler = &Handler{Sessions: r.chargePoints, Timers: r, Connections: r, Refusals: r.messages, Events: r.told}
	must(t, r.chargePoints.Mirror(t.Context(), chargepoint.Thing{Name: "CP001", ID: "thing", Version: 1, At: at(0)}, chargepoint.Accepted))
	return r
}

func (r *rig) Close(_ context.Context, connectionID string) error {
	r.closed = append(r.closed, connectionID)
	return nil
}

func (r *rig) After(_ context.Context, _ time.Duration, timer command.Timer) error {
	r.timers = append(r.timers, timer)
	return r.timersErr
}

func at(second int) time.Time { return time.Date(2026, 3, 1, 12, 0, second, 0, time.UTC) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// connect handles the sample event, changed to another connection and finding.
func (r *rig) connect(t *testing.T, connectionID string, connectedAt time.Time, finding map[string]any) events.APIGatewayProxyResponse {
	t.Helper()
	response, err := r.handler.Handle(t.Context(), sample(t, connectionID, connectedAt, finding))
	must(t, err)
	return response
}

func sample(t *testing.T, connectionID string, connectedAt time.Time, finding map[string]any) events.APIGatewayWebsocketProxyRequest {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "events", "connect.json"))
	must(t, err)
	var event events.APIGatewayWebsocketProxyRequest
	must(t, json.Unmarshal(text, &event))
	event.RequestContext.ConnectionID, event.RequestContext.ConnectedAt = connectionID, connectedAt.UnixMilli()
	if finding != nil {
		event.RequestContext.Authorizer = finding
	}
	return event
}

func TestConnectOpensTheSession(t *testing.T) {
	r := newRig(t)
	response := r.connect(t, "first=", at(1), nil)
	if response.StatusCode != 200 || response.Headers["Sec-WebSocket-Protocol"] != "ocpp1.6" {
		t.Fatalf("%+v", response)
	}
	cp, err := r.chargePoints.Get(t.Context(), "CP001")
	must(t, err)
	if cp.Session == nil || cp.Session.ConnectionID != "first=" || cp.Session.Protocol != "ocpp1.6" || cp.Session.Open {
		t.Errorf("session %+v", cp.Session)
	}
	want := event.Event{Name: event.Connected, ID: "first=", ChargePointID: "CP001", At: at(1), Data: event.Connection{ConnectionID: "first=", Protocol: "ocpp1.6", SourceIP: "203.0.113.9"}}
	if got := r.told.events; len(got) != 1 || got[0] != want {
		t.Errorf("told %+v, want %+v", got, want)
	}
	if drain := (command.Timer{Kind: command.TimerDrain, ChargePointID: "CP001", ConnectionID: "first="}); !slices.Equal(r.timers, []command.Timer{drain}) {
		t.Errorf("nothing sends the commands that wait: %+v", r.timers)
	}
}

// Specification: OCPP 2.0.1 part 4 section 4.1.1.
func TestNewestConnectionWins(t *testing.T) {
	r := newRig(t)
	r.connect(t, "first=", at(1), nil)
	must(t, r.commands.Create(t.Context(), command.Command{ChargePointID: "CP001", ID: "c1", Action: "Reset", Payload: []byte(`{}`),
		State: command.Queued, CreatedAt: at(1), ExpiresAt: at(50), Timeout: time.Second}))
	must(t, r.chargePoints.Take(t.Context(), "CP001", chargepoint.Outstanding{CommandID: "c1", ConnectionID: "first=", Deadline: at(30)}))
	_, err := r.commands.Send(t.Context(), "CP001", "c1", at(1), at(30))
	must(t, err)

	if response := r.connect(t, "second=", at(2), nil); response.StatusCode != 200 {
		t.Fatalf("%+v", response)
	}
	if len(r.closed) != 1 || r.closed[0] != "first=" {
		t.Errorf("closed %v", r.closed)
	}
	if want := (command.Timer{Kind: command.TimerAbandoned, ChargePointID: "CP001", CommandID: "c1", Deadline: at(30)}); !slices.Contains(r.timers, want) {
		t.Errorf("nobody gives up the command on the older connection: %+v", r.timers)
	}
	if response := r.connect(t, "first=", at(1), nil); response.StatusCode != 409 {
		t.Errorf("an older connection that comes late gets %d", response.StatusCode)
	}
	cp, err := r.chargePoints.Get(t.Context(), "CP001")
	must(t, err)
	if cp.Session.ConnectionID != "second=" || cp.Outstanding != nil {
		t.Errorf("session %+v, outstanding %+v", cp.Session, cp.Outstanding)
	}
}

// Specification: OCPP-J 1.6 section 3.2; OCPP 2.0.1 part 4 section 3.2; A00.FR.207; RFC 7617.
func TestRefusalsAreAnsweredAndKept(t *testing.T) {
	r := newRig(t)
	var lines bytes.Buffer
	r.handler.Metrics = metric.New("S", &lines, time.Now)
	const reason = "Charge Point CP404 not registered as an IoT Thing"
	response := r.connect(t, "x=", at(1), map[string]any{"status": "404", "reason": reason, "chargePointId": "CP404", "sourceIp": "203.0.113.9"})
	if response.StatusCode != 404 || !strings.Contains(response.Body, reason) {
		t.Errorf("%+v", response)
	}
	kept, _, err := r.messages.List(t.Context(), "CP404", "", 10)
	must(t, err)
	if len(kept) != 1 || kept[0].Reason != reason || kept[0].SourceIP != "203.0.113.9" {
		t.Errorf("kept %+v", kept)
	}
	if want := `"RefusedConnections":[1],"Stack":"S","Status":"404"`; !strings.Contains(lines.String(), want) {
		t.Errorf("no %s in %s", want, lines.String())
	}
	response = r.connect(t, "y=", at(1), map[string]any{"status": "401", "reason": "wrong key", "chargePointId": "CP001"})
	if response.StatusCode != 401 || !strings.HasPrefix(response.Headers["WWW-Authenticate"], "Basic ") {
		t.Errorf("%+v", response)
	}
}

func TestChargePointDeletedMeanwhile(t *testing.T) {
	r := newRig(t)
	must(t, r.chargePoints.Delete(t.Context(), "CP001"))
	if response := r.connect(t, "first=", at(1), nil); response.StatusCode != 404 {
		t.Errorf("%+v", response)
	}
}

// Without its timer nobody would send what waits for a charge point that does not boot: it is to connect again.
func TestNobodyConnectsWithoutATimer(t *testing.T) {
	r := newRig(t)
	r.timersErr = errors.New("SQS is away")
	if response, err := r.handler.Handle(t.Context(), sample(t, "first=", at(1), nil)); !errors.Is(err, r.timersErr) {
		t.Errorf("%+v, %v", response, err)
	}
}

func TestWithoutAFindingNobodyConnects(t *testing.T) {
	r := newRig(t)
	if response, err := r.handler.Handle(t.Context(), events.APIGatewayWebsocketProxyRequest{}); err == nil {
		t.Errorf("connected without an authorizer: %+v", response)
	}
}
