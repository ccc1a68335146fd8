package iotcore

import (
	"context"
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"

	"github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/metric"
)

// Events tells integrators what happened, on a topic per charge point and event: see event.Event.Topic.
type Events struct{ topics topics }

// NewEvents takes a client of the IoT data plane.
func NewEvents(api *iotdataplane.Client) *Events { return &Events{topics{dataPlane(api)}} }

// EventsIf takes a client likewise; unless they are wanted it publishes nothing. They are counted in either case.
func EventsIf(wanted bool, api *iotdataplane.Client, metrics *metric.Recorder) event.Publisher {
	if !wanted {
		return event.Counted{To: event.None{}, Metrics: metrics}
	}
	return event.Counted{To: NewEvents(api), Metrics: metrics}
}

var _ event.Publisher = (*Events)(nil)

// Publish implements event.Publisher. fault.Throttled if AWS IoT takes no more at the moment, fault.Invalid if the
// document is larger than it takes (128 KB).
func (p *Events) Publish(ctx context.Context, e event.Event) error {
	document, err := json.Marshal(e)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "event %s of charge point %s is no JSON", e.Name, e.ChargePointID)
	}
	return p.topics.publish(ctx, e.Topic(), document)
}
