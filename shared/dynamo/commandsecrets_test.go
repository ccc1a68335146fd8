package dynamo

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/shared/command"
)

// The key is in the row while the command has to be sent, and nowhere afterwards.
func TestFinishedCommandsHoldNoSecret(t *testing.T) {
	const key = "5ec2e75ec2e75ec2e75ec2e75ec2e75ec2e75ec2"
	order := queued("c1", 0)
	order.Action, order.Payload = "ChangeConfiguration", json.RawMessage(`{"key":"AuthorizationKey","value":"`+key+`"}`)
	told := json.RawMessage(`{"configurationKey":[{"key":"AuthorizationKey","readonly":false,"value":"` + key + `"}]}`)
	for event, sent := range map[command.Event]bool{
		command.EventAccept: true, command.EventReject: true, command.EventError: true, command.EventMisfit: true, command.EventGiveUp: true,
		command.EventExpire: false, command.EventCancel: false,
	} {
		t.Run(string(event), func(t *testing.T) {
			store := newCommands(t)
			must(t, store.Create(t.Context(), order))
			if sent {
				c, err := store.Send(t.Context(), "CP001", "c1", at(10), at(30_010))
				must(t, err)
				if string(c.Payload) != string(order.Payload) {
					t.Errorf("sent %s", c.Payload)
				}
			}
			finished, err := store.Apply(t.Context(), "CP001", "c1", command.Outcome{Event: event, At: at(20), Result: told, ErrorDetails: told})
			must(t, err)
			var payload struct{ Key, Value string }
			must(t, json.Unmarshal(finished.Payload, &payload))
			if payload.Key != "AuthorizationKey" || payload.Value != "***" {
				t.Errorf("finished with the payload %s", finished.Payload)
			}
			if row := fmt.Sprint(finished, readable(stored(t, store.name, store.row("CP001", "c1").key))); strings.Contains(row, key) {
				t.Errorf("the key is still in %s", row)
			}
			must(t, store.Create(t.Context(), order)) // a repetition that comes late is still no other command
		})
	}
}

// readable is an item as text.
func readable(stored item) string {
	row, err := decode[map[string]any](stored)
	return fmt.Sprint(row, err)
}
