package e2e

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// The strict client of another language charges in both versions, loses its connection inside the
// transaction, and finds no message that does not conform.
func TestOcppRPCStrict(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ version, id string }{{"ocpp1.6", "RPC16"}, {"ocpp2.0.1", "RPC201"}} {
		t.Run(test.version, func(t *testing.T) {
			t.Parallel()
			createThing(t, test.id)
			client := runNode(t, "ocpprpc.js", stack.Addresses().ChargePoints, test.id, test.version)
			client.waitFor(t, "ready")

			start := call(t, http.MethodPost, "/remote-start", fmt.Sprintf(`{"chargePointId":%q,"idTag":"RPC","connectorId":1}`, test.id), "Prefer", "wait=15").want(t, http.StatusOK)
			if start.text("state") != "accepted" {
				t.Fatalf("remote start: %v", start.Body)
			}
			var running map[string]any
			eventually(t, func() string {
				all := call(t, http.MethodGet, "/charge-points/"+test.id+"/transactions", "").list("transactions")
				if len(all) != 1 || fmt.Sprint(all[0]["energyWh"]) != "500" {
					return fmt.Sprintf("transactions: %v", all)
				}
				running = all[0]
				return ""
			})
			stop := call(t, http.MethodPost, "/remote-stop", fmt.Sprintf(`{"chargePointId":%q,"transactionId":%q,"expiresInSeconds":60}`, test.id, running["transactionId"]), "Prefer", "wait=20").want(t, http.StatusOK)
			if stop.text("state") != "accepted" {
				t.Fatalf("remote stop: %v", stop.Body)
			}
			client.waitForEnd(t)
			eventually(t, func() string {
				got := call(t, http.MethodGet, fmt.Sprintf("/charge-points/%s/transactions/%s", test.id, running["transactionId"]), "")
				if got.text("state") != "Ended" || got.text("energyWh") != "1000" || got.text("stopReason") != "Remote" || got.text("idToken") != "RPC" {
					return fmt.Sprintf("transaction: %v", got.Body)
				}
				return ""
			})
		})
	}
}

// node is a JavaScript client in a process of its own.
type node struct {
	command *exec.Cmd
	lines   *bufio.Scanner
	errors  *strings.Builder
}

func runNode(t *testing.T, script string, args ...string) *node {
	t.Helper()
	n := &node{command: exec.CommandContext(t.Context(), "node", append([]string{script}, args...)...), errors: &strings.Builder{}}
	n.command.Env = []string{"PATH=" + os.Getenv("PATH")}
	n.command.Stderr = n.errors
	output, err := n.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	n.lines = bufio.NewScanner(output)
	if err := n.command.Start(); err != nil {
		t.Fatal(err)
	}
	return n
}

func (n *node) waitFor(t *testing.T, line string) {
	t.Helper()
	for n.lines.Scan() {
		if n.lines.Text() == line {
			return
		}
	}
	t.Fatalf("the client ended before it said %q: %v %s", line, n.command.Wait(), n.errors)
}

func (n *node) waitForEnd(t *testing.T) {
	t.Helper()
	for n.lines.Scan() {
		t.Log(n.lines.Text())
	}
	if err := n.command.Wait(); err != nil {
		t.Fatalf("the client failed: %v %s", err, n.errors)
	}
}
