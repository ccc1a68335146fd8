package fault

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestControl(t *testing.T) {
	i := New(slog.New(slog.DiscardHandler))
	server := httptest.NewServer(i)
	defer server.Close()

	if status, body := request(t, server, http.MethodGet, ""); status != 200 || body != `{"seed":0,"rules":[]}` {
		t.Errorf("without a plan: %d %s", status, body)
	}
	status, body := request(t, server, http.MethodPut, `{"seed":3,"rules":[{"target":"sqs:*","kind":"slow","delay":"1.5s"}]}`)
	if status != 200 || !strings.Contains(body, `{"target":"sqs:*","kind":"slow","delay":"1.5s","asked":0,"injected":0}`) {
		t.Errorf("after a plan was set: %d %s", status, body)
	}
	i.At(Call, About{Name: "sqs:SendMessage"})
	for _, method := range []string{http.MethodGet, http.MethodDelete} {
		_, body := request(t, server, method, "")
		var state State
		if err := json.Unmarshal([]byte(body), &state); err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		if state.Seed != 3 || state.Since.IsZero() || state.Rules[0].Asked != 1 || state.Rules[0].Injected != 1 {
			t.Errorf("%s: %s", method, body)
		}
	}
	if i.Active() {
		t.Error("there is a plan after DELETE")
	}
}

// A rule that is switched off with a probability of 0 is asked, and lets the next one decide.
func TestControlTakesAProbabilityOfZero(t *testing.T) {
	i := New(slog.New(slog.DiscardHandler))
	server := httptest.NewServer(i)
	defer server.Close()
	if status, body := request(t, server, http.MethodPut, `{"rules":[{"target":"sqs:*","kind":"error","probability":0},{"target":"sqs:*","kind":"throttle"}]}`); status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	for range 100 {
		if got := i.At(Call, About{Name: "sqs:SendMessage"}); got.Kind != Throttle {
			t.Fatalf("injected %v", got)
		}
	}
	_, body := request(t, server, http.MethodGet, "")
	for _, want := range []string{
		`{"target":"sqs:*","kind":"error","probability":0,"asked":100,"injected":0}`,
		`{"target":"sqs:*","kind":"throttle","asked":100,"injected":100}`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("%s does not tell %s", body, want)
		}
	}
}

func TestControlRefuses(t *testing.T) {
	i := New(slog.New(slog.DiscardHandler))
	if err := i.Set(Plan{Seed: 9}); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(i)
	defer server.Close()
	tests := []struct {
		method, body string
		status       int
		why          string
	}{
		{http.MethodPut, `{"rules":[{"target":"sqs:*","kind":"twice"}]}`, 400, `rule 0: kind \"twice\"`},
		{http.MethodPut, `{"rules":[{"target":"sqs:*","kind":"throttle","probability":-0.1}]}`, 400, "rule 0: probability -0.1 is not from 0 to 1"},
		{http.MethodPut, strings.Repeat(" ", maxPlan+1), 400, "too large"},
		{http.MethodPost, `{}`, 405, "GET, PUT, DELETE"},
	}
	for _, test := range tests {
		status, body := request(t, server, test.method, test.body)
		if status != test.status || !strings.Contains(body, test.why) {
			t.Errorf("%s %.60s: %d %s", test.method, test.body, status, body)
		}
	}
	if i.State().Seed != 9 {
		t.Error("a plan that was refused has replaced the one before")
	}
}

func request(t *testing.T, server *httptest.Server, method, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, server.URL+Path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answered, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, strings.TrimSpace(string(answered))
}
