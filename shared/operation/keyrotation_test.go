package operation_test

import (
	"context"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/operation"
	"github.com/serverless-ocpp/backend/shared/secret"
)

// keyring is chargepoint.Keys for one charge point, in memory.
type keyring struct{ chargepoint.Keyring }

func (k *keyring) Propose(_ context.Context, id string, key chargepoint.PendingKey) error {
	after, full := k.Keyring.Propose(key)
	if full {
		return fault.New(fault.Conflict, "charge point %s has too many", id)
	}
	k.Keyring = after
	return nil
}

func (k *keyring) Settle(_ context.Context, _, commandID string, accepted bool) error {
	k.Keyring = k.Keyring.Settle(commandID, accepted)
	return nil
}

func (k *keyring) Promote(_ context.Context, _, hash string) error {
	k.Keyring = k.Keyring.Promote(hash)
	return nil
}

// Specification: Improved security for OCPP 1.6-J A01; OCPP 2.x A01.FR.01 to A01.FR.08.
func TestKeyRotation(t *testing.T) {
	for version, call := range map[ocppj.Version]string{
		ocppj.V16:  `ChangeConfiguration {"key":"AuthorizationKey","value":"%s"}`,
		ocppj.V201: `SetVariables {"setVariableData":[{"attributeValue":"%s","component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}}]}`,
		ocppj.V21:  `SetVariables {"setVariableData":[{"attributeValue":"%s","component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}}]}`,
	} {
		keys := &keyring{chargepoint.Keyring{Present: "present"}}
		got, err := prepared(t, &operation.KeyRotation{}, operation.Desk{Keys: keys}, version)
		key := regexp.MustCompile(`"([0-9a-f]{40})"`).FindStringSubmatch(got)
		if err != nil || key == nil || got != fmt.Sprintf(call, key[1]) {
			t.Fatalf("%s: %s %v", version, got, err)
		}
		if len(keys.Pending) != 1 || keys.Present != "present" || keys.Pending[0].CommandID != target(version).CommandID || !chargepoint.Matches(keys.Pending[0].Hash, key[1]) {
			t.Errorf("%s: keys %+v", version, keys.Keyring)
		}
		action, payload, _ := strings.Cut(got, " ")
		if !secret.Sets(action, []byte(payload)) || strings.Contains(string(secret.Masked([]byte(payload))), key[1]) {
			t.Errorf("%s: the key is not known for a secret in %s", version, got)
		}
	}
}

// TestKeyRotationIsPreparedAgain: whichever of the two keys the command tells is valid.
func TestKeyRotationIsPreparedAgain(t *testing.T) {
	keys := &keyring{}
	for i := range chargepoint.MaxPendingKeys {
		if _, err := prepared(t, &operation.KeyRotation{}, operation.Desk{Keys: keys}, ocppj.V16); err != nil || len(keys.Pending) != i+1 {
			t.Fatalf("attempt %d: %v, keys %+v", i, err, keys.Keyring)
		}
	}
	if _, err := prepared(t, &operation.KeyRotation{}, operation.Desk{Keys: keys}, ocppj.V16); !fault.Is(err, fault.Conflict) {
		t.Errorf("a key too many: %v", err)
	}
}

// commands are the states of commands by id.
type commands map[string]command.State

func (c commands) Get(_ context.Context, _, id string) (command.Command, error) {
	state, ok := c[id]
	switch {
	case !ok:
		return command.Command{}, fault.New(fault.NotFound, "no such command")
	case state == "":
		return command.Command{}, fault.New(fault.Throttled, "too much at once")
	}
	return command.Command{ID: id, State: state}, nil
}

func TestKeysThatNobodyWasToldMakeRoom(t *testing.T) {
	for state, stays := range map[command.State]bool{
		command.Queued: true, command.Sent: true, command.TimedOut: true, command.Accepted: true, command.InvalidResult: true,
		command.Rejected: true, command.CallError: true, // the answer is being processed: RebootRequired is none of the two
		command.Expired: false, command.Cancelled: false, "none": true,
	} {
		keys := &keyring{chargepoint.Keyring{Pending: []chargepoint.PendingKey{{Hash: "h", CommandID: "before"}}}}
		whom := target(ocppj.V16)
		whom.ChargePoint.PendingKeys = keys.Pending
		desk := operation.Desk{Keys: keys, Commands: commands{"before": state}}
		if state == "none" {
			desk.Commands = commands{}
		}
		if err := (&operation.KeyRotation{}).Prepare(t.Context(), desk, whom); err != nil || (len(keys.Pending) == 2) != stays {
			t.Errorf("%s: %v, pending %+v", state, err, keys.Pending)
		}
	}
	whom := target(ocppj.V16)
	whom.ChargePoint.PendingKeys = []chargepoint.PendingKey{{Hash: "h", CommandID: "before"}}
	desk := operation.Desk{Keys: &keyring{}, Commands: commands{"before": ""}}
	if err := (&operation.KeyRotation{}).Prepare(t.Context(), desk, whom); !fault.Is(err, fault.Throttled) {
		t.Errorf("commands that cannot be read: %v", err)
	}
}

func TestKeyRotationThatIsNotSentProposesNothing(t *testing.T) {
	keys := &keyring{}
	whom := target(ocppj.V16)
	whom.ChargePoint.Registration = chargepoint.Rejected
	if err := (&operation.KeyRotation{}).Prepare(t.Context(), operation.Desk{Keys: keys}, whom); !fault.Is(err, fault.Conflict) || len(keys.Pending) > 0 {
		t.Errorf("error %v, keys %+v", err, keys.Keyring)
	}
	if _, err := (&operation.KeyRotation{}).Calls(ocppj.V16); !fault.Is(err, fault.Internal) {
		t.Errorf("without a key: %v", err)
	}
}

// TestKeyIsNeitherLoggedNorSaid places a rotation and reads everything that comes of it but the CALL.
func TestKeyIsNeitherLoggedNorSaid(t *testing.T) {
	var logged strings.Builder
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug})))
	t.Cleanup(func() { slog.SetDefault(before) })

	var sent []command.Command
	keys := &keyring{}
	orders := operation.Orders{
		Desk:   operation.Desk{Keys: keys, Now: func() time.Time { return now }},
		Submit: func(_ context.Context, c command.Command) error { sent = append(sent, c); return nil },
	}
	o := &operation.KeyRotation{}
	_, said, err := orders.Place(t.Context(), chargepoint.ChargePoint{ID: "CP001"}, ocppj.V201, o, operation.Terms{Kind: "key-rotation", CommandID: "c1", Expiry: time.Minute})
	if err != nil || len(sent) != 1 || sent[0].Operation != "key-rotation" || said != (operation.Said{}) {
		t.Fatalf("%v, said %+v, sent %d", err, said, len(sent))
	}
	key := regexp.MustCompile(`[0-9a-f]{40}`).FindString(string(sent[0].Payload))
	if key == "" || strings.Contains(logged.String(), key) || strings.Contains(fmt.Sprint(keys.Pending), key) {
		t.Errorf("the key %q is in the log or in what is stored", key)
	}
}
