package command_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// machineRig moves commands of one table.
type machineRig struct {
	*testing.T
	table    string
	commands *dynamo.Commands
}

// row is the item of a command, as the table has it.
func (m machineRig) row(id string) map[string]types.AttributeValue {
	m.Helper()
	answer, err := dynamotest.Client().GetItem(m.Context(), &dynamodb.GetItemInput{
		TableName: &m.table, ConsistentRead: aws.Bool(true),
		Key: map[string]types.AttributeValue{
			"chargePointId": &types.AttributeValueMemberS{Value: cp001}, "commandId": &types.AttributeValueMemberS{Value: id},
		},
	})
	if err != nil {
		m.Fatal(err)
	}
	return answer.Item
}

// happen lets an event happen to a command.
func (m machineRig) happen(id string, event command.Event, at time.Time) (command.Command, error) {
	if event == command.EventSend {
		return m.commands.Send(m.Context(), cp001, id, at, at.Add(command.DefaultTimeout))
	}
	return m.commands.Apply(m.Context(), cp001, id, command.Outcome{
		Event: event, At: at, Result: json.RawMessage(`{"status":"Accepted"}`),
		ErrorCode: "InternalError", ErrorDescription: "why", ErrorDetails: json.RawMessage(`{}`),
	})
}

// pathTo are the events that lead to a state.
func pathTo(state command.State) []command.Event {
	if state == command.Queued {
		return nil
	}
	last := machine[slices.IndexFunc(machine, func(s step) bool { return s.to == state })]
	return append(pathTo(last.from), last.event)
}

// Every event in every state either moves the command as the drawing in state.go says, or is a conflict and leaves its row
// as it was.
func TestEveryEventInEveryState(t *testing.T) {
	m := machineRig{T: t, table: dynamotest.Table(t, "CommandTable")}
	m.commands = dynamo.NewCommands(dynamotest.Client(), m.table)
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, from := range states {
		for _, arrow := range machine {
			t.Run(string(from)+" "+string(arrow.event), func(t *testing.T) {
				m.T = t
				id := string(from) + "-" + string(arrow.event)
				if err := m.commands.Create(t.Context(), command.Command{
					ChargePointID: cp001, ID: id, Action: "RemoteStartTransaction", Payload: json.RawMessage(`{"idTag":"T1"}`), Protocol: protocol,
					Origin: command.OriginHTTP, State: command.Queued, CreatedAt: noon, ExpiresAt: noon.Add(time.Hour), Timeout: command.DefaultTimeout,
				}); err != nil {
					t.Fatal(err)
				}
				for _, event := range pathTo(from) {
					if _, err := m.happen(id, event, noon.Add(time.Second)); err != nil {
						t.Fatal(err)
					}
				}
				before := m.row(id)
				moved, err := m.happen(id, arrow.event, noon.Add(2*time.Second))
				after := m.row(id)
				if from != arrow.from {
					if !fault.Is(err, fault.Conflict) {
						t.Errorf("error %v, want a fault.Conflict", err)
					}
					if !reflect.DeepEqual(after, before) {
						t.Errorf("the row changed from %v to %v", before, after)
					}
					return
				}
				stored, getErr := m.commands.Get(t.Context(), cp001, id)
				if err != nil || getErr != nil || stored.State != arrow.to || !reflect.DeepEqual(moved, stored) {
					t.Errorf("moved to %+v (%v), stored %+v (%v), want %s", moved, err, stored, getErr, arrow.to)
				}
				if _, waits := after["queuedAt"]; waits != (arrow.to == command.Queued) {
					t.Errorf("%s: in the queue: %t", arrow.to, waits)
				}
				if arrow.to.Final() != (stored.FinishedAt.Equal(noon.Add(2*time.Second)) && stored.ErrorDescription == "why" && stored.Result != nil) {
					t.Errorf("%s: finished at %s, %q, result %s", arrow.to, stored.FinishedAt, stored.ErrorDescription, stored.Result)
				}
				if _, linkable := after["remoteStartedAt"]; linkable != (arrow.to == command.Queued || arrow.to.MayBeDone()) {
					t.Errorf("%s: may lead to a transaction: %t", arrow.to, linkable)
				}
			})
		}
	}
}
