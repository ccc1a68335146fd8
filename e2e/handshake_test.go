package e2e

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/coder/websocket"
)

// Specification: OCPP-J 1.6 sections 3.1.1, 3.2 and 6.2.2; OCPP 2.0.1 part 4 sections 3.1.1 and 3.2; certification
// cases TC_088_CSMS; TC_B_58_CSMS; A00.FR.205; OCPP 2.1 part 4 section 3.2.
func TestHandshakes(t *testing.T) {
	t.Parallel()
	createThing(t, "SHAKES")
	key := call(t, http.MethodPost, "/charge-points", `{"chargePointId":"KEYED","key":true}`).want(t, http.StatusCreated).text("key")
	raw, err := hex.DecodeString(key)
	if err != nil || len(raw) != 20 {
		t.Fatalf("a key is 40 hex digits, got %q", key)
	}
	// Behind the edge function all charge points have one path, and what CloudFront kept of one would be the answer to all later ones.
	edge, stage := stack.Addresses().ChargePoints, stack.Addresses().Stage
	for _, test := range []struct {
		name, url, auth string
		protocols       []string
		want            int
	}{
		{"through the edge", edge + "/SHAKES", "", []string{"ocpp1.6"}, 101},
		{"behind a prefix", edge + "/any/prefix/SHAKES", "", []string{"ocpp1.6"}, 101},
		{"percent-encoded", edge + "/%53HAKES", "", []string{"ocpp1.6"}, 101},
		{"by query at the stage", stage + "?chargePointId=SHAKES", "", []string{"ocpp2.0.1"}, 101},
		{"by user name at the stage", stage, "KEYED:" + key, []string{"ocpp2.0.1"}, 101},
		{"behind a prefix that is the stage's path", edge + "/ocpp/SHAKES", "", []string{"ocpp1.6"}, 101},
		{"no identity", stage, "", []string{"ocpp1.6"}, 400},
		{"unknown charge point", edge + "/NOBODY", "", []string{"ocpp1.6"}, 404},
		{"a name that none can have", edge + "/a%20b", "", []string{"ocpp1.6"}, 404},
		{"no common subprotocol", edge + "/SHAKES", "", []string{"ocpp1.5", "ocpp9"}, 400},
		{"no subprotocol at all", edge + "/SHAKES", "", nil, 400},
		{"two identities", stage + "?chargePointId=SHAKES", "KEYED:" + key, []string{"ocpp1.6"}, 401},
		{"the key in hex", edge + "/KEYED", "KEYED:" + key, []string{"ocpp1.6"}, 101},
		{"the key in upper case", edge + "/KEYED", "KEYED:" + strings.ToUpper(key), []string{"ocpp1.6"}, 101},
		{"the key raw", edge + "/KEYED", "KEYED:" + string(raw), []string{"ocpp1.6"}, 101},
		{"a wrong key", edge + "/KEYED", "KEYED:" + strings.Repeat("0", 40), []string{"ocpp1.6"}, 401},
		{"no key", edge + "/KEYED", "", []string{"ocpp1.6"}, 401},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, status, message := dial(t, test.url, test.auth, test.protocols...)
			if status != test.want {
				t.Fatalf("status %d %s, want %d", status, message, test.want)
			}
			if s != nil && s.conn.Subprotocol() != test.protocols[0] {
				t.Errorf("subprotocol %q of %v", s.conn.Subprotocol(), test.protocols)
			}
		})
	}
	if s, _, _ := dial(t, edge+"/SHAKES", "", "ocpp2.2", "ocpp2.0.1", "ocpp1.6"); s == nil || s.conn.Subprotocol() != "ocpp2.0.1" {
		t.Error("the first subprotocol that both speak is not taken")
	}
	refused := call(t, http.MethodGet, "/charge-points/NOBODY/messages", "").want(t, http.StatusOK)
	if text := fmt.Sprint(refused.Body); !strings.Contains(text, "Charge Point NOBODY not registered as an IoT Thing") {
		t.Errorf("the refused connection is not on record: %s", text)
	}
}

// The newest connection wins, and the late end of the older one harms nothing.
func TestNewestConnectionWins(t *testing.T) {
	t.Parallel()
	const id = "NEWEST"
	createThing(t, id)
	older := connect(t, id, "ocpp1.6")
	older.boot()
	newer := connect(t, id, "ocpp1.6")
	older.closed() // fails when it stays open
	newer.send(`[2,"1","Heartbeat",{}]`)
	newer.want(`[3,"1",`)
	time.Sleep(300 * time.Millisecond) // for the $disconnect of the older one
	if got := call(t, http.MethodGet, "/charge-points/"+id, ""); got.text("connected") != "true" {
		t.Errorf("the end of the older connection cleared the session: %v", got.Body)
	}
	newer.conn.Close(websocket.StatusNormalClosure, "bye")
	eventually(t, func() string {
		if got := call(t, http.MethodGet, "/charge-points/"+id, ""); got.text("connected") != "false" || got.text("disconnectCode") != "1000" {
			return fmt.Sprintf("%v", got.Body)
		}
		return ""
	})
}

// A charge point exists when its Thing exists, and no longer.
func TestThingsComeAndGo(t *testing.T) {
	t.Parallel()
	const id = "COMES-AND-GOES"
	thing := id
	createThing(t, id)
	eventually(t, func() string {
		if got := call(t, http.MethodGet, "/charge-points/"+id, ""); got.Status != http.StatusOK {
			return fmt.Sprintf("the row of the Thing is missing: %v", got.Body)
		}
		return ""
	})
	if _, err := things().DeleteThing(t.Context(), &iot.DeleteThingInput{ThingName: &thing}); err != nil {
		t.Fatal(err)
	}
	eventually(t, func() string {
		if got := call(t, http.MethodGet, "/charge-points/"+id, ""); got.Status != http.StatusNotFound {
			return fmt.Sprintf("the row of the deleted Thing is still there: %v", got.Body)
		}
		return ""
	})
	if _, status, _ := dial(t, stack.Addresses().ChargePoints+"/"+id, "", "ocpp1.6"); status != http.StatusNotFound {
		t.Errorf("a deleted charge point gets %d", status)
	}
	createThing(t, id)
	connect(t, id, "ocpp1.6").boot() // at once, whether the event has come or not
}
