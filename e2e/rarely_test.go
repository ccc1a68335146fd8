package e2e

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// What happens rarely needs grants as well. These tests bring it about.

func TestRepeatedRequestIsCarriedOutOnce(t *testing.T) {
	const id = "REPEATED"
	createThing(t, id)
	connect(t, id, "ocpp1.6").boot()
	order := func(body string) answer {
		return call(t, http.MethodPost, "/charge-points/"+id+"/commands", body, "Idempotency-Key", "k1")
	}
	first := order(`{"action":"ClearCache","payload":{}}`).want(t, http.StatusAccepted).text("commandId")
	if again := order(`{"action":"ClearCache","payload":{}}`).want(t, http.StatusAccepted).text("commandId"); again != first {
		t.Errorf("the same request made the commands %s and %s", first, again)
	}
	order(`{"action":"Reset","payload":{"type":"Soft"}}`).want(t, http.StatusUnprocessableEntity)
}

func TestDeletingWhatIsNotThere(t *testing.T) {
	call(t, http.MethodDelete, "/charge-points/NEVER-MADE", "").want(t, http.StatusNotFound)
}

// A command that finds no connection any more ends the session, of which integrators hear; the command waits.
func TestCommandFindsNoConnection(t *testing.T) {
	const id = "VANISHED"
	createThing(t, id)
	cp := connect(t, id, "ocpp1.6")
	cp.boot()
	// Once it has answered a command, the next is sent by whoever takes it.
	command := call(t, http.MethodPost, "/charge-points/"+id+"/commands", `{"action":"ClearCache","payload":{}}`).want(t, http.StatusAccepted).text("commandId")
	cp.call()
	cp.send(fmt.Sprintf(`[3,%q,{"status":"Accepted"}]`, command))
	eventually(t, func() string {
		if state := call(t, http.MethodGet, "/charge-points/"+id+"/commands/"+command, "").want(t, http.StatusOK).text("state"); state != "accepted" {
			return "the command is " + state
		}
		return ""
	})
	table, key := "AwsOcppGatewayStack-ChargePointTable", map[string]types.AttributeValue{"chargePointId": &types.AttributeValueMemberS{Value: id}}
	eventually(t, func() string { // the turn is given back a moment after the command is accepted
		row, err := tables().GetItem(t.Context(), &dynamodb.GetItemInput{TableName: &table, Key: key})
		if err != nil || row.Item["callId"] != nil {
			return fmt.Sprintf("somebody has the turn: %v, %v", row, err)
		}
		return ""
	})
	// As if the connection had gone without a $disconnect, which API Gateway may lose.
	if _, err := tables().UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName: &table, Key: key,
		UpdateExpression:          new("SET connectionId = :gone"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":gone": &types.AttributeValueMemberS{Value: "L0SM9cOFvHcCIhw="}},
	}); err != nil {
		t.Fatal(err)
	}
	call(t, http.MethodPost, "/charge-points/"+id+"/commands", `{"action":"ClearCache","payload":{},"expiresInSeconds":600}`).want(t, http.StatusAccepted)
	eventually(t, func() string {
		if got := call(t, http.MethodGet, "/charge-points/"+id, "").want(t, http.StatusOK); got.text("connected") != "false" {
			return fmt.Sprintf("it is still taken for connected: %v", got.Body)
		}
		return ""
	})
}

// The newest connection wins, and what the older one left unanswered is given up.
func TestReconnectGivesUpTheUnansweredCommand(t *testing.T) {
	const id = "RECONNECTED"
	createThing(t, id)
	older := connect(t, id, "ocpp1.6")
	older.boot()
	command := call(t, http.MethodPost, "/charge-points/"+id+"/commands", `{"action":"ClearCache","payload":{},"timeoutSeconds":600}`).
		want(t, http.StatusAccepted).text("commandId")
	older.call()
	connect(t, id, "ocpp1.6").boot()
	eventually(t, func() string {
		got := call(t, http.MethodGet, "/charge-points/"+id+"/commands/"+command, "").want(t, http.StatusOK)
		if state := got.text("state"); state != "timedOut" {
			return "the command is " + state
		}
		return ""
	})
}
