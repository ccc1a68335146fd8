package iotcore

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/secret"
)

// Mirror shows integrators every frame on two topics per charge point: CP001/in has what it sent,
// CP001/out what it was sent, with secrets masked (see shared/secret). Data of a vendor's own has a topic for itself.
type Mirror struct {
	topics topics
	frames bool
}

// NewMirror takes a client of the IoT data plane.
func NewMirror(api *iotdataplane.Client) *Mirror { return MirrorIf(true, api) }

// MirrorIf takes a client likewise; unless frames are wanted it shows none, but data of vendors all the same: that is
// meant for an integrator, not for observers.
func MirrorIf(frames bool, api *iotdataplane.Client) *Mirror {
	return &Mirror{topics{dataPlane(api)}, frames}
}

var _ command.Mirror = (*Mirror)(nil)

// In publishes a frame that came from a charge point. fault.Invalid if masks have made it larger than AWS IoT takes.
func (m *Mirror) In(ctx context.Context, chargePointID string, frame []byte) error {
	return m.show(ctx, chargePointID+"/in", frame)
}

// Out implements command.Mirror.
func (m *Mirror) Out(ctx context.Context, chargePointID string, frame []byte) error {
	return m.show(ctx, chargePointID+"/out", frame)
}

func (m *Mirror) show(ctx context.Context, topic string, frame []byte) error {
	if !m.frames {
		return nil
	}
	return m.topics.publish(ctx, topic, secret.Masked(frame))
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
	return m.topics.publish(ctx, topic, payload)
}
