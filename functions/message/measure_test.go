package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/metric"
)

func TestMetrics(t *testing.T) {
	for _, test := range []struct {
		name, frame string
		want        []string
	}{
		{"answered", `[2,"1","Heartbeat",{}]`, []string{`"Messages":[1]`, `"Protocol":"ocpp1.6"`, `"Answers":[1]`, `"Result":"CALLRESULT"`, `"AnswerLatency":[250]`, `"HandlerLatency":[0]`}},
		{"refused", `[2,"1","Teleport",{}]`, []string{`"Result":"NotImplemented"`}},
		{"not JSON of OCPP", `[2,"1"]`, []string{`"Messages":[1]`}},
		{"tolerated", `[2,"1","Heartbeat",{"more":1}]`, []string{`"Violations":[1]`}},
		{"an answer to us", `[3,"1",{}]`, []string{`"Messages":[1]`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t)
			var lines bytes.Buffer
			r.handler.Metrics = metric.New("S", &lines, time.Now)
			received := r.clock
			r.handler.Now = func() time.Time { return received.Add(250 * time.Millisecond) }
			r.receive(test.frame)
			for _, want := range test.want {
				if !strings.Contains(lines.String(), want) {
					t.Errorf("no %s in %s", want, lines.String())
				}
			}
		})
	}
}
