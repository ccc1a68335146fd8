package cloud

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/local/console"
	"github.com/serverless-ocpp/backend/local/websocketapi"
)

// connects answers $connect with a status, 0 being a function that did not run.
type connects int

func (status connects) Invoke(_ context.Context, function string, _ []byte) ([]byte, string, error) {
	switch {
	case function != "Connect":
		return []byte(`{}`), "", nil
	case status == 0:
		return nil, "", errors.New("did not run")
	case status == 200:
		return []byte(`{"statusCode":200}`), "", nil
	default:
		return []byte(`{"statusCode":404}`), "", nil
	}
}

const connectEvent = `{"requestContext":{"connectionId":"abc=","authorizer":{"chargePointId":"CP001","status":"101","reason":"not registered"}}}`

// spoken runs messages over a connection and returns the lines that the console shows of them, without their time.
func spoken(t *testing.T, messages ...websocketapi.Message) string {
	t.Helper()
	var written strings.Builder
	w := newWatch(slog.New(console.NewHandler(&written, console.Options{})))
	if _, _, err := w.through(connects(200), "Connect", "Disconnect").Invoke(t.Context(), "Connect", []byte(connectEvent)); err != nil {
		t.Fatal(err)
	}
	for _, message := range messages {
		message.ConnectionID = "abc="
		w.message(message)
	}
	var lines []string
	for line := range strings.Lines(written.String()) {
		_, after, _ := strings.Cut(strings.TrimSpace(line), "  ")
		lines = append(lines, strings.Join(strings.Fields(after), " "))
	}
	return strings.Join(lines, "\n")
}

func TestCallsAreToldWithTheirOutcome(t *testing.T) {
	from := func(body string) websocketapi.Message {
		return websocketapi.Message{FromClient: true, Body: []byte(body)}
	}
	to := func(body string) websocketapi.Message { return websocketapi.Message{Body: []byte(body)} }
	tests := []struct {
		name     string
		messages []websocketapi.Message
		want     string // the beginning: a duration follows
	}{
		{"a call and its result",
			[]websocketapi.Message{from(`[2,"1","BootNotification",{"chargePointModel":"X"}]`), to(`[3,"1",{"status":"Accepted"}]`)},
			"CP001 → BootNotification status Accepted,"},
		{"a token's status, and never the token",
			[]websocketapi.Message{from(`[2,"1","Authorize",{"idTag":"04A2"}]`), to(`[3,"1",{"idTagInfo":{"status":"Invalid"}}]`)},
			"CP001 → Authorize status Invalid,"},
		{"a command", []websocketapi.Message{to(`[2,"7","Reset",{}]`), from(`[3,"7",{"status":"Rejected"}]`)},
			"CP001 ← Reset status Rejected,"},
		{"both sides with one id",
			[]websocketapi.Message{from(`[2,"1","Heartbeat",{}]`), to(`[2,"1","Reset",{}]`), from(`[3,"1",{"status":"Accepted"}]`)},
			"CP001 ← Reset status Accepted,"},
		{"an error", []websocketapi.Message{from(`[2,"1","Nonsense",{}]`), to(`[4,"1","NotImplemented","Nonsense is not known",{}]`)},
			"CP001 ! → Nonsense code NotImplemented, reason Nonsense is not known,"},
		{"an answer to nothing", []websocketapi.Message{from(`[3,"9",{}]`)}, "CP001 ← (an unknown call)"},
		{"a call without an answer", []websocketapi.Message{from(`[2,"1","Heartbeat",{}]`)}, ""},
		{"no frame", []websocketapi.Message{from(`{"hello":1}`)}, "CP001 ! message that is no OCPP frame bytes 11"},
		{"a result that is refused", []websocketapi.Message{from(`[5,"1","FormatViolation","no status",{}]`)}, "CP001 ! → refuses a result code FormatViolation, reason no status"},
		{"a message without an answer", []websocketapi.Message{from(`[6,"1","NotifyPeriodicEventStream",{}]`)}, "CP001 → NotifyPeriodicEventStream"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := spoken(t, test.messages...)
			if !strings.HasPrefix(got, test.want) || test.want == "" && got != "" {
				t.Errorf("got %q, want %q…", got, test.want)
			}
			if strings.Contains(got, "04A2") {
				t.Error("a token is shown")
			}
		})
	}
}

func TestLogsAboutAConnectionNameTheChargePoint(t *testing.T) {
	var written strings.Builder
	w := newWatch(slog.New(console.NewHandler(&written, console.Options{})))
	functions := w.through(connects(404), "Connect", "Disconnect")
	if _, _, err := functions.Invoke(t.Context(), "Connect", []byte(connectEvent)); err != nil {
		t.Fatal(err)
	}
	w.named().Info("handshake refused", "connectionId", "abc=", "status", 404)
	w.named().Info("handshake refused", "connectionId", "other=", "status", 403)
	if _, _, err := functions.Invoke(t.Context(), "Disconnect", []byte(connectEvent)); err != nil {
		t.Fatal(err)
	}
	w.named().Info("late", "connectionId", "abc=")
	for i, want := range []string{
		"  CP001             handshake refused  status 404, reason not registered\n",
		"                    handshake refused  status 403\n",
		"                    late\n",
	} {
		line := strings.SplitAfter(written.String(), "\n")[i]
		if !strings.HasSuffix(line, want) {
			t.Errorf("line %q, want …%q", line, want)
		}
	}
}
