// Package gateway writes to and closes the WebSocket connections that API Gateway holds.
package gateway

import (
	"context"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go/encoding/httpbinding"

	"github.com/serverless-ocpp/backend/shared/awsfault"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/signed"
)

// Connections are the connections of one stage.
type Connections struct {
	api  *signed.Client
	once *signed.Client // for what must not arrive twice
}

var service = signed.Service{ID: "ApiGatewayManagementApi", SigningName: "execute-api"}

// NewConnections takes the URL of the stage, such as
// https://abc123.execute-api.eu-central-1.amazonaws.com/ocpp. It is not derived from events: behind a
// custom domain the path is another one.
func NewConnections(config aws.Config, endpoint string) *Connections {
	stage := func() (string, error) { return endpoint, nil }
	return &Connections{api: signed.New(config, service, stage), once: signed.New(atMostOnce(config), service, stage)}
}

var _ command.Connections = (*Connections)(nil)

// Post implements command.Connections: a CALL goes out once or not at all, never twice (see atMostOnce).
// fault.Invalid if the frame is larger than API Gateway sends (128 KB).
func (c *Connections) Post(ctx context.Context, connectionID string, frame []byte) error {
	return post(ctx, c.once, connectionID, frame)
}

// Answer sends a CALLRESULT or CALLERROR, with the errors of Post. When a confirmation gets lost the
// client sends the frame again: a charge point drops an answer that it does not wait for.
func (c *Connections) Answer(ctx context.Context, connectionID string, frame []byte) error {
	return post(ctx, c.api, connectionID, frame)
}

// The codes of errors that say something of the connection or the frame.
const (
	codeGone  = "GoneException"
	codeFull  = "LimitExceededException"
	codeLarge = "PayloadTooLargeException"
)

var frameHeader = http.Header{"Content-Type": {"application/octet-stream"}}

func post(ctx context.Context, api *signed.Client, connectionID string, frame []byte) error {
	if len(frame) > command.MaxFrame {
		return fault.New(fault.Invalid, "a frame of %d bytes is too large for connection %s: API Gateway sends %d", len(frame), connectionID, command.MaxFrame)
	}
	_, err := api.Do(ctx, signed.Call{Operation: "PostToConnection", Method: http.MethodPost, Path: pathOf(connectionID), Header: frameHeader, Body: frame})
	if err == nil {
		return nil
	}
	switch signed.Code(err) {
	case codeGone:
		return fault.Wrap(fault.Gone, err, "connection %s does not exist (any more)", connectionID)
	case codeFull:
		return fault.Wrap(fault.Throttled, err, "connection %s takes no more at the moment", connectionID)
	case codeLarge:
		return fault.Wrap(fault.Invalid, err, "a frame of %d bytes is too large for connection %s", len(frame), connectionID)
	}
	return awsfault.Wrap(err, "nothing could be sent on connection %s", connectionID)
}

// Close ends a connection. One that does not exist is no error.
func (c *Connections) Close(ctx context.Context, connectionID string) error {
	_, err := c.api.Do(ctx, signed.Call{Operation: "DeleteConnection", Method: http.MethodDelete, Path: pathOf(connectionID)})
	if err == nil || signed.Code(err) == codeGone {
		return nil
	}
	return awsfault.Wrap(err, "connection %s could not be closed", connectionID)
}

// pathOf escapes the id, which ends in "=", as the signature wants it.
func pathOf(connectionID string) string {
	return "/@connections/" + httpbinding.EscapePath(connectionID, true)
}
