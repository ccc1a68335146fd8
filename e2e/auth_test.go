package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"
)

// With -auth the system is as deployed: charge points show keys, callers sign, and id tokens are those that are known.
// Specification: A00.FR.204; A00.FR.207; RFC 7617.
func TestAuth(t *testing.T) {
	t.Parallel()
	p := running(t, freeOffset(t), "-auth")
	if text := p.output.String(); strings.Contains(text, "Unlike the deployed stack") {
		t.Errorf("it names differences:\n%s", text)
	}
	for _, request := range []struct{ method, path string }{
		{http.MethodGet, "/charge-points"}, {http.MethodPost, "/remote-start"}, {http.MethodGet, "/nowhere"},
	} {
		if got := callURL(t, request.method, p.http()+request.path, ""); got.Status != http.StatusForbidden || got.text("message") != "Forbidden" {
			t.Errorf("%s %s without a signature: %d %v", request.method, request.path, got.Status, got.Body)
		}
	}

	exports, requests := p.printed("export"), p.printed("curl")
	if len(exports) != 1 || len(requests) != 3 {
		t.Fatalf("%d exports, %d requests:\n%s", len(exports), len(requests), p.output.String())
	}
	signed := func(request string) string { return shell(t, exports[0]+"\n"+request) }
	forged := shell(t, exports[0]+"\nAWS_SECRET_ACCESS_KEY=guessed\n"+requests[0])
	if !strings.Contains(forged, "signature we calculated does not match") && !strings.Contains(forged, "Forbidden") {
		t.Errorf("a forged signature was answered with %s", forged)
	}
	var made struct{ Key string }
	if answer := signed(requests[0]); json.Unmarshal([]byte(answer), &made) != nil || len(made.Key) != 40 {
		t.Fatalf("%s said %s", requests[0], answer)
	}
	if answer := signed(requests[1]); !strings.Contains(answer, `"status":"Accepted"`) {
		t.Fatalf("%s said %s", requests[1], answer)
	}
	keyless := strings.NewReplacer("CP001", "KEYLESS", `,"key":true`, "").Replace(requests[0])
	if answer := signed(keyless); !strings.Contains(answer, `"hasKey":false`) {
		t.Fatalf("%s said %s", keyless, answer)
	}

	for _, test := range []struct {
		name, id, auth string
		want           int
	}{
		{"no key", "CP001", "", http.StatusUnauthorized},
		{"a wrong key", "CP001", "CP001:" + strings.Repeat("0", 40), http.StatusUnauthorized},
		{"another's name", "CP001", "KEYLESS:" + made.Key, http.StatusUnauthorized},
		{"one that has no key", "KEYLESS", "", http.StatusUnauthorized},
		{"its key", "CP001", "CP001:" + made.Key, http.StatusSwitchingProtocols},
	} {
		if _, status, message := dial(t, p.chargePoints()+"/"+test.id, test.auth, "ocpp1.6"); status != test.want {
			t.Errorf("%s: %d %s, want %d", test.name, status, message, test.want)
		}
	}
	cp, _, _ := dial(t, p.chargePoints()+"/CP001", "CP001:"+made.Key, "ocpp1.6")
	if cp == nil {
		t.Fatal("the key does not work twice")
	}
	cp.boot()
	for tag, want := range map[string]string{"test": "Accepted", "stranger": "Invalid"} {
		cp.send(fmt.Sprintf(`[2,"1","Authorize",{"idTag":%q}]`, tag))
		if answer := cp.want(`[3,"1",`); !strings.Contains(answer, fmt.Sprintf(`"status":%q`, want)) {
			t.Errorf("id tag %s: %s, want %s", tag, answer, want)
		}
	}
	if answer := signed(requests[2]); !strings.Contains(answer, "RemoteStartTransaction command s") {
		t.Errorf("%s said %s", requests[2], answer)
	}
	if code := p.end(syscall.SIGTERM); code != 0 {
		t.Errorf("exit status %d after SIGTERM:\n%s", code, p.output.String())
	}
}
