package command_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/command"
)

// Specification: OCPP 1.6 section 5.11; F02.FR.01.
func TestLed(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	v16 := func(id, payload string, state command.State, sent time.Duration) command.Command {
		return command.Command{ID: id, Action: "RemoteStartTransaction", Payload: json.RawMessage(payload), State: state, SentAt: noon.Add(sent)}
	}
	v2 := func(id, payload string, state command.State, sent time.Duration) command.Command {
		c := v16(id, payload, state, sent)
		c.Action = "RequestStartTransaction"
		return c
	}
	const anywhere, first = `{"idTag":"Tag1"}`, `{"idTag":"Tag1","connectorId":1}`
	number := func(n int) *int { return &n }
	local := command.Start{At: noon, IDToken: "TAG1", Connector: "1"}
	remote := command.Start{At: noon, Connector: "1#1", RemoteStartID: number(7)}
	for _, test := range []struct {
		name  string
		start command.Start
		open  []command.Command
		want  string
	}{
		{"nothing", local, nil, ""},
		{"1.6 by token, whatever its case", local, []command.Command{v16("a", anywhere, command.Accepted, -time.Minute)}, "a"},
		{"1.6 on its connector", local, []command.Command{v16("a", `{"idTag":"Tag1","connectorId":2}`, command.Accepted, 0), v16("b", first, command.Accepted, 0)}, "b"},
		{"1.6 oldest first", local, []command.Command{v16("a", anywhere, command.Accepted, -time.Minute), v16("b", first, command.Accepted, 0)}, "a"},
		{"1.6 an accepted one before one that was not answered", local, []command.Command{v16("a", first, command.TimedOut, -2*time.Minute), v16("b", first, command.Accepted, -time.Minute)}, "b"},
		{"1.6 an accepted one before one that is still open", local, []command.Command{v16("a", first, command.Sent, -2*time.Minute), v16("b", first, command.Accepted, -time.Minute)}, "b"},
		{"1.6 an accepted one before an answer that cannot be read", local, []command.Command{v16("a", first, command.InvalidResult, -2*time.Minute), v16("b", first, command.Accepted, -time.Minute)}, "b"},
		{"1.6 oldest of the accepted ones", local, []command.Command{v16("a", first, command.TimedOut, -3*time.Minute), v16("b", first, command.Accepted, -2*time.Minute), v16("c", first, command.Accepted, -time.Minute)}, "b"},
		{"1.6 an accepted one that comes first", local, []command.Command{v16("a", first, command.Accepted, -2*time.Minute), v16("b", first, command.TimedOut, -time.Minute)}, "a"},
		{"1.6 oldest of those that were not answered", local, []command.Command{v16("a", first, command.TimedOut, -2*time.Minute), v16("b", first, command.Sent, -time.Minute)}, "a"},
		{"1.6 an accepted one that does not fit", local, []command.Command{v16("a", first, command.TimedOut, -2*time.Minute), v16("b", `{"idTag":"Tag1","connectorId":2}`, command.Accepted, -time.Minute), v16("c", first, command.Accepted, 11*time.Minute)}, "a"},
		{"1.6 another token", local, []command.Command{v16("a", `{"idTag":"Tag2"}`, command.Accepted, 0)}, ""},
		{"1.6 broken payload", local, []command.Command{v16("a", `[]`, command.Accepted, 0)}, ""},
		{"the answer is not here yet", local, []command.Command{v16("a", first, command.Sent, 0)}, "a"},
		{"the answer was lost", local, []command.Command{v16("a", first, command.TimedOut, 0)}, "a"},
		{"the answer cannot be read", local, []command.Command{v16("a", first, command.InvalidResult, 0)}, "a"},
		{"not sent", local, []command.Command{v16("a", first, command.Queued, 0)}, ""},
		{"refused", local, []command.Command{v16("a", first, command.Rejected, 0)}, ""},
		{"a clock that is behind", local, []command.Command{v16("a", first, command.Accepted, 9*time.Minute)}, "a"},
		{"sent after the start", local, []command.Command{v16("a", first, command.Accepted, 11*time.Minute)}, ""},
		{"1.6 a plug that came late", local, []command.Command{v16("a", first, command.Accepted, -59*time.Minute)}, "a"},
		{"1.6 a driver who came again", local, []command.Command{v16("a", first, command.Accepted, -61*time.Minute)}, ""},
		{"2.x by number", remote, []command.Command{v2("a", `{"remoteStartId":6}`, command.Accepted, 0), v2("b", `{"remoteStartId":7}`, command.Accepted, -24*time.Hour)}, "b"},
		{"2.x a number used twice", remote, []command.Command{v2("a", `{"remoteStartId":7}`, command.Accepted, -time.Hour), v2("b", `{"remoteStartId":7}`, command.Sent, 0)}, "b"},
		{"2.x a clock that is far behind", remote, []command.Command{v2("a", `{"remoteStartId":7}`, command.Accepted, 48*time.Hour)}, "a"},
		{"2.x a clock that is far behind, answer lost", remote, []command.Command{v2("a", `{"remoteStartId":7}`, command.TimedOut, 48*time.Hour)}, "a"},
		{"2.x a clock that is far behind, refused", remote, []command.Command{v2("a", `{"remoteStartId":7}`, command.Rejected, 48*time.Hour)}, ""},
		{"2.x a clock that is far behind, another number", remote, []command.Command{v2("a", `{"remoteStartId":8}`, command.Accepted, 48*time.Hour)}, ""},
		{"2.x a number used twice, by a clock that is behind both", remote, []command.Command{v2("a", `{"remoteStartId":7}`, command.Accepted, 47*time.Hour), v2("b", `{"remoteStartId":7}`, command.Sent, 48*time.Hour)}, "b"},
		{"2.x a number used twice, by a clock that is behind the one that was accepted", remote, []command.Command{v2("a", `{"remoteStartId":7}`, command.TimedOut, -time.Hour), v2("b", `{"remoteStartId":7}`, command.Accepted, time.Hour)}, "b"},
		{"2.x a number used again since, perhaps in vain", remote, []command.Command{v2("a", `{"remoteStartId":7}`, command.Accepted, -time.Minute), v2("b", `{"remoteStartId":7}`, command.TimedOut, time.Hour)}, "a"},
		{"2.x another number", remote, []command.Command{v2("a", `{"remoteStartId":8}`, command.Accepted, 0)}, ""},
		{"2.x no number in the CALL", remote, []command.Command{v2("a", `{}`, command.Accepted, 0)}, ""},
		{"2.x started locally", local, []command.Command{v2("a", `{"idToken":{"idToken":"Tag1"}}`, command.Accepted, 0)}, ""},
	} {
		led, found := command.Led(test.open, test.start)
		if led.ID != test.want || found != (test.want != "") {
			t.Errorf("%s: %q %t, want %q", test.name, led.ID, found, test.want)
		}
	}
}
