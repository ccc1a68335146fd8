package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/serverless-ocpp/backend/local/cloud"
)

const (
	frameLimit   = 32 << 10
	messageLimit = 128 << 10
)

// sendInFrames sends one message in frames as large as API Gateway takes them.
func (s *socket) sendInFrames(message string) {
	s.t.Helper()
	writer, err := s.conn.Writer(s.t.Context(), websocket.MessageText)
	if err != nil {
		s.t.Fatal(err)
	}
	for len(message) > 0 {
		part := message[:min(len(message), frameLimit)]
		message = message[len(part):]
		if _, err := writer.Write([]byte(part)); err != nil {
			s.t.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		s.t.Fatal(err)
	}
}

// dataTransfer is a DataTransfer of that many bytes.
func dataTransfer(messageID string, size int) string {
	const frame = `[2,"%s","DataTransfer",{"vendorId":"com.example","messageId":"log","data":"%s"}]`
	return fmt.Sprintf(frame, messageID, strings.Repeat("x", size-len(fmt.Sprintf(frame, messageID, ""))))
}

// The largest message that the gateway takes goes all the way: it is answered, journaled, and shown on the topics as a whole;
// the message log keeps its beginning. A larger one, or a larger frame, ends the connection and nothing else.
func TestLargestMessages(t *testing.T) {
	t.Parallel()
	const id = "LARGEST"
	createThing(t, id)
	cp := connect(t, id, "ocpp1.6")
	cp.boot()
	cp.sendInFrames(dataTransfer("most", messageLimit))
	cp.want(`[3,"most",{"status":"Accepted"`)
	cp.send(`[2,"behind","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]`)
	cp.want(`[3,"behind",`)
	eventually(t, func() string { // the group goes on behind the large one
		if got := call(t, http.MethodGet, "/charge-points/"+id+"/connectors", "").list("connectors"); len(got) != 1 {
			return fmt.Sprintf("connectors %v", got)
		}
		return ""
	})
	kept := false
	for _, message := range call(t, http.MethodGet, "/charge-points/"+id+"/messages", "").want(t, http.StatusOK).list("messages") {
		if message["messageId"] == "most" && message["direction"] == "in" {
			text, _ := message["frame"].(string)
			kept = message["truncated"] == true && len(text) == 64<<10 && strings.HasPrefix(text, `[2,"most","DataTransfer",`)
		}
	}
	if !kept {
		t.Error("the message log does not have the beginning of the largest message")
	}

	for name, message := range map[string]func(*socket){
		"a frame": func(s *socket) { s.send(dataTransfer("large", frameLimit+1)) },
		// The gateway may close before the last frame is written.
		"a message": func(s *socket) { s.sendInFrames(dataTransfer("large", messageLimit+1)) },
	} {
		cp := connect(t, id, "ocpp1.6")
		message(cp)
		if code := cp.closed(); code != websocket.StatusMessageTooBig {
			t.Errorf("after %s that is too large the connection was closed with %d", name, code)
		}
	}
	connect(t, id, "ocpp1.6").silent(0)
}

// A report of more than a thousand variables in one message of almost 128 KB is stored, each variable of it.
func TestLargestReport(t *testing.T) {
	t.Parallel()
	const id, variables = "LARGEST-REPORT", 1100
	createThing(t, id)
	cp := connect(t, id, "ocpp2.0.1")
	cp.boot()
	var data []string
	for n := range variables {
		data = append(data, fmt.Sprintf(`{"component":{"name":"C"},"variable":{"name":"V%04d"},"variableAttribute":[{"value":"some value %d"}]}`, n, n))
	}
	report := `[2,"report","NotifyReport",{"requestId":1,"generatedAt":"2026-03-01T10:00:00Z","seqNo":0,"reportData":[` + strings.Join(data, ",") + `]}]`
	if len(report) < messageLimit*8/10 || len(report) > messageLimit {
		t.Fatalf("the report has %d bytes", len(report))
	}
	cp.sendInFrames(report)
	cp.want(`[3,"report",{}]`)
	eventually(t, func() string {
		stored, cursor := 0, ""
		for page := 0; page == 0 || cursor != ""; page++ {
			got := call(t, http.MethodGet, "/charge-points/"+id+"/variables?limit=200&cursor="+cursor, "").want(t, http.StatusOK)
			stored, cursor = stored+len(got.list("variables")), got.text("nextCursor")
		}
		if stored != variables {
			return fmt.Sprintf("%d of %d variables are stored", stored, variables)
		}
		return ""
	})
}

// An answer to a command that is too large for the shadow finishes the command with all of it.
func TestLargestResult(t *testing.T) {
	t.Parallel()
	const id = "LARGEST-RESULT"
	createThing(t, id)
	cp := connect(t, id, "ocpp1.6")
	cp.boot()
	command := order(t, id, "DataTransfer", `{"vendorId":"v"}`, "")
	if got, _, _ := cp.call(); got != command {
		t.Fatalf("received %s", got)
	}
	cp.sendInFrames(fmt.Sprintf(`[3,%q,{"status":"Accepted","data":"%s"}]`, command, strings.Repeat("y", 100<<10)))
	if got := fate(t, id, command, "accepted"); len(got.text("result.data")) != 100<<10 {
		t.Errorf("the result has %d bytes of data", len(got.text("result.data")))
	}
}

// What is too large for the HTTP API is refused before anything is stored.
func TestLargeCommandOverHTTP(t *testing.T) {
	t.Parallel()
	const id = "LARGE-COMMAND"
	createThing(t, id)
	connect(t, id, "ocpp1.6").boot()
	body := func(size int) string {
		return `{"action":"DataTransfer","payload":{"vendorId":"v","data":"` + strings.Repeat("x", size) + `"}}`
	}
	got := call(t, http.MethodPost, "/charge-points/"+id+"/commands", body(200<<10)).want(t, http.StatusRequestEntityTooLarge)
	if !strings.Contains(got.text("detail"), "64 KB") {
		t.Errorf("the problem says %v", got.Body)
	}
	// Each < takes six bytes as JSON of the CALL, so that a body of 60 KB becomes a CALL of 360 KB.
	escaped := `{"action":"DataTransfer","payload":{"vendorId":"v","data":"` + strings.Repeat("<", 60<<10) + `"}}`
	got = call(t, http.MethodPost, "/charge-points/"+id+"/commands", escaped).want(t, http.StatusUnprocessableEntity)
	if !strings.Contains(got.text("detail"), "API Gateway sends 131072 at most") {
		t.Errorf("the problem says %v", got.Body)
	}
	if stored := call(t, http.MethodGet, "/charge-points/"+id+"/commands", "").list("commands"); len(stored) != 0 {
		t.Errorf("stored: %v", stored)
	}
}

// An id that no key of a table has room for is refused, and not answered as if it were stored.
func TestIDsThatNoTableTakes(t *testing.T) {
	t.Parallel()
	const id = "LONG-IDS"
	createThing(t, id)
	cp := connect(t, id, "ocpp2.0.1")
	cp.boot()
	started := `[2,"%s","TransactionEvent",{"eventType":"Started","timestamp":"2026-03-01T10:00:00Z","triggerReason":"Authorized","seqNo":0,"evse":{"id":1},"transactionInfo":{"transactionId":"%s"}}]`
	cp.send(fmt.Sprintf(started, "1", strings.Repeat("t", 1001)))
	cp.want(`[4,"1","PropertyConstraintViolation"`)
	cp.send(fmt.Sprintf(started, "2", strings.Repeat("t", 1000)))
	cp.want(`[3,"2",`)
	told(t, "/charge-points/"+id+"/transactions", "transactions", 1)
}

// At the gateway's quotas, here lower than AWS's, a handshake is answered 429 and a message with an error frame; tried again
// a moment later, both go through.
func TestGatewayQuotas(t *testing.T) {
	t.Parallel()
	small, err := start(cloud.Options{Quotas: cloud.Quotas{ConnectsPerSecond: 2, RequestsPerSecond: 20, Lifetime: time.Hour, Idle: time.Hour}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := small.Close(); err != nil {
			t.Error(err)
		}
	})
	callURL(t, http.MethodPost, small.Addresses().HTTP+"/charge-points", `{"chargePointId":"CP001"}`).want(t, http.StatusCreated)
	url := small.Addresses().ChargePoints + "/CP001"
	var cp *socket
	throttled := 0
	for range 10 {
		connected, status, message := dial(t, url, "", "ocpp1.6")
		switch {
		case connected != nil:
			cp = connected
		case status == http.StatusTooManyRequests:
			throttled++
		default:
			t.Fatalf("%d %s", status, message)
		}
	}
	if cp == nil || throttled == 0 {
		t.Fatalf("of ten handshakes %d were throttled", throttled)
	}
	eventually(t, func() string {
		connected, status, message := dial(t, url, "", "ocpp1.6")
		if connected == nil {
			return fmt.Sprintf("%d %s", status, message)
		}
		cp = connected
		return ""
	})

	for n := range 60 {
		cp.send(fmt.Sprintf(`[2,"%d","BootNotification",{"chargePointVendor":"ACME","chargePointModel":"X1"}]`, n))
	}
	for frame := cp.receive(); !strings.Contains(frame, `"message":"Too Many Requests"`); frame = cp.receive() {
		if !strings.HasPrefix(frame, `[3,"`) {
			t.Fatalf("received %s", frame)
		}
	}
	for try := 0; ; try++ { // as a charge point that gets no answer does
		time.Sleep(time.Second / 4)
		cp.send(fmt.Sprintf(`[2,"again-%d","Heartbeat",{}]`, try))
		frame := cp.receive()
		for !strings.HasPrefix(frame, `[3,"again-`) && strings.HasPrefix(frame, `[3,"`) {
			frame = cp.receive()
		}
		if strings.HasPrefix(frame, `[3,"again-`) {
			return
		}
		if try == 100 {
			t.Fatalf("still %s", frame)
		}
	}
}
