package main

import (
	"net/http"

	"github.com/serverless-ocpp/backend/shared/dynamo"
)

// messageList is a page of messages.
type messageList struct {
	Messages   []dynamo.Refused `json:"messages"`
	NextCursor string           `json:"nextCursor,omitempty"`
}

// listMessages lists the connections that were refused under an identity, newest first. The identity need
// not be a charge point's: that it is none is what an operator comes here to find out.
func (a *API) listMessages(r *http.Request) (answer, error) {
	cursor, limit, err := page(r)
	if err != nil {
		return answer{}, err
	}
	refused, next, err := a.Messages.List(r.Context(), r.PathValue("id"), cursor, limit)
	if err != nil {
		return answer{}, err
	}
	return reply(http.StatusOK, messageList{append([]dynamo.Refused{}, refused...), next}), nil
}
