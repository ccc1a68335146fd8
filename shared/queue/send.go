package queue

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/signed"
)

// sender puts messages into queues; it makes the one call of SQS that goes with every message itself, for what it costs.
type sender struct{ api *signed.Client }

// newSender calls with what a client of SQS was made with.
func newSender(api *sqs.Client) sender {
	o := api.Options()
	config := aws.Config{Region: o.Region, Credentials: o.Credentials, HTTPClient: o.HTTPClient, Retryer: func() aws.Retryer { return o.Retryer }}
	return sender{signed.New(config, signed.Service{ID: sqs.ServiceID, SigningName: "sqs"}, func() (string, error) {
		found, err := o.EndpointResolverV2.ResolveEndpoint(context.Background(), sqs.EndpointParameters{
			Region: &o.Region, Endpoint: o.BaseEndpoint,
			UseFIPS:      new(o.EndpointOptions.UseFIPSEndpoint == aws.FIPSEndpointStateEnabled),
			UseDualStack: new(o.EndpointOptions.UseDualStackEndpoint == aws.DualStackEndpointStateEnabled),
		})
		return found.URI.String(), err
	})}
}

// message is the body of SendMessage.
type message struct {
	QueueURL        string `json:"QueueUrl"`
	Body            string `json:"MessageBody"`
	Group           string `json:"MessageGroupId,omitempty"`
	DeduplicationID string `json:"MessageDeduplicationId,omitempty"`
	DelaySeconds    int    `json:"DelaySeconds,omitempty"`
}

var sendHeader = http.Header{
	"Content-Type": {"application/x-amz-json-1.0"}, "X-Amz-Target": {"AmazonSQS.SendMessage"},
	"X-Amzn-Query-Mode": {"true"}, // errors have the codes that callers know from the query protocol
}

// send returns when SQS has the message, and has it whole.
func (s sender) send(ctx context.Context, m message) error {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(m); err != nil {
		return err
	}
	answer, err := s.api.Do(ctx, signed.Call{Operation: "SendMessage", Method: http.MethodPost, Path: "/", Header: sendHeader, Body: body.Bytes()})
	if err != nil {
		return err
	}
	var stored struct{ MD5OfMessageBody string }
	if err := json.Unmarshal(answer, &stored); err != nil {
		return err
	}
	if sum := md5.Sum([]byte(m.Body)); hex.EncodeToString(sum[:]) != stored.MD5OfMessageBody {
		return fault.New(fault.Internal, "SQS stored another body than it was sent: its checksum is %q", stored.MD5OfMessageBody)
	}
	return nil
}
