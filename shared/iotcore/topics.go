package iotcore

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"

	"github.com/serverless-ocpp/backend/shared/awsfault"
)

// topics publishes to the topics of AWS IoT.
type topics struct{ api *iotdataplane.Client }

// atLeastOnce lets the broker keep messages for subscribers with a persistent session, at the same
// price as at most once. Who subscribes with quality 0 still gets each message at most once.
const atLeastOnce = 1

func (t topics) publish(ctx context.Context, topic string, payload []byte) error {
	_, err := t.api.Publish(ctx, &iotdataplane.PublishInput{Topic: &topic, Payload: payload, Qos: atLeastOnce})
	if err != nil {
		return awsfault.Wrap(err, "nothing could be published to topic %s", topic)
	}
	return nil
}
