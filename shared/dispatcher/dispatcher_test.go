package dispatcher

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/frames"
	"github.com/serverless-ocpp/backend/shared/settings"
)

// setPlaces sets the variables without which no dispatcher works to their names.
func setPlaces(t *testing.T) Places {
	for _, name := range []string{"CHARGE_POINT_TABLE", "COMMAND_TABLE", "TIMERS_QUEUE_URL", "CONNECTIONS_ENDPOINT", "MESSAGE_TABLE", "STACK_NAME"} {
		t.Setenv(name, name)
	}
	return Places{
		ChargePointTable: "CHARGE_POINT_TABLE", CommandTable: "COMMAND_TABLE",
		TimersQueueURL: "TIMERS_QUEUE_URL", ConnectionsEndpoint: "CONNECTIONS_ENDPOINT",
	}
}

func TestPlacesOf(t *testing.T) {
	want := setPlaces(t)
	for _, test := range []struct {
		name        string
		environment map[string]string
		watchers    Watchers
	}{
		{"by default", nil, Watchers{Events: true, Frames: frames.Watchers{Mirror: true, MessageLog: true, Table: "MESSAGE_TABLE", Days: 7}}},
		{"a year", map[string]string{"MESSAGE_LOG_DAYS": "365"}, Watchers{Events: true, Frames: frames.Watchers{Mirror: true, MessageLog: true, Table: "MESSAGE_TABLE", Days: 365}}},
		{"all off", map[string]string{"EVENTS": "false", "MIRROR": "false", "MESSAGE_LOG": "false", "MESSAGE_TABLE": ""}, Watchers{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			for name, value := range test.environment {
				t.Setenv(name, value)
			}
			env := settings.FromEnvironment()
			got := PlacesOf(env)
			if env.Err() != nil || got.ChargePointTable != want.ChargePointTable || got.CommandTable != want.CommandTable ||
				got.TimersQueueURL != want.TimersQueueURL || got.ConnectionsEndpoint != want.ConnectionsEndpoint {
				t.Errorf("got %+v, %v, want %+v", got, env.Err(), want)
			}
			if got, want := got.Watchers, test.watchers; got.Events != want.Events || got.Frames != want.Frames {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
}

func TestWhatIsWrongWithPlaces(t *testing.T) {
	for name, value := range map[string]string{
		"TIMERS_QUEUE_URL": "", "MESSAGE_TABLE": "", "MESSAGE_LOG_DAYS": "366", "EVENTS": "perhaps", "MIRROR": "1", "MESSAGE_LOG": "no",
	} {
		t.Run(name, func(t *testing.T) {
			setPlaces(t)
			t.Setenv(name, value)
			env := settings.FromEnvironment()
			if PlacesOf(env); env.Err() == nil {
				t.Errorf("%s=%q is taken", name, value)
			}
		})
	}
}

func TestNewHasEverything(t *testing.T) {
	d := New(aws.Config{}, Places{Watchers: Watchers{Events: true, Frames: frames.Watchers{MessageLog: true}}})
	if d.Registry == nil || d.Sessions == nil || d.Turns == nil || d.Commands == nil || d.Timers == nil || d.Connections == nil || d.Mirror == nil || d.Now == nil {
		t.Errorf("%+v", d)
	}
	if d.Events.Publish(t.Context(), event.Event{}) == nil || d.Log == nil { // there is nowhere to publish
		t.Errorf("nobody watches: %+v", d)
	}
}

func TestNewSwitchesOff(t *testing.T) {
	d := New(aws.Config{}, Places{})
	if d.Events.Publish(t.Context(), event.Event{}) != nil || d.Log != nil || d.Mirror.Out(t.Context(), "CP001", []byte("[]")) != nil {
		t.Errorf("somebody watches: %+v", d)
	}
}
