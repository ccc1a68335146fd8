package e2e

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/local/cloud"
)

// A stack whose roles lack one grant, as after somebody's change by hand. Charge points notice what docs/troubleshooting.md says that
// they notice, and the log has the words by which an operator finds the heading.
func TestMissingGrants(t *testing.T) {
	t.Parallel()
	const status = `[2,"2","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]`
	const unstored = `[4,"2","InternalError","the message could not be stored, please repeat it",{}]`
	for _, test := range []struct {
		role, action string
		handshake    int
		answer       string // to the message; "" for none
		line         string // of the log
		words        string // in its error
	}{
		{"Authorize", "dynamodb:GetItem", 500, "", "charge point could not be looked up", "StatusCode: 400, "},
		{"Connect", "dynamodb:UpdateItem", 502, "", "session not opened", "api error AccessDeniedException"},
		{"Message", "sqs:SendMessage", 101, unstored, "message is not safe in the journal, so the charge point is asked to repeat it", "api error AccessDenied"},
		{"Message", "execute-api:ManageConnections", 101, "", "the gateway did not take the answer", "operation error ApiGatewayManagementApi: PostToConnection, https response error StatusCode: 403"},
		{"OCPPMessageProcessor", "iot:Publish", 101, `[3,"2",{}]`, "record returned to the queue; after its last try it lies in the dead letter queue", "operation error IoT Data Plane: Publish, https response error StatusCode: 403"},
		{"OCPPMessageProcessor", "iot:UpdateThingShadow", 101, `[3,"2",{}]`, "record returned to the queue; after its last try it lies in the dead letter queue", "the shadow of charge point BROKEN cannot be written"},
	} {
		t.Run(test.role+" without "+test.action, func(t *testing.T) {
			t.Parallel()
			log := newFunctionLog(slog.DiscardHandler)
			at := startWithout(t, test.role, test.action, log)
			answer := callURL(t, "POST", at.Addresses().HTTP+"/charge-points", `{"chargePointId":"BROKEN"}`)
			if answer.Status != 201 {
				t.Fatalf("no charge point: %d %v", answer.Status, answer.Body)
			}
			cp, got, _ := dial(t, at.Addresses().ChargePoints+"/BROKEN", "", "ocpp1.6")
			if got != test.handshake {
				t.Fatalf("the handshake is answered %d, want %d", got, test.handshake)
			}
			if cp != nil {
				cp.send(`[2,"1","BootNotification",{"chargePointVendor":"ACME","chargePointModel":"X1"}]`)
				if test.answer == `[3,"2",{}]` {
					cp.want(`[3,"1",`)
				} else if test.answer != "" {
					cp.want(`[4,"1","InternalError"`)
				}
				cp.send(status)
				if test.answer != "" {
					if got := cp.receive(); got != test.answer {
						t.Errorf("the message is answered %s, want %s", got, test.answer)
					}
				}
			}
			eventually(t, func() string {
				lines := log.find(logLine{"": test.line})
				said := func(line logLine) bool { return strings.Contains(line["error"], test.words) }
				if slices.ContainsFunc(lines, said) {
					return ""
				}
				return fmt.Sprintf("no line %q has an error with %q: %v", test.line, test.words, lines)
			})
			if at.Calls().Denials() == nil {
				t.Error("no call was denied")
			}
		})
	}
}

// startWithout starts a system in which a function's role lacks the statements that allow an action.
func startWithout(t *testing.T, function, action string, log functionLog) *cloud.Cloud {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "stack/testdata/AwsOcppGatewayStack.template.json"))
	if err != nil {
		t.Fatal(err)
	}
	var template map[string]any
	if err := json.Unmarshal(text, &template); err != nil {
		t.Fatal(err)
	}
	taken := 0
	for id, resource := range template["Resources"].(map[string]any) {
		if !strings.HasPrefix(id, function+"Role") {
			continue
		}
		for _, policy := range resource.(map[string]any)["Properties"].(map[string]any)["Policies"].([]any) {
			document := policy.(map[string]any)["PolicyDocument"].(map[string]any)
			document["Statement"] = slices.DeleteFunc(document["Statement"].([]any), func(s any) bool {
				lacks := strings.Contains(fmt.Sprint(s.(map[string]any)["Action"]), action)
				if lacks {
					taken++
				}
				return lacks
			})
		}
	}
	if taken == 0 {
		t.Fatalf("%s is not allowed %s in the first place", function, action)
	}
	if text, err = json.Marshal(template); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "AwsOcppGatewayStack.template.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	at, err := startTemplate(file, cloud.Options{Log: slog.New(log)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := at.Close(); err != nil {
			t.Error(err)
		}
	})
	return at
}
