package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// What fails in the fleet is told at once, whoever it is, and so is how a connection ended. Messages are counted.
func TestOverview(t *testing.T) {
	t.Parallel()
	const id = "UNLUCKY"
	createThing(t, id)
	cp := connect(t, id, "ocpp1.6")
	cp.boot()
	var last answer
	eventually(t, func() string { // the other tests make things fail, too, and the latest twenty are listed
		if _, status, _ := dial(t, stack.Addresses().ChargePoints+"/STRANGER", "", "ocpp1.6"); status != http.StatusNotFound {
			t.Fatalf("status %d", status)
		}
		rejected := call(t, http.MethodPost, "/remote-stop", `{"chargePointId":"UNLUCKY","transactionId":"1"}`).want(t, http.StatusAccepted)
		callID, _, _ := cp.call()
		cp.send(fmt.Sprintf(`[3,%q,{"status":"Rejected"}]`, callID))
		last = call(t, http.MethodGet, "/overview", "").want(t, http.StatusOK)
		for list, want := range map[string]string{"refusedConnections": "STRANGER", "failedCommands": id} {
			if !strings.Contains(fmt.Sprint(last.list(list)), want) {
				return fmt.Sprintf("%s lacks %s, after command %s: %v", list, want, rejected.text("commandId"), last.list(list))
			}
		}
		return ""
	})
	if queues := last.list("deadLetters"); len(queues) != 4 {
		t.Errorf("dead letters are counted in %v", queues)
	}
	if !strings.Contains(fmt.Sprint(last.Body["traffic"]), "messages") {
		t.Errorf("traffic %v", last.Body["traffic"])
	}
	if err := cp.conn.Close(websocket.StatusNormalClosure, ""); err != nil {
		t.Fatal(err)
	}
	eventually(t, func() string {
		ends := call(t, http.MethodGet, "/charge-points/"+id+"/reports/disconnect", "").want(t, http.StatusOK).list("reports")
		if len(ends) != 1 || !strings.Contains(fmt.Sprint(ends[0]), "connectedAt") {
			return fmt.Sprintf("the ends of its connections are %v", ends)
		}
		return ""
	})
}
