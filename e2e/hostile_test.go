package e2e

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// Charge points that answer as they should not. Whatever they do, the record of a command says what happened, and the
// next one is sent.

// order makes a command and returns its id.
func order(t *testing.T, id, action, payload, times string) string {
	t.Helper()
	body := fmt.Sprintf(`{"action":%q,"payload":%s%s}`, action, payload, times)
	return call(t, http.MethodPost, "/charge-points/"+id+"/commands", body).want(t, http.StatusAccepted).text("commandId")
}

// fate waits until a command is in a state.
func fate(t *testing.T, id, command, state string) answer {
	t.Helper()
	var got answer
	eventually(t, func() string {
		if got = call(t, http.MethodGet, "/charge-points/"+id+"/commands/"+command, "").want(t, http.StatusOK); got.text("state") != state {
			return fmt.Sprintf("want %s: %v", state, got.Body)
		}
		return ""
	})
	return got
}

// Specification: OCPP-J 1.6 sections 4.2.2 and 4.2.3; OCPP 2.0.1 part 4 sections 4.2.2 and 4.2.3.
func TestNonsenseForAnAnswer(t *testing.T) {
	t.Parallel()
	for i, test := range []struct {
		name, says  string // %s is the message id
		state, code string
		description string
	}{
		{"an unknown word", `[3,"%s",{"status":"Perhaps"}]`, "invalidResult", "", "/status"},
		{"nothing in it", `[3,"%s",{}]`, "invalidResult", "", "status"},
		{"a number", `[3,"%s",{"status":1}]`, "invalidResult", "", "/status"},
		{"a list", `[3,"%s",[]]`, "invalidResult", "", "object"},
		{"nothing at all", `[3,"%s"]`, "invalidResult", "", "object"},
		{"the action in between", `[3,"%s","ClearCache",{"status":"Accepted"}]`, "invalidResult", "", "object"},
		{"an error that says nothing", `[4,"%s"]`, "callError", "", ""},
		{"an error with a number", `[4,"%s",404,"",{}]`, "callError", "", ""},
		{"null", `[3,"%s",null]`, "invalidResult", "", "status"},
		{"an error of its own", `[4,"%s","OutOfCoffee","the pot is empty",{"pot":0}]`, "callError", "OutOfCoffee", "the pot is empty"},
		{"an error without a description", `[4,"%s","InternalError","",{}]`, "callError", "InternalError", ""},
		{"a field too many", `[3,"%s",{"status":"Accepted","colour":"red"}]`, "accepted", "", ""},
		{"another word for no", `[3,"%s",{"status":"Rejected"}]`, "rejected", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			id := fmt.Sprintf("NONSENSE-%d", i)
			createThing(t, id)
			cp := connect(t, id, "ocpp1.6")
			cp.boot()
			first := order(t, id, "ClearCache", `{}`, "")
			second := order(t, id, "ClearCache", `{}`, "")
			cp.call()
			cp.send(fmt.Sprintf(test.says, first))
			if next, _, _ := cp.call(); next != second { // at once, and not at the deadline
				t.Fatalf("received %s, want %s", next, second)
			}
			got := fate(t, id, first, test.state)
			if got.text("errorCode") != test.code && test.code != "" || !strings.Contains(got.text("errorDescription"), test.description) {
				t.Errorf("want %q %q: %v", test.code, test.description, got.Body)
			}
			cp.send(fmt.Sprintf(`[3,%q,{"status":"Accepted"}]`, second))
			fate(t, id, second, "accepted")
		})
	}
}

// Frames that are no answer, and answers to nothing, leave the CALL open until its answer comes; the second answer
// changes nothing.
func TestNoiseBeforeAnAnswer(t *testing.T) {
	t.Parallel()
	const id = "NOISY"
	createThing(t, id)
	cp := connect(t, id, "ocpp2.0.1")
	cp.boot()
	command := order(t, id, "ClearCache", `{}`, "")
	cp.call()
	for _, noise := range []string{`[3,"no such command",{"status":"Accepted"}]`, `[4,"-1","GenericError","",{}]`, `[3]`, `[9,"` + command + `",{}]`, `{"status":"Accepted"}`} {
		cp.send(noise)
	}
	for n := range 20 { // it has much to say before it answers
		cp.send(fmt.Sprintf(`[2,"mine-%d","Heartbeat",{}]`, n))
	}
	answered := 0
	for answered < 20 {
		if frame := cp.receive(); strings.HasPrefix(frame, `[3,"mine-`) {
			answered++
		} else if strings.HasPrefix(frame, `[2,`) {
			t.Fatalf("a second CALL while one is open: %s", frame)
		}
	}
	if state := call(t, http.MethodGet, "/charge-points/"+id+"/commands/"+command, "").text("state"); state != "sent" {
		t.Errorf("after the noise the command is %s", state)
	}
	cp.send(fmt.Sprintf(`[3,%q,{"status":"Rejected"}]`, command))
	fate(t, id, command, "rejected")
	cp.send(fmt.Sprintf(`[3,%q,{"status":"Accepted"}]`, command))
	next := order(t, id, "ClearCache", `{}`, "")
	if got, _, _ := cp.call(); got != next {
		t.Fatalf("received %s, want %s", got, next)
	}
	if state := call(t, http.MethodGet, "/charge-points/"+id+"/commands/"+command, "").text("state"); state != "rejected" {
		t.Errorf("a second answer made the command %s", state)
	}
}

// Ten callers at once: each command is sent once, one at a time, and each caller gets its own answer.
// Specification: OCPP-J 1.6 section 4.1.1; OCPP 2.0.1 part 4 section 4.1.1.
func TestTenCommandsAtOnce(t *testing.T) {
	t.Parallel()
	const id, callers = "TEN-AT-ONCE", 10
	createThing(t, id)
	cp := connect(t, id, "ocpp1.6")
	cp.boot()
	answers := make([]answer, callers)
	var calling sync.WaitGroup
	for i := range answers {
		calling.Go(func() {
			body := fmt.Sprintf(`{"action":"DataTransfer","payload":{"vendorId":"v","data":"%d"}}`, i)
			answers[i] = call(t, http.MethodPost, "/charge-points/"+id+"/commands", body, "Prefer", "wait=25")
		})
	}
	var received []string
	for range callers {
		command, _, payload := cp.call()
		if slices.Contains(received, command) {
			t.Fatalf("command %s is sent twice", command)
		}
		received = append(received, command)
		cp.silent(30 * time.Millisecond) // the others wait for this answer
		cp.send(fmt.Sprintf(`[3,%q,{"status":"Accepted","data":"%v"}]`, command, payload["data"]))
	}
	calling.Wait()
	for i, got := range answers {
		if got.Status != http.StatusOK || got.text("state") != "accepted" || got.text("result.data") != fmt.Sprint(i) || !slices.Contains(received, got.text("commandId")) {
			t.Errorf("caller %d got %d %v", i, got.Status, got.Body)
		}
	}
	if list := call(t, http.MethodGet, "/charge-points/"+id+"/commands?state=accepted", "").list("commands"); len(list) != callers {
		t.Errorf("%d commands are on record, want %d", len(list), callers)
	}
}

// What is ordered while a charge point is away is sent after its next boot, in the order in which it was asked for, without
// what has expired or was taken back meanwhile.
func TestCommandsWaitForAChargePointThatIsAway(t *testing.T) {
	t.Parallel()
	const id, wait = "AWAY", `,"expiresInSeconds":600`
	createThing(t, id)
	cp := connect(t, id, "ocpp1.6")
	cp.boot()
	cp.conn.Close(websocket.StatusNormalClosure, "")
	eventually(t, func() string {
		if got := call(t, http.MethodGet, "/charge-points/"+id, ""); got.text("connected") != "false" {
			return fmt.Sprintf("still connected: %v", got.Body)
		}
		return ""
	})
	call(t, http.MethodPost, "/charge-points/"+id+"/commands", `{"action":"ClearCache"}`).want(t, http.StatusConflict)
	var waiting []string
	for n := range 3 {
		waiting = append(waiting, order(t, id, "DataTransfer", fmt.Sprintf(`{"vendorId":"v","data":"%d"}`, n), wait))
	}
	short := order(t, id, "ClearCache", `{}`, `,"expiresInSeconds":1`)
	taken := order(t, id, "ClearCache", `{}`, wait)
	waiting = append(waiting, order(t, id, "DataTransfer", `{"vendorId":"v","data":"last"}`, wait))
	call(t, http.MethodDelete, "/charge-points/"+id+"/commands/"+taken, "").want(t, http.StatusOK)
	fate(t, id, short, "expired")

	cp = connect(t, id, "ocpp1.6")
	cp.boot() // nothing came before its answer, or this would fail
	for _, want := range waiting {
		got, _, _ := cp.call()
		if got != want {
			t.Fatalf("received %s, want %s of %v", got, want, waiting)
		}
		cp.send(fmt.Sprintf(`[3,%q,{"status":"Accepted"}]`, got))
	}
	for _, command := range waiting {
		fate(t, id, command, "accepted")
	}
	fate(t, id, short, "expired")
	if got := fate(t, id, taken, "cancelled"); got.text("attempts") != "0" {
		t.Errorf("a cancelled command was sent: %v", got.Body)
	}
	cp.silent(300 * time.Millisecond)
}

// A charge point that is slower than the deadline is told the next command, and its answer stays in the message log alone.
func TestAnswerAfterTheDeadline(t *testing.T) {
	t.Parallel()
	const id = "SLOW"
	createThing(t, id)
	cp := connect(t, id, "ocpp2.1")
	cp.boot()
	late := order(t, id, "ClearCache", `{}`, `,"timeoutSeconds":1`)
	next := order(t, id, "ClearCache", `{}`, "")
	cp.call()
	if got, _, _ := cp.call(); got != next {
		t.Fatalf("received %s, want %s", got, next)
	}
	fate(t, id, late, "timedOut")
	cp.send(fmt.Sprintf(`[3,%q,{"status":"Accepted"}]`, late))
	cp.send(fmt.Sprintf(`[3,%q,{"status":"Accepted"}]`, next))
	fate(t, id, next, "accepted")
	if got := fate(t, id, late, "timedOut"); got.text("result") != "" {
		t.Errorf("a late answer is taken for the result: %v", got.Body)
	}
	eventually(t, func() string {
		for _, message := range call(t, http.MethodGet, "/charge-points/"+id+"/messages?kind=frame", "").list("messages") {
			if message["direction"] == "in" && message["messageId"] == late {
				return ""
			}
		}
		return "the late answer is not in the message log"
	})
}

// One that reboots without closing its connection has forgotten the open CALL; the deadline gives it up, and what waits
// comes then.
func TestRebootsWithACallOpen(t *testing.T) {
	t.Parallel()
	const id = "REBOOTS"
	createThing(t, id)
	cp := connect(t, id, "ocpp1.6")
	cp.boot()
	open := order(t, id, "ClearCache", `{}`, `,"timeoutSeconds":2`)
	cp.call()
	waits := order(t, id, "ClearCache", `{}`, "")
	cp.boot()
	if got, _, _ := cp.call(); got != waits {
		t.Fatalf("received %s, want %s", got, waits)
	}
	fate(t, id, open, "timedOut")
}
