package main

import (
	"net/http"

	"github.com/serverless-ocpp/backend/shared/dynamo"
)

// messageList is a page of messages.
type messageList struct {
	Messages   []dynamo.Message `json:"messages"`
	NextCursor string           `json:"nextCursor,omitempty"`
}

// listMessages lists the frames of a charge point, and the connections that were refused under its identity, newest
// first. The identity need not be a charge point's: that it is none is what an operator comes here to find out.
func (a *API) listMessages(r *http.Request) (answer, error) {
	cursor, limit, err := page(r)
	if err != nil {
		return answer{}, err
	}
	found, next, err := a.Messages.List(r.Context(), r.PathValue("id"), cursor, limit)
	if err != nil {
		return answer{}, err
	}
	return reply(http.StatusOK, messageList{append([]dynamo.Message{}, found...), next}), nil
}
