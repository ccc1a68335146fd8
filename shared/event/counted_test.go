package event_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/metric"
)

func TestToldAgainIsNotCounted(t *testing.T) {
	var lines bytes.Buffer
	counted := event.Counted{To: event.None{}, Metrics: metric.New("S", &lines, time.Now)}
	err := counted.Publish(t.Context(), event.Event{Name: event.CommandFinished, Data: event.Command{State: "expired"}, Again: true})
	if err != nil || lines.Len() > 0 {
		t.Errorf("%v, counted %s", err, lines.String())
	}
}

func TestCounted(t *testing.T) {
	for _, test := range []struct {
		name event.Name
		data any
		want []string
	}{
		{event.Disconnected, event.ConnectionEnd{Code: 1009}, []string{`"Disconnects":[1]`, `"Code":"1009"`}},
		{event.Disconnected, event.ConnectionEnd{Code: 1015}, []string{`"Code":"1015"`}},
		{event.Disconnected, event.ConnectionEnd{Code: 3000}, []string{`"Code":"other"`}},
		{event.Disconnected, event.ConnectionEnd{Code: 4999}, []string{`"Code":"other"`}},
		{event.CommandFinished, event.Command{State: "timedOut"}, []string{`"Commands":[1]`, `"State":"timedOut"`}},
		{event.StatusChanged, event.Status{Status: "Available"}, nil},
	} {
		var lines bytes.Buffer
		counted := event.Counted{To: event.None{}, Metrics: metric.New("S", &lines, time.Now)}
		if err := counted.Publish(t.Context(), event.Event{Name: test.name, Data: test.data}); err != nil {
			t.Error(err)
		}
		if test.want == nil && lines.Len() > 0 {
			t.Errorf("%s: %s", test.name, lines.String())
		}
		for _, want := range test.want {
			if !strings.Contains(lines.String(), want) {
				t.Errorf("%s: no %s in %s", test.name, want, lines.String())
			}
		}
	}
}
