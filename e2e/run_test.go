package e2e

import (
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/coder/websocket"
)

// What `make run` prints can be copied, and leads to a charge point that is told to charge.
func TestStartTextCanBeCopied(t *testing.T) {
	t.Parallel()
	p := running(t, freeOffset(t))
	requests := p.printed("curl")
	if len(requests) != 2 {
		t.Fatalf("%d commands, want two:\n%s", len(requests), p.output.String())
	}
	if said := shell(t, requests[0]); !strings.Contains(said, `"chargePointId":"CP001"`) {
		t.Fatalf("%s said %s", requests[0], said)
	}
	text := p.output.String()
	wscat := regexp.MustCompile(`npx wscat -c (\S+) -s (\S+)`).FindStringSubmatch(text)
	boot := regexp.MustCompile(`(?m)It begins with (\[.*\])$`).FindStringSubmatch(text)
	if wscat == nil || boot == nil {
		t.Fatalf("how to connect and boot is missing:\n%s", text)
	}
	cp, status, message := dial(t, wscat[1], "", wscat[2])
	if cp == nil {
		t.Fatalf("%s got %d %s", wscat[1], status, message)
	}
	cp.send(boot[1])
	cp.want(`[3,"1",{"currentTime":`)
	// Sent or stored: the charge point may have its boot answer before the system has noted that it takes commands.
	if said := shell(t, requests[1]); !strings.Contains(said, "RemoteStartTransaction command s") {
		t.Fatalf("%s said %s", requests[1], said)
	}
	if _, action, payload := cp.call(); action != "RemoteStartTransaction" || payload["idTag"] != "test" {
		t.Errorf("the charge point got %s %v", action, payload)
	}
	if code := p.end(syscall.SIGTERM); code != 0 {
		t.Errorf("exit status %d after SIGTERM, want 0:\n%s", code, p.output.String())
	}
	if code := cp.closed(); code != -1 && code != 1001 {
		t.Errorf("the charge point's connection was closed with %d", code)
	}
}

// With a port in use nothing starts, and the text names the port and the remedy.
func TestPortInUse(t *testing.T) {
	t.Parallel()
	offset := freeOffset(t)
	holder, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 8081+offset))
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Close()
	p := startProcess(t, offset)
	<-p.ended
	want := fmt.Sprintf("port %d (HTTP API) is in use: end what holds it, or move all ports with `make run ARGS=\"-port-offset 100\"`\n", 8081+offset)
	if code, said := p.command.ProcessState.ExitCode(), p.output.String(); code != 1 || said != want {
		t.Errorf("exit status %d, %q; want 1, %q", code, said, want)
	}
}

func TestPortOffsetOutOfRange(t *testing.T) {
	t.Parallel()
	for _, offset := range []int{-1, 60000} {
		p := startProcess(t, offset)
		<-p.ended
		if code, said := p.command.ProcessState.ExitCode(), p.output.String(); code != 2 || !strings.Contains(said, "it is 0 to 57454") {
			t.Errorf("offset %d: exit status %d, %q", offset, code, said)
		}
	}
}

// A stand-in that is killed in the middle of a transaction has kept everything that a charge point or a caller was told.
func TestKilledWithinATransaction(t *testing.T) {
	t.Parallel()
	const id, tag, readings = "KILLED", "TAG", 20
	dir, offset := t.TempDir(), freeOffset(t)
	first := running(t, offset, "-data", dir)
	for _, name := range []string{id, "AWAY"} {
		callURL(t, http.MethodPost, first.http()+"/charge-points", fmt.Sprintf(`{"chargePointId":%q}`, name)).want(t, http.StatusCreated)
	}
	away := dialed(t, first.chargePoints()+"/AWAY")
	away.boot()
	away.conn.Close(websocket.StatusNormalClosure, "")
	stored := callURL(t, http.MethodPost, first.http()+"/remote-start", `{"chargePointId":"AWAY","idTag":"TAG","expiresInSeconds":600}`).want(t, http.StatusAccepted)

	cp := dialed(t, first.chargePoints()+"/"+id)
	cp.boot()
	cp.send(`[2,"start","StartTransaction",{"connectorId":1,"idTag":"` + tag + `","meterStart":0,"timestamp":"2026-01-02T10:00:00Z"}]`)
	started := regexp.MustCompile(`"transactionId":(\d+)`).FindStringSubmatch(cp.want(`[3,"start",`))
	if started == nil {
		t.Fatal("no transaction id")
	}
	transaction := started[1]
	meter := func(cp *socket, n int) {
		t.Helper()
		cp.send(fmt.Sprintf(`[2,"m%d","MeterValues",{"connectorId":1,"transactionId":%s,"meterValue":[{"timestamp":"2026-01-02T10:%02d:00Z","sampledValue":[{"value":"%d"}]}]}]`, n, transaction, n, n*100))
		cp.want(fmt.Sprintf(`[3,"m%d",`, n))
	}
	for n := range readings {
		meter(cp, n)
	}
	first.end(syscall.SIGKILL) // with the last answers hardly out, and their messages still in the queue

	second := running(t, offset, "-data", dir)
	cp = dialed(t, second.chargePoints()+"/"+id)
	meter(cp, readings) // without a boot: it was accepted before
	cp.send(`[2,"stop","StopTransaction",{"transactionId":` + transaction + `,"meterStop":5000,"timestamp":"2026-01-02T11:00:00Z"}]`)
	cp.want(`[3,"stop",`)
	eventually(t, func() string {
		got := callURL(t, http.MethodGet, second.http()+"/charge-points/"+id+"/transactions/"+transaction, "")
		if got.text("state") != "Ended" || got.text("energyWh") != "5000" || got.text("idToken") != tag || len(got.list("meterValues")) != readings+1 {
			return fmt.Sprintf("transaction: %v", got.Body)
		}
		return ""
	})
	if got := callURL(t, http.MethodGet, second.http()+"/charge-points/AWAY/commands/"+stored.text("commandId"), "").want(t, http.StatusOK); got.text("state") != "queued" {
		t.Errorf("the stored command: %v", got.Body)
	}
	if code := second.end(syscall.SIGINT); code != 0 {
		t.Errorf("exit status %d after SIGINT, want 0:\n%s", code, second.output.String())
	}
}

// dialed connects a charge point of version 1.6.
func dialed(t *testing.T, url string) *socket {
	t.Helper()
	cp, status, message := dial(t, url, "", "ocpp1.6")
	if cp == nil {
		t.Fatalf("%s got %d %s", url, status, message)
	}
	return cp
}

// shell runs a line as a person who copies it into a terminal.
func shell(t *testing.T, line string) string {
	t.Helper()
	output, err := exec.CommandContext(t.Context(), "sh", "-c", line).Output()
	if err != nil {
		t.Fatalf("%s: %v: %s", line, err, output)
	}
	return string(output)
}
