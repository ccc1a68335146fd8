package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

const remoteStart = `{"chargePointId":%q,"idTag":"TAG","connectorId":1}`

// Two commands at once: the second is sent when the first was answered, and each caller gets its own result.
// Specification: OCPP-J 1.6 section 4.1.1; OCPP-J 1.6 errata 3.5; OCPP 2.0.1 part 4 section 4.1.1.
func TestOneCallAtATime(t *testing.T) {
	t.Parallel()
	const id = "ONE-AT-A-TIME"
	createThing(t, id)
	cp := connect(t, id, "ocpp1.6")
	cp.boot()
	first := call(t, http.MethodPost, "/remote-start", fmt.Sprintf(remoteStart, id)).want(t, http.StatusAccepted)
	second := call(t, http.MethodPost, "/remote-stop", fmt.Sprintf(`{"chargePointId":%q,"transactionId":"77"}`, id)).want(t, http.StatusAccepted)
	if want := "/charge-points/" + id + "/commands/" + first.text("commandId"); first.Header.Get("Location") != want {
		t.Errorf("Location %q, want %q", first.Header.Get("Location"), want)
	}

	callID, action, payload := cp.call()
	if callID != first.text("commandId") || action != "RemoteStartTransaction" || payload["idTag"] != "TAG" {
		t.Fatalf("received %s %s %v", callID, action, payload)
	}
	cp.silent(300 * time.Millisecond) // a call of ours in between is answered, theirs waits
	cp.send(fmt.Sprintf(`[3,%q,{"status":"Rejected"}]`, callID))
	callID, action, payload = cp.call()
	if callID != second.text("commandId") || action != "RemoteStopTransaction" || payload["transactionId"] != json.Number("77") {
		t.Fatalf("received %s %s %v", callID, action, payload)
	}
	cp.send(fmt.Sprintf(`[4,%q,"InternalError","no such thing",{}]`, callID))
	for command, want := range map[string]string{first.text("commandId"): "rejected", second.text("commandId"): "callError"} {
		eventually(t, func() string {
			if got := call(t, http.MethodGet, "/charge-points/"+id+"/commands/"+command, ""); got.text("state") != want {
				return fmt.Sprintf("command: %v, want %s", got.Body, want)
			}
			return ""
		})
	}
}

// A charge point that does not answer does not hold up the next command for longer than the deadline,
// and its late answer changes nothing.
// Specification: OCPP-J 1.6 sections 4.1 and 4.1.1; OCPP 2.0.1 part 4 sections 4.1 and 4.1.1.
func TestDeadline(t *testing.T) {
	t.Parallel()
	const id = "SILENT"
	createThing(t, id)
	cp := connect(t, id, "ocpp1.6")
	cp.boot()
	first := call(t, http.MethodPost, "/remote-start", `{"chargePointId":"SILENT","idTag":"A","timeoutSeconds":1}`, "Prefer", "wait=10").want(t, http.StatusOK)
	if first.text("state") != "timedOut" {
		t.Fatalf("command: %v", first.Body)
	}
	late, _, _ := cp.call()
	second := call(t, http.MethodPost, "/remote-start", `{"chargePointId":"SILENT","idTag":"B"}`).want(t, http.StatusAccepted)
	callID, _, payload := cp.call()
	if callID != second.text("commandId") || payload["idTag"] != "B" {
		t.Fatalf("received %s %v", callID, payload)
	}
	cp.send(fmt.Sprintf(`[3,%q,{"status":"Accepted"}]`, late))
	cp.send(fmt.Sprintf(`[3,%q,{"status":"Accepted"}]`, callID))
	eventually(t, func() string {
		if got := call(t, http.MethodGet, "/charge-points/"+id+"/commands/"+callID, ""); got.text("state") != "accepted" {
			return fmt.Sprintf("second command: %v", got.Body)
		}
		return ""
	})
	if got := call(t, http.MethodGet, "/charge-points/"+id+"/commands/"+late, ""); got.text("state") != "timedOut" {
		t.Errorf("the late answer changed the first command: %v", got.Body)
	}
}

// The calls of both sides cross: a charge point that asks before it answers is served.
// Specification: OCPP-J 1.6 section 4.1.1; OCPP 2.0.1 part 4 section 4.1.1.
func TestCallsCross(t *testing.T) {
	t.Parallel()
	const id = "CROSSING"
	createThing(t, id)
	cp := connect(t, id, "ocpp2.0.1")
	cp.boot()
	command := call(t, http.MethodPost, "/remote-start", fmt.Sprintf(remoteStart, id)).want(t, http.StatusAccepted)
	callID, _, _ := cp.call()
	cp.send(`[2,"mine","Authorize",{"idToken":{"idToken":"TAG","type":"ISO14443"}}]`)
	cp.want(`[3,"mine",{"idTokenInfo":{"status":"Accepted"}}]`)
	cp.send(fmt.Sprintf(`[3,%q,{"status":"Accepted"}]`, callID))
	eventually(t, func() string {
		if got := call(t, http.MethodGet, command.Header.Get("Location"), ""); got.text("state") != "accepted" {
			return fmt.Sprintf("%v", got.Body)
		}
		return ""
	})
}

// A CALL that an integrator publishes reaches the charge point, and the answer is on the mirror.
func TestCallOverMQTT(t *testing.T) {
	t.Parallel()
	const id = "BY-MQTT"
	createThing(t, id)
	seen := observe(t, id)
	cp := connect(t, id, "ocpp1.6")
	cp.boot()
	for range 2 { // MQTT delivers at least once
		seen.publish(t, id+"/out", `[2,"integrator-1","ClearCache",{}]`)
	}
	callID, action, _ := cp.call()
	if callID != "integrator-1" || action != "ClearCache" {
		t.Fatalf("received %s %s", callID, action)
	}
	cp.send(`[3,"integrator-1",{"status":"Accepted"}]`)
	eventually(t, func() string {
		if len(seen.frames(`in [3,"integrator-1",{"status":"Accepted"}]`)) == 0 {
			return "the answer is not on the mirror"
		}
		return ""
	})
	cp.silent(300 * time.Millisecond) // it is sent once
	if out := seen.frames(`"ClearCache"`); len(out) != 2 {
		t.Errorf("the mirror repeats what the integrator published: %v", out)
	}
}

func TestHTTPProblems(t *testing.T) {
	t.Parallel()
	createThing(t, "OFFLINE")
	createThing(t, "ONLINE")
	connect(t, "ONLINE", "ocpp1.6").boot()
	for _, test := range []struct {
		name, path, body string
		want             int
		says             string
	}{
		{"no JSON", "/remote-start", `{"chargePointId":`, http.StatusBadRequest, ""},
		{"no charge point", "/remote-start", `{"idTag":"T"}`, http.StatusBadRequest, "chargePointId"},
		{"no transaction", "/remote-stop", `{"chargePointId":"ONLINE"}`, http.StatusBadRequest, "transactionId"},
		{"unknown charge point", "/remote-start", `{"chargePointId":"NOT-THERE","idTag":"T"}`, http.StatusNotFound, "NOT-THERE"},
		{"offline", "/remote-start", `{"chargePointId":"OFFLINE","idTag":"T"}`, http.StatusConflict, "OFFLINE"},
		{"an id tag too long for 1.6", "/remote-start", `{"chargePointId":"ONLINE","idTag":"` + strings.Repeat("x", 21) + `"}`, http.StatusUnprocessableEntity, "idTag"},
		{"no such route", "/remote-control", `{}`, http.StatusNotFound, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := call(t, http.MethodPost, test.path, test.body).want(t, test.want)
			if kind := got.Header.Get("Content-Type"); kind != "application/problem+json" {
				t.Errorf("content type %q", kind)
			}
			text, err := json.Marshal(got.Body)
			if err != nil || !strings.Contains(string(text), test.says) || got.text("status") != fmt.Sprint(test.want) {
				t.Errorf("problem %s does not speak of %q", text, test.says)
			}
		})
	}
}

// The predecessor's own request and answer.
func TestPredecessorsRemoteStart(t *testing.T) {
	t.Parallel()
	const id = "PREDECESSOR"
	createThing(t, id)
	cp := connect(t, id, "ocpp2.0.1")
	cp.boot()
	got := call(t, http.MethodPost, "/remote-start-transaction", fmt.Sprintf(`{"chargePointId":%q,"idTag":"test"}`, id)).want(t, http.StatusOK)
	// The answer to the boot may be here before commands are let go: then it is stored, and sent in a moment.
	sent := got.text("message") == "RequestStartTransaction command sent successfully" || strings.HasPrefix(got.text("message"), "RequestStartTransaction command stored")
	if !sent || got.text("chargePointId") != id || got.text("remoteStartId") == "" {
		t.Errorf("answer %v", got.Body)
	}
	callID, action, payload := cp.call()
	idToken, _ := payload["idToken"].(map[string]any)
	if callID != got.text("messageId") || action != "RequestStartTransaction" || idToken["idToken"] != "test" || idToken["type"] != "ISO14443" {
		t.Errorf("received %s %s %v", callID, action, payload)
	}
}
