package iotcore

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"

	"github.com/serverless-ocpp/backend/shared/awsfault"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// topics publishes to the topics of AWS IoT.
type topics struct{ api *iotdataplane.Client }

// atLeastOnce lets the broker keep messages for subscribers with a persistent session, at the same
// price as at most once. Who subscribes with quality 0 still gets each message at most once.
const atLeastOnce = 1

// maxPayload is the largest message that AWS IoT takes, in bytes.
// See https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits
const maxPayload = 128 * 1024

// publish returns fault.Invalid for a message that is too large: it will be the next time, too.
func (t topics) publish(ctx context.Context, topic string, payload []byte) error {
	if len(payload) > maxPayload {
		return fault.New(fault.Invalid, "a message of %d bytes is too large for topic %s: AWS IoT takes %d", len(payload), topic, maxPayload)
	}
	_, err := t.api.Publish(ctx, &iotdataplane.PublishInput{Topic: &topic, Payload: payload, Qos: atLeastOnce})
	if err != nil {
		return awsfault.Wrap(err, "nothing could be published to topic %s", topic)
	}
	return nil
}
