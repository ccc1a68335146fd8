// Package correlation carries one id from a frame to all its effects: every log line that is written on the way has it
// as correlationId, in whichever function.
//
// The id is the one that API Gateway gives each WebSocket message. The message id of OCPP will not do: firmware repeats
// it, after each restart if not in each message.
package correlation

import "context"

type key struct{}

// With is a context of what is done because of one frame. An empty id changes nothing.
func With(ctx context.Context, id string) context.Context {
	if id == "" {
		return ctx
	}
	return context.WithValue(ctx, key{}, id)
}

// ID is the id of the frame that ctx is about, "" for none.
func ID(ctx context.Context) string {
	id, _ := ctx.Value(key{}).(string)
	return id
}
