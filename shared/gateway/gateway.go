// Package gateway writes to and closes the WebSocket connections that API Gateway holds.
package gateway

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi"
	"github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi/types"

	"github.com/serverless-ocpp/backend/shared/awsfault"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// Connections are the connections of one stage.
type Connections struct {
	api  *apigatewaymanagementapi.Client
	once func(*apigatewaymanagementapi.Options)
}

// NewConnections takes the URL of the stage, such as
// https://abc123.execute-api.eu-central-1.amazonaws.com/ocpp. It is not derived from events: behind a
// custom domain the path is another one.
func NewConnections(config aws.Config, endpoint string) *Connections {
	return &Connections{
		api: apigatewaymanagementapi.NewFromConfig(config, func(o *apigatewaymanagementapi.Options) {
			o.BaseEndpoint = &endpoint
		}),
		once: atMostOnce(config),
	}
}

var _ command.Connections = (*Connections)(nil)

// Post implements command.Connections: a CALL goes out once or not at all, never twice (see atMostOnce).
// fault.Invalid if the frame is larger than API Gateway sends (128 KB).
func (c *Connections) Post(ctx context.Context, connectionID string, frame []byte) error {
	return c.post(ctx, connectionID, frame, c.once)
}

// Answer sends a CALLRESULT or CALLERROR, with the errors of Post. When a confirmation gets lost the
// client sends the frame again: a charge point drops an answer that it does not wait for.
func (c *Connections) Answer(ctx context.Context, connectionID string, frame []byte) error {
	return c.post(ctx, connectionID, frame)
}

func (c *Connections) post(ctx context.Context, connectionID string, frame []byte, options ...func(*apigatewaymanagementapi.Options)) error {
	if len(frame) > command.MaxFrame {
		return fault.New(fault.Invalid, "a frame of %d bytes is too large for connection %s: API Gateway sends %d", len(frame), connectionID, command.MaxFrame)
	}
	_, err := c.api.PostToConnection(ctx, &apigatewaymanagementapi.PostToConnectionInput{ConnectionId: &connectionID, Data: frame}, options...)
	if err == nil {
		return nil
	}
	if gone(err) {
		return fault.Wrap(fault.Gone, err, "connection %s does not exist (any more)", connectionID)
	}
	if _, full := errors.AsType[*types.LimitExceededException](err); full {
		return fault.Wrap(fault.Throttled, err, "connection %s takes no more at the moment", connectionID)
	}
	if _, large := errors.AsType[*types.PayloadTooLargeException](err); large {
		return fault.Wrap(fault.Invalid, err, "a frame of %d bytes is too large for connection %s", len(frame), connectionID)
	}
	return awsfault.Wrap(err, "nothing could be sent on connection %s", connectionID)
}

// Close ends a connection. One that does not exist is no error.
func (c *Connections) Close(ctx context.Context, connectionID string) error {
	_, err := c.api.DeleteConnection(ctx, &apigatewaymanagementapi.DeleteConnectionInput{ConnectionId: &connectionID})
	if err == nil || gone(err) {
		return nil
	}
	return awsfault.Wrap(err, "connection %s could not be closed", connectionID)
}

func gone(err error) bool {
	_, is := errors.AsType[*types.GoneException](err)
	return is
}
