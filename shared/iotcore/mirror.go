package iotcore

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"

	"github.com/serverless-ocpp/backend/shared/awsfault"
	"github.com/serverless-ocpp/backend/shared/command"
)

// Mirror shows integrators every frame on two topics per charge point: CP001/in has what it sent,
// CP001/out what it was sent.
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

func (m *Mirror) publish(ctx context.Context, topic string, frame []byte) error {
	_, err := m.api.Publish(ctx, &iotdataplane.PublishInput{Topic: &topic, Payload: frame, Qos: atLeastOnce})
	if err != nil {
		return awsfault.Wrap(err, "a frame could not be published to topic %s", topic)
	}
	return nil
}
