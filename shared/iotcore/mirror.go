package iotcore

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"

	"github.com/serverless-ocpp/backend/shared/awsfault"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// Mirror shows integrators every frame on two topics per charge point: CP001/in has what it sent,
// CP001/out what it was sent. Data of a vendor's own has a topic for itself.
type Mirror struct{ api *iotdataplane.Client }

// NewMirror takes a client of the IoT data plane.
func NewMirror(api *iotdataplane.Client) *Mirror { return &Mirror{api: api} }

var _ command.Mirror = (*Mirror)(nil)

// atLeastOnce lets the broker keep frames for subscribers with a persistent session, at the same
// price as at most once. Who subscribes with quality 0 still gets each frame at most once.
const atLeastOnce = 1

// In publishes a frame that came from a charge point.
func (m *Mirror) In(ctx context.Context, chargePointID string, frame []byte) error {
	return m.publish(ctx, chargePointID+"/in", frame)
}

// Out implements command.Mirror.
func (m *Mirror) Out(ctx context.Context, chargePointID string, frame []byte) error {
	return m.publish(ctx, chargePointID+"/out", frame)
}

// maxTopic is what AWS IoT takes, in bytes.
const maxTopic = 256

// Data publishes the payload of a DataTransfer on CP001/data/<vendor id>. fault.Invalid if the vendor's id cannot
// be a level of a topic: it is empty, too long or has / + or #.
func (m *Mirror) Data(ctx context.Context, chargePointID, vendorID string, payload []byte) error {
	topic := chargePointID + "/data/" + vendorID
	if vendorID == "" || len(topic) > maxTopic || strings.ContainsAny(vendorID, "/+#\x00") {
		return fault.New(fault.Invalid, "data of charge point %s cannot be published: vendor id %.64q is no level of a topic", chargePointID, vendorID)
	}
	return m.publish(ctx, topic, payload)
}

func (m *Mirror) publish(ctx context.Context, topic string, frame []byte) error {
	_, err := m.api.Publish(ctx, &iotdataplane.PublishInput{Topic: &topic, Payload: frame, Qos: atLeastOnce})
	if err != nil {
		return awsfault.Wrap(err, "a frame could not be published to topic %s", topic)
	}
	return nil
}
