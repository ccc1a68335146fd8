package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
)

func TestSampleEvent(t *testing.T) {
	sample, err := os.ReadFile(filepath.Join("..", "..", "events", "message-boot16.json"))
	if err != nil {
		t.Fatal(err)
	}
	var event Event
	if err := json.Unmarshal(sample, &event); err != nil {
		t.Fatal(err)
	}
	r := newRig(t)
	r.connection = event.RequestContext.ConnectionID
	_, err = r.chargePoints.Open(t.Context(), cp001, chargepoint.Session{ConnectionID: r.connection, Protocol: r.protocol, ConnectedAt: r.clock.Add(time.Second)})
	r.must(err)
	if response, err := r.handler.Handle(t.Context(), event); err != nil || response.StatusCode != 200 {
		t.Fatal(response, err)
	}
	const want = `[3,"1",{"currentTime":"2026-03-01T12:00:00.000Z","interval":300,"status":"Accepted"}]`
	if len(r.posts) != 1 || r.posts[0] != want || len(r.records) != 1 || r.records[0].ConnectionID != r.connection {
		t.Errorf("answers %v, records %+v", r.posts, r.records)
	}
}
