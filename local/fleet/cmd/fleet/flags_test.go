package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/ocppj"
)

var now = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

func TestFlags(t *testing.T) {
	s, err := parse(strings.Fields("-n 50 -url wss://example.com/ -api http://127.0.0.1:8081/ -seed 7 -speed 60 -versions ocpp2.1,1.6 -start 2026-06-01T07:00:00Z"), now, &bytes.Buffer{})
	if err != nil {
		t.Fatal(err)
	}
	f := s.fleet
	if f.Count != 50 || f.URL != "wss://example.com" || s.api != "http://127.0.0.1:8081" || f.Seed != 7 || f.Speed != 60 || !f.Start.Equal(now.Add(-5*time.Hour)) ||
		len(f.Versions) != 2 || f.Versions[0] != ocppj.V21 || f.Versions[1] != ocppj.V16 {
		t.Errorf("settings %+v", s)
	}
	if s, err = parse(nil, now, &bytes.Buffer{}); err != nil || s.fleet.Seed == 0 || s.fleet.Count == 0 || len(s.fleet.Versions) != 3 {
		t.Errorf("without flags: %+v, %v", s, err)
	}
}

// A live fleet has a morning behind it, wherever on earth that is.
func TestLive(t *testing.T) {
	s, err := parse(strings.Fields("-live -speed 120"), now.Add(8*time.Hour), &bytes.Buffer{})
	if err != nil || !s.fleet.Live || !s.fleet.Start.Equal(now.Add(2*time.Hour)) || s.fleet.Zone != -6*time.Hour {
		t.Errorf("%+v, %v", s.fleet, err)
	}
}

// A mistake is told in one sentence that names the flag.
func TestWrongFlags(t *testing.T) {
	for _, test := range []struct{ arguments, says string }{
		{"-n 0", "-n 0"},
		{"-n many", "-n"},
		{"-speed 0", "-speed 0"},
		{"-url http://127.0.0.1", "-url"},
		{"-url 127.0.0.1:8080", "-url"},
		{"-api 8081", "-api"},
		{"-versions 1.5", `"1.5"`},
		{"-start noon", "-start"},
		{"-live", "-speed"},
		{"-live -speed 60 -start 2026-06-01T07:00:00Z", "-start"},
		{"-visits -1", "-visits"},
		{"-every 0s", "-every"},
		{"-fast", "-fast"},
		{"now", `"now"`},
	} {
		var output bytes.Buffer
		_, err := parse(strings.Fields(test.arguments), now, &output)
		if err == nil || !strings.Contains(output.String(), test.says) || strings.Count(output.String(), "\n") != 1 {
			t.Errorf("%s: %v, told %q", test.arguments, err, output.String())
		}
	}
}

func TestHelp(t *testing.T) {
	var output bytes.Buffer
	if _, err := parse([]string{"-h"}, now, &output); err == nil || !strings.Contains(output.String(), "-speed") {
		t.Errorf("%v, told %q", err, output.String())
	}
}
