package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/metric"
)

// registry is a table of one row, and its Thing.
type registry struct{ made, credential string }

func (r *registry) SetCredential(_ context.Context, id, hash string) error {
	if r.made != id {
		return fault.New(fault.NotFound, "there is no charge point %s", id)
	}
	r.credential = hash
	return nil
}

func (r *registry) Create(_ context.Context, cp chargepoint.ChargePoint) error {
	if cp.ThingID != "t1" || cp.Registration != chargepoint.Accepted {
		return fault.New(fault.Invalid, "row %+v", cp)
	}
	r.made, r.credential = cp.ID, cp.Credential
	return nil
}

type things struct{}

func (things) Create(context.Context, string, map[string]string) (chargepoint.Thing, error) {
	return chargepoint.Thing{ID: "t1", Version: 1}, nil
}

// central is a central system that checks the key and gives these answers, one to each message.
func central(t *testing.T, known *registry, answers ...string) *httptest.Server {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, key, _ := r.BasicAuth()
		if r.URL.Path != "/S-Canary" || id != "S-Canary" || !chargepoint.Matches(known.credential, key) {
			http.Error(w, "who are you?", http.StatusUnauthorized)
			return
		}
		connection, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"ocpp2.0.1"}})
		if err != nil {
			t.Error(err)
			return
		}
		defer connection.CloseNow()
		for _, answer := range answers {
			_, text, err := connection.Read(r.Context())
			if err != nil {
				return
			}
			var call []json.RawMessage
			if err := json.Unmarshal(text, &call); err != nil {
				t.Errorf("%s: %v", text, err)
			}
			answer = strings.ReplaceAll(answer, "ID", string(call[1]))
			if err := connection.Write(r.Context(), websocket.MessageText, []byte(answer)); err != nil {
				return
			}
		}
		connection.Read(r.Context()) // its close frame
	}))
	t.Cleanup(server.Close)
	return server
}

const (
	booted = `[3,ID,{"status":"Accepted","currentTime":"2026-03-01T12:00:00Z","interval":300}]`
	beaten = `[3,ID,{"currentTime":"2026-03-01T12:00:00Z"}]`
)

func TestVisits(t *testing.T) {
	for name, test := range map[string]struct {
		answers []string
		served  bool
	}{
		"served":         {[]string{booted, beaten}, true},
		"pending":        {[]string{strings.Replace(booted, "Accepted", "Pending", 1)}, false},
		"refused":        {[]string{booted, `[4,ID,"InternalError","",{}]`}, false},
		"no time":        {[]string{booted, `[3,ID,{}]`}, false},
		"no OCPP":        {[]string{`{"message":"Internal server error"}`}, false},
		"never answered": {nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			known := &registry{}
			var lines bytes.Buffer
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			h := &Handler{ChargePoints: known, Things: things{}, ID: "S-Canary", URL: strings.Replace(central(t, known, test.answers...).URL, "http", "ws", 1), Metrics: metric.New("S", &lines, time.Now), Now: time.Now}
			if err := h.Handle(ctx); err != nil {
				t.Error(err)
			}
			if got := strings.Contains(lines.String(), `"Canary":[1]`); got != test.served {
				t.Errorf("served %t, lines %s", got, lines.String())
			}
			if known.credential == "" {
				t.Error("it has no key")
			}
		})
	}
}

func TestEachVisitHasItsOwnKey(t *testing.T) {
	known := &registry{}
	h := &Handler{ChargePoints: known, Things: things{}, ID: "S-Canary", URL: "ws://127.0.0.1:1", Metrics: metric.New("S", new(bytes.Buffer), time.Now), Now: time.Now}
	var before string
	for range 2 {
		if err := h.Handle(t.Context()); err != nil {
			t.Error(err)
		}
		if known.credential == before {
			t.Error("the key is the same")
		}
		before = known.credential
	}
}
