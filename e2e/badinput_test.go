package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// What a charge point sends wrongly gets the answer of its version, and the next message works.
// Specification: OCPP-J 1.6 section 4.1 and table 4 and table 3; OCPP 2.0.1 part 4 sections 4.1.5, 4.2.3 and 4.1 and
// table 4.
func TestBadMessages(t *testing.T) {
	t.Parallel()
	overlong := strings.Repeat("x", 37)
	for _, version := range []string{"ocpp1.6", "ocpp2.0.1"} {
		is16 := version == "ocpp1.6"
		pick := func(v16, v201 string) string {
			if is16 {
				return v16
			}
			return v201
		}
		for _, test := range []struct {
			name, send, want string // want "": no answer
		}{
			{"broken JSON", `[2,"1","Heartbeat",{`, pick(`[4,"1","FormationViolation",`, `[4,"1","FormatViolation",`)},
			{"broken JSON without an id", `[2,`, pick("", `[4,"-1","RpcFrameworkError",`)},
			{"no array", `{"a":1}`, pick("", `[4,"-1","RpcFrameworkError",`)},
			{"an unknown message type", `[9,"1","Heartbeat",{}]`, pick("", `[4,"1","MessageTypeNotSupported",`)},
			{"an id of 37 characters", `[2,"` + overlong + `","Heartbeat",{}]`, pick(`[4,"`+overlong+`","FormationViolation",`, `[4,"-1","RpcFrameworkError",`)},
			{"an id as large as a message", `[2,"` + strings.Repeat("<", 30_000) + `","Heartbeat",{}]`, pick(`[4,"-1","FormationViolation",`, `[4,"-1","RpcFrameworkError",`)},
			{"an id with half a character", `[2,"\ud83d","Heartbeat",{}]`, pick("", `[4,"-1","RpcFrameworkError",`)},
			{"the message type 0", `[0,"1","Heartbeat",{}]`, pick("", `[4,"1","MessageTypeNotSupported",`)},
			{"a message type of many digits", `[123456,"1","Heartbeat",{}]`, pick("", `[4,"1","MessageTypeNotSupported",`)},
			{"a field twice", `[2,"1","Heartbeat",{"extra":1,"extra":2}]`, pick(`[4,"1","OccurenceConstraintViolation",`, `[4,"1","OccurrenceConstraintViolation",`)},
			{"a field of another case", pick(`[2,"1","Authorize",{"idTag":"A","IDTAG":7}]`, `[2,"1","Authorize",{"idToken":{"idToken":"A","type":"Central","IDTOKEN":7}}]`), `[3,"1",`},
			{"an answer to nothing", `[3,"unknown",{}]`, ""},
			{"an unknown action", `[2,"1","MakeCoffee",{}]`, `[4,"1","NotImplemented",`},
			{"an action of the other side", `[2,"1","Reset",{"type":"Soft"}]`, `[4,"1","NotSupported",`},
			{"a missing field", `[2,"1","Authorize",{}]`, pick(`[4,"1","OccurenceConstraintViolation",`, `[4,"1","OccurrenceConstraintViolation",`)},
			{"a wrong type", pick(`[2,"1","Authorize",{"idTag":7}]`, `[2,"1","Authorize",{"idToken":7}]`), `[4,"1","TypeConstraintViolation",`},
			{"a field too many", `[2,"1","Heartbeat",{"extra":1}]`, `[3,"1",`},
			{"null for an empty payload", `[2,"1","Heartbeat",null]`, `[3,"1",`},
		} {
			t.Run(version+" "+test.name, func(t *testing.T) {
				t.Parallel()
				id := strings.NewReplacer(" ", "-", ".", "_").Replace("BAD-" + version + "-" + test.name)
				createThing(t, id)
				cp := connect(t, id, version)
				cp.boot()
				cp.send(test.send)
				if test.want != "" {
					cp.want(test.want)
				}
				cp.silent(100 * time.Millisecond)
			})
		}
	}
}

func TestMessagesThatTheGatewayRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		kind websocket.MessageType
		size int
		want websocket.StatusCode
	}{
		{"200-KB", websocket.MessageText, 200 << 10, websocket.StatusMessageTooBig},
		{"binary", websocket.MessageBinary, 10, websocket.StatusUnsupportedData},
	} {
		t.Run(test.name, func(t *testing.T) {
			id := "REFUSED-" + test.name
			createThing(t, id)
			cp := connect(t, id, "ocpp1.6")
			// A write that fails half way is the same finding: the gateway has closed.
			writeErr := cp.conn.Write(t.Context(), test.kind, make([]byte, test.size))
			if code := cp.closed(); code != test.want {
				t.Errorf("closed with %d, want %d (%v)", code, test.want, writeErr)
			}
			cp = connect(t, id, "ocpp1.6")
			cp.boot()
		})
	}
}

// Until a charge point was accepted, nothing but its boot is served; once it was, it need not boot again.
// Specification: OCPP 1.6 section 4.2; OCPP-J 1.6 errata 3.10; B01.FR.10; B02.FR.09; B03.FR.07; OCPP-J 1.6 section
// 5.4; OCPP 2.0.1 part 4 section 5.3.
func TestBootGates(t *testing.T) {
	t.Parallel()
	const id = "GATED"
	createThing(t, id)
	cp := connect(t, id, "ocpp2.0.1")
	cp.send(`[2,"1","Heartbeat",{}]`)
	cp.want(`[4,"1","SecurityError",`)
	call(t, "PUT", "/charge-points/"+id+"/registration", `{"registration":"Pending"}`).want(t, 200)
	cp = connect(t, id, "ocpp2.0.1")
	cp.send(`[2,"2","BootNotification",{"reason":"PowerUp","chargingStation":{"vendorName":"v","model":"m"}}]`)
	if frame := cp.want(`[3,"2",`); !strings.Contains(frame, `"Pending"`) {
		t.Fatal(frame)
	}
	cp.send(`[2,"3","Heartbeat",{}]`)
	cp.want(`[4,"3","SecurityError",`)
	call(t, "PUT", "/charge-points/"+id+"/registration", `{"registration":"Accepted"}`).want(t, 200)
	cp.boot()
	cp.send(`[2,"4","Heartbeat",{}]`)
	cp.want(`[3,"4",`)
	again := connect(t, id, "ocpp2.0.1")
	again.send(`[2,"5","Heartbeat",{}]`)
	again.want(`[3,"5",`)
}

// CALLs that come before the answer to the one before are each answered once.
// Specification: OCPP-J 1.6 section 4.1.1.
func TestPipelinedCalls(t *testing.T) {
	t.Parallel()
	const id = "PIPELINED"
	createThing(t, id)
	cp := connect(t, id, "ocpp1.6")
	cp.boot()
	const n = 20
	for i := range n {
		cp.send(fmt.Sprintf(`[2,"%d","StatusNotification",{"connectorId":%d,"errorCode":"NoError","status":"Available"}]`, i, i))
	}
	answered := map[string]int{}
	for range n {
		answered[cp.want("[3,")]++
	}
	if len(answered) != n {
		t.Errorf("%d different answers to %d calls: %v", len(answered), n, answered)
	}
	eventually(t, func() string {
		if got := call(t, "GET", "/charge-points/"+id+"/connectors", "").list("connectors"); len(got) != n {
			return fmt.Sprintf("%d connectors stored, want %d", len(got), n)
		}
		return ""
	})
}
