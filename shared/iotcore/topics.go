package iotcore

import (
	"context"
	"net/http"

	"github.com/aws/smithy-go/encoding/httpbinding"

	"github.com/serverless-ocpp/backend/shared/awsfault"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/signed"
)

// topics publishes to the topics of AWS IoT.
type topics struct{ api *signed.Client }

// atLeastOnce lets the broker keep messages for subscribers with a persistent session, at the same
// price as at most once. Who subscribes with quality 0 still gets each message at most once.
const atLeastOnce = "?qos=1"

// maxPayload is the largest message that AWS IoT takes, in bytes.
// See https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits
const maxPayload = 128 * 1024

// publish returns fault.Invalid for a message that is too large: it will be the next time, too.
func (t topics) publish(ctx context.Context, topic string, payload []byte) error {
	if len(payload) > maxPayload {
		return fault.New(fault.Invalid, "a message of %d bytes is too large for topic %s: AWS IoT takes %d", len(payload), topic, maxPayload)
	}
	path := "/topics/" + httpbinding.EscapePath(topic, true) + atLeastOnce
	_, err := t.api.Do(ctx, signed.Call{Operation: "Publish", Method: http.MethodPost, Path: path, Header: payloadHeader, Body: payload})
	if err != nil {
		return awsfault.Wrap(err, "nothing could be published to topic %s", topic)
	}
	return nil
}
