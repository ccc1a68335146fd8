package e2e

import (
	"context"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// A broken record lies in the dead letter queue in the end, and holds up no other charge point.
func TestBrokenRecordGoesToTheDeadLetterQueue(t *testing.T) {
	const id = "BESIDE-A-BROKEN-ONE"
	createThing(t, id)
	url := func(name string) *string {
		found, err := queues().GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: &name})
		if err != nil {
			t.Fatal(err)
		}
		return found.QueueUrl
	}
	incoming, dead := url("AwsOcppGatewayStack-IncomingMessages.fifo"), url("AwsOcppGatewayStack-DeadLetterQueueForIncomingMessages.fifo")
	// Its tries follow each other at once, so that the test need not wait for ten minutes.
	if _, err := queues().SetQueueAttributes(t.Context(), &sqs.SetQueueAttributesInput{QueueUrl: incoming, Attributes: map[string]string{"VisibilityTimeout": "1"}}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := queues().SetQueueAttributes(context.Background(), &sqs.SetQueueAttributesInput{QueueUrl: incoming, Attributes: map[string]string{"VisibilityTimeout": "120"}}); err != nil {
			t.Error(err)
		}
	})
	body, group := `{"test":"message"}`, "BROKEN"
	if _, err := queues().SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: incoming, MessageBody: &body, MessageGroupId: &group, MessageDeduplicationId: &group}); err != nil {
		t.Fatal(err)
	}

	cp := connect(t, id, "ocpp1.6")
	cp.boot()
	cp.send(`[2,"1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]`)
	cp.want(`[3,"1",{}]`)
	eventually(t, func() string {
		if got := call(t, "GET", "/charge-points/"+id+"/connectors", "").list("connectors"); len(got) != 1 {
			return fmt.Sprintf("the message beside the broken record is not applied: %v", got)
		}
		return ""
	})
	eventually(t, func() string {
		found, err := queues().ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: dead, MessageSystemAttributeNames: []types.MessageSystemAttributeName{"MessageGroupId"}})
		if err != nil {
			t.Fatal(err)
		}
		for _, message := range found.Messages {
			if *message.Body == body && message.Attributes["MessageGroupId"] == group {
				return ""
			}
		}
		return "the broken record is not in the dead letter queue"
	})
}
