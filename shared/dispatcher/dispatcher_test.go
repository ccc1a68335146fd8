package dispatcher

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/serverless-ocpp/backend/shared/settings"
)

func TestPlacesOf(t *testing.T) {
	for _, name := range []string{"CHARGE_POINT_TABLE", "COMMAND_TABLE", "TIMERS_QUEUE_URL", "CONNECTIONS_ENDPOINT"} {
		t.Setenv(name, name)
	}
	env := settings.FromEnvironment()
	want := Places{"CHARGE_POINT_TABLE", "COMMAND_TABLE", "TIMERS_QUEUE_URL", "CONNECTIONS_ENDPOINT"}
	if got := PlacesOf(env); got != want || env.Err() != nil {
		t.Errorf("got %+v, %v", got, env.Err())
	}
	t.Setenv("TIMERS_QUEUE_URL", "")
	if PlacesOf(env); env.Err() == nil {
		t.Error("nobody misses the queue")
	}
}

func TestNewHasEverything(t *testing.T) {
	d := New(aws.Config{}, Places{})
	if d.Registry == nil || d.Sessions == nil || d.Turns == nil || d.Commands == nil || d.Timers == nil || d.Connections == nil || d.Mirror == nil || d.Now == nil {
		t.Errorf("%+v", d)
	}
}
