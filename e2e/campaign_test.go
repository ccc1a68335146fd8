package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// The keys of three charge points, one of each version, are rotated by one request. One takes its key at once, one when
// it is online again, and one refuses. Afterwards each has the key that it says it has, and no other.
// Specification: Improved security for OCPP 1.6-J A01; OCPP 2.0.1 A01; OCPP 2.1 A01.
func TestKeyRotationCampaign(t *testing.T) {
	t.Parallel()
	protocols := map[string]string{"ROTATE16": "ocpp1.6", "ROTATE201": "ocpp2.0.1", "ROTATE21": "ocpp2.1"}
	old, points := map[string]string{}, map[string]*socket{}
	with := func(id, key string) (*socket, int) {
		cp, status, _ := dial(t, stack.Addresses().ChargePoints+"/"+id, id+":"+key, protocols[id])
		return cp, status
	}
	for id := range protocols {
		old[id] = call(t, http.MethodPost, "/charge-points", fmt.Sprintf(`{"chargePointId":%q,"key":true}`, id)).want(t, http.StatusCreated).text("key")
		cp, status := with(id, old[id])
		if cp == nil {
			t.Fatalf("%s with its first key got %d", id, status)
		}
		cp.boot()
		points[id] = cp
	}
	points["ROTATE201"].conn.Close(websocket.StatusGoingAway, "power cut")
	eventually(t, func() string {
		if got := call(t, http.MethodGet, "/charge-points/ROTATE201", "").want(t, http.StatusOK); got.text("connected") != "false" {
			return "ROTATE201 is still connected"
		}
		return ""
	})

	made := call(t, http.MethodPost, "/campaigns", `{"name":"keys","chargePointIds":["ROTATE16","ROTATE201","ROTATE21","ROTATEGONE"],
		"operation":"key-rotation","perMinute":600,"expiresInSeconds":600}`).want(t, http.StatusAccepted)
	path := "/campaigns/" + made.text("campaignId")
	if made.Header.Get("Location") != path {
		t.Errorf("Location %q, want %s", made.Header.Get("Location"), path)
	}
	totals := func(want ...string) {
		t.Helper()
		eventually(t, func() string {
			got := call(t, http.MethodGet, path, "").want(t, http.StatusOK)
			for _, one := range want {
				state, n, _ := strings.Cut(one, " ")
				if got.text("totals."+state) != n {
					return fmt.Sprintf("%s is %s, want %s: %v", state, got.text("totals."+state), n, got.Body)
				}
			}
			return ""
		})
	}

	key := map[string]string{}
	told := func(id string, accepted bool) {
		t.Helper()
		commandID, action, payload := points[id].call()
		status := "Rejected"
		if accepted {
			status = "Accepted"
		}
		if action == "ChangeConfiguration" {
			key[id] = fmt.Sprint(payload["value"])
			points[id].send(fmt.Sprintf(`[3,%q,{"status":%q}]`, commandID, status))
			return
		}
		set, _ := payload["setVariableData"].([]any)
		if action != "SetVariables" || len(set) != 1 {
			t.Fatalf("%s got %s %v", id, action, payload)
		}
		key[id] = fmt.Sprint(set[0].(map[string]any)["attributeValue"])
		points[id].send(fmt.Sprintf(`[3,%q,{"setVariableResult":[{"attributeStatus":%q,"component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}}]}]`, commandID, status))
	}
	told("ROTATE16", false)
	told("ROTATE21", true)
	totals("accepted 1", "rejected 1", "queued 1", "failed 1")
	failed := call(t, http.MethodGet, path+"/members?state=failed", "").want(t, http.StatusOK).list("members")
	if len(failed) != 1 || failed[0]["chargePointId"] != "ROTATEGONE" || failed[0]["code"] != "notFound" {
		t.Errorf("failed: %v", failed)
	}

	points["ROTATE201"], _ = with("ROTATE201", old["ROTATE201"])
	if points["ROTATE201"] == nil {
		t.Fatal("ROTATE201 cannot connect any more with the key that it has")
	}
	points["ROTATE201"].boot()
	told("ROTATE201", true)
	totals("accepted 2", "rejected 1", "queued 0", "failed 1")
	for _, member := range call(t, http.MethodGet, path+"/members?state=accepted", "").want(t, http.StatusOK).list("members") {
		command := fmt.Sprintf("/charge-points/%s/commands/%s", member["chargePointId"], member["commandId"])
		got := call(t, http.MethodGet, command, "").want(t, http.StatusOK)
		if shown := fmt.Sprint(got.Body); strings.Contains(shown, key[fmt.Sprint(member["chargePointId"])]) {
			t.Errorf("the record of the command shows the key: %s", shown)
		}
	}
	eventually(t, func() string {
		if got := call(t, http.MethodGet, path, "").want(t, http.StatusOK); got.text("phase") != "finished" || got.text("finishedAt") == "" {
			return "the campaign is not finished: " + fmt.Sprint(got.Body)
		}
		return ""
	})

	for id := range protocols {
		valid, dead := key[id], old[id]
		if id == "ROTATE16" { // it refused
			valid, dead = dead, valid
		}
		if cp, status := with(id, valid); cp == nil {
			t.Errorf("%s with its key got %d", id, status)
		}
		if cp, status := with(id, dead); cp != nil || status != http.StatusUnauthorized {
			t.Errorf("%s with a key that it does not have got %d", id, status)
		}
	}
}
