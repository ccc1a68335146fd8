package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// The message ids of both sides are apart: a CALL of the charge point may have the id of the one that it still has to
// answer (OCPP-J 1.6 section 4.1.4, OCPP 2.0.1 part 4 section 4.1.4).
func TestBothSidesMayUseOneMessageID(t *testing.T) {
	t.Parallel()
	const id = "SAME-ID"
	createThing(t, id)
	cp := connect(t, id, "ocpp1.6")
	cp.boot()
	command := call(t, http.MethodPost, "/remote-start", fmt.Sprintf(remoteStart, id)).want(t, http.StatusAccepted)
	callID, _, _ := cp.call()
	cp.send(fmt.Sprintf(`[2,%q,"Authorize",{"idTag":"TAG"}]`, callID))
	cp.want(fmt.Sprintf(`[3,%q,{"idTagInfo":`, callID))
	cp.send(fmt.Sprintf(`[3,%q,{"status":"Accepted"}]`, callID))
	eventually(t, func() string {
		if got := call(t, http.MethodGet, command.Header.Get("Location"), ""); got.text("state") != "accepted" {
			return fmt.Sprintf("%v", got.Body)
		}
		return ""
	})
}

// Charge points use a message id again: for the message itself, which changes nothing, and some for another
// (OCPP-J 1.6 errata 3.1, OCPP 2.1 part 4 section 4.1.4). Each is answered, and none is lost.
func TestMessageIDsComeAgain(t *testing.T) {
	t.Parallel()
	const id, n = "ID-AGAIN", 3
	createThing(t, id)
	cp := connect(t, id, "ocpp1.6")
	cp.boot()
	for connector := range n {
		for range 2 {
			cp.send(fmt.Sprintf(`[2,"1","StatusNotification",{"connectorId":%d,"errorCode":"NoError","status":"Available"}]`, connector))
			cp.want(`[3,"1",{}]`)
		}
	}
	told(t, "/charge-points/"+id+"/connectors", "connectors", n)
}

// After a connection is lost every open CALL of it has failed; what is said to it on the next one is ignored
// (OCPP 2.0.1 part 4 section 4.1.1).
func TestOpenCallEndsWithItsConnection(t *testing.T) {
	t.Parallel()
	const id = "LOST-CALL"
	createThing(t, id)
	cp := connect(t, id, "ocpp1.6")
	cp.boot()
	command := call(t, http.MethodPost, "/remote-start", fmt.Sprintf(remoteStart, id)).want(t, http.StatusAccepted)
	callID, _, _ := cp.call()
	cp.conn.CloseNow()
	cp = connect(t, id, "ocpp1.6")
	cp.send(fmt.Sprintf(`[3,%q,{"status":"Accepted"}]`, callID))
	eventually(t, func() string {
		if got := call(t, http.MethodGet, command.Header.Get("Location"), ""); got.text("state") != "timedOut" || got.text("errorDescription") == "" {
			return fmt.Sprintf("%v", got.Body)
		}
		return ""
	})
	cp.silent(0)
}

// API Gateway agrees to no compression, so that a charge point that offers it goes on without (OCPP 2.0.1 part 4 section 3.3
// asks a central system for RFC 7692, and both sides to do without).
func TestCompressionIsOfferedInVain(t *testing.T) {
	t.Parallel()
	const id = "COMPRESSES"
	createThing(t, id)
	conn, response, err := websocket.Dial(t.Context(), stack.Addresses().ChargePoints+"/"+id, &websocket.DialOptions{
		Subprotocols: []string{"ocpp2.0.1"}, CompressionMode: websocket.CompressionContextTakeover,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.CloseNow() })
	if agreed := response.Header.Get("Sec-WebSocket-Extensions"); agreed != "" {
		t.Errorf("agreed on %s", agreed)
	}
	cp := &socket{t, conn}
	cp.boot()
	cp.send(`[2,"1","DataTransfer",{"vendorId":"v","data":"` + strings.Repeat("compressible ", 200) + `"}]`)
	cp.want(`[3,"1",`)
}

// A charge point that is Pending may be configured, but is not told to start charging (OCPP 1.6 section 4.2, OCPP 2.0.1 B02.FR.05).
func TestPendingChargePointIsConfiguredOnly(t *testing.T) {
	t.Parallel()
	const id = "PENDING"
	createThing(t, id)
	connect(t, id, "ocpp1.6").boot() // known as accepted
	call(t, http.MethodPut, "/charge-points/"+id+"/registration", `{"registration":"Pending"}`).want(t, http.StatusOK)
	cp := connect(t, id, "ocpp1.6")
	cp.send(`[2,"boot","BootNotification",{"chargePointVendor":"ACME","chargePointModel":"X1"}]`)
	if frame := cp.want(`[3,"boot",`); !strings.Contains(frame, `"Pending"`) {
		t.Fatal(frame)
	}
	call(t, http.MethodPost, "/remote-start", fmt.Sprintf(remoteStart, id)).want(t, http.StatusConflict)
	integrator := observe(t, id)
	integrator.publish(t, id+"/out", `[2,"start","RemoteStartTransaction",{"idTag":"TAG"}]`)
	integrator.publish(t, id+"/out", `[2,"trigger","TriggerMessage",{"requestedMessage":"StatusNotification"}]`)
	if callID, _, _ := cp.call(); callID != "trigger" {
		t.Fatalf("received %s", callID)
	}
	cp.send(`[3,"trigger",{"status":"Accepted"}]`)
	cp.send(`[2,"asked","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]`)
	cp.want(`[3,"asked",{}]`)
}
