package websocketapi

import (
	"context"
	"errors"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/coder/websocket"
)

// What a client can do wrong, and how its connection is then closed.
var (
	frameTooBig   = closure{websocket.StatusMessageTooBig, "frame exceeds 32 KB"}
	messageTooBig = closure{websocket.StatusMessageTooBig, "message exceeds 128 KB"}
	binaryMessage = closure{websocket.StatusUnsupportedData, "binary messages are not supported"}
	invalidText   = closure{websocket.StatusInvalidFramePayloadData, "text is not UTF-8"}
)

// read takes messages until the connection ends, and tells how it ended.
func (c *connection) read() closure {
	for {
		kind, reader, err := c.socket.Reader(context.Background())
		if err != nil {
			return c.howEnded(err)
		}
		body, violation, err := c.readMessage(kind, reader)
		if err != nil {
			return c.howEnded(err)
		}
		if violation != nil {
			c.close(*violation)
			return *violation
		}
		if c.end.Load() == nil {
			c.touch()
			c.received(body)
		}
	}
}

// readMessage reads one message in pieces, so that a violation is noticed where it happens.
func (c *connection) readMessage(kind websocket.MessageType, reader io.Reader) ([]byte, *closure, error) {
	if kind == websocket.MessageBinary {
		return nil, &binaryMessage, nil
	}
	body := make([]byte, 0, 512) // most OCPP messages fit
	for {
		if c.frames.oversized.Load() {
			return nil, &frameTooBig, nil
		}
		if len(body) > maxMessage {
			return nil, &messageTooBig, nil
		}
		body = slices.Grow(body, 1)
		n, err := reader.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, err
		}
	}
	if !utf8.Valid(body) {
		return nil, &invalidText, nil
	}
	return body, nil, nil
}

// howEnded is what $disconnect is told. The reason of 1005 is API Gateway's own; the
// one of 1006 is not documented.
func (c *connection) howEnded(err error) closure {
	if end := c.end.Load(); end != nil {
		return *end
	}
	var sent websocket.CloseError
	switch {
	case !errors.As(err, &sent):
		c.cut()                                              // which the library does not do in every case, such as a lost connection or a frame that is not masked
		return closure{1006, "Connection closed abnormally"} // RFC 6455: lost without a close frame
	case sent.Code == websocket.StatusNoStatusRcvd:
		return closure{sent.Code, "Client-side close frame status not set"}
	default:
		return closure{sent.Code, sent.Reason}
	}
}
