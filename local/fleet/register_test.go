package fleet

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/serverless-ocpp/backend/local/fleet/plan"
)

// A charge point that is known gets a new key; the first refusal ends it, with what the API said.
func TestRegister(t *testing.T) {
	var (
		mu     sync.Mutex
		known  = map[string]bool{"OLD": true}
		tokens = map[string]string{}
	)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /charge-points", func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		var body struct {
			ID  string `json:"chargePointId"`
			Key bool   `json:"key"`
		}
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil || !body.Key || r.Header.Get("X-Signed") == "" {
			t.Errorf("request %+v, %v", body, err)
		}
		if body.ID == "BAD" {
			http.Error(w, `{"detail":"this id is not allowed"}`, http.StatusUnprocessableEntity)
			return
		}
		if known[body.ID] {
			w.WriteHeader(http.StatusConflict)
			return
		}
		w.WriteHeader(http.StatusCreated)
		fmt.Fprintf(w, `{"key":"first of %s"}`, body.ID)
	})
	mux.HandleFunc("POST /charge-points/{id}/key", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusCreated)
		fmt.Fprintf(w, `{"key":"next of %s"}`, r.PathValue("id"))
	})
	mux.HandleFunc("PUT /tokens/{token}", func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		var body struct{ Status string }
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Error(err)
		}
		tokens[r.PathValue("token")] = body.Status
		fmt.Fprint(w, `{}`)
	})
	api := httptest.NewServer(mux)
	defer api.Close()
	sign := func(r *http.Request, _ []byte) error { r.Header.Set("X-Signed", "yes"); return nil }

	keys, err := Register(t.Context(), api.URL, []string{"NEW", "OLD"}, []plan.Token{{ID: "A"}, {ID: "B", Blocked: true}}, sign)
	if err != nil || keys["NEW"] != "first of NEW" || keys["OLD"] != "next of OLD" || tokens["A"] != "Accepted" || tokens["B"] != "Blocked" {
		t.Errorf("keys %v, tokens %v, %v", keys, tokens, err)
	}
	many := append(make([]string, 0, 41), strings.Fields(strings.Repeat("NEW ", 40))...)
	_, err = Register(t.Context(), api.URL, append(many, "BAD"), nil, sign)
	if err == nil || !strings.Contains(err.Error(), "BAD") || !strings.Contains(err.Error(), "this id is not allowed") {
		t.Errorf("error %v", err)
	}
	if _, err := Register(t.Context(), "http://127.0.0.1:0", []string{"NEW"}, nil, sign); err == nil {
		t.Error("registered nowhere")
	}
}
