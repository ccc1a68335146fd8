package iotcore

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"

	"github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// What AWS IoT would refuse is told apart from what it refuses for the moment, and costs no call.
func TestTooLargeForATopic(t *testing.T) {
	s := &standIn{status: 200, answer: `{}`}
	client := iotdataplane.NewFromConfig(s.config(t))
	mirror := NewMirror(client)
	most := []byte(strings.Repeat("x", 128<<10))
	if err := mirror.In(t.Context(), "CP001", most); err != nil || len(s.body) != len(most) {
		t.Errorf("128 KB: %v, %d bytes arrived", err, len(s.body))
	}
	s.uri = ""
	for name, publish := range map[string]func() error{
		"a frame": func() error { return mirror.In(t.Context(), "CP001", append(most, 'x')) },
		"a frame that grows with its masks": func() error {
			// Each empty password is two bytes, and three more as "***".
			secrets := strings.Repeat(`{"key":"AuthorizationKey","value":""},`, 3400)
			return mirror.In(t.Context(), "CP001", []byte(`[3,"1",{"configurationKey":[`+strings.TrimSuffix(secrets, ",")+`]}]`))
		},
		"data": func() error { return mirror.Data(t.Context(), "CP001", "com.example", append(most, 'x')) },
		"an event": func() error {
			return NewEvents(client).Publish(t.Context(), event.Event{Name: event.StatusChanged, ChargePointID: "CP001", Data: event.Status{Info: string(most)}})
		},
	} {
		if err := publish(); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "CP001") || s.uri != "" {
			t.Errorf("%s: %v, published to %q", name, err, s.uri)
		}
	}
}
