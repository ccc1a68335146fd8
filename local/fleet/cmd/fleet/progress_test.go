package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/local/fleet"
)

func TestLineTellsWhatHappenedSinceTheLastOne(t *testing.T) {
	var out bytes.Buffer
	p := progress{out: &out, count: 3, last: fleet.Snapshot{Sent: 10, Received: 10}, at: now}
	p.line(now, now.Add(2*time.Second), fleet.Snapshot{Connected: 2, Charging: 1, Sent: 20, Received: 20, CallErrors: 1, Begun: 4})
	for _, want := range []string{"Jun 1 12:00", "2/3 connected", "1 charging", "10 messages/s", "4 transactions", "1 errors"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q does not tell %q", out.String(), want)
		}
	}
}

func TestRunWithoutACentralSystemEnds(t *testing.T) {
	s, err := parse(strings.Fields("-n 2 -url ws://127.0.0.1:9 -for 300ms -every 100ms -ramp 1ms -visits 0"), now, &bytes.Buffer{})
	if err != nil {
		t.Fatal(err)
	}
	s.fleet.Grace = 100 * time.Millisecond
	var out bytes.Buffer
	if err := run(t.Context(), s, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"0/2 connected", "2 charge points ran", "0 made, 2 refused"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s\ndoes not tell %q", out.String(), want)
		}
	}
}
