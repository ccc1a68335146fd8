package main

import (
	"net/http"
	"slices"
	"time"

	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/fault"
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
	kind, since, err := filterOfMessages(r)
	if err != nil {
		return answer{}, err
	}
	found, next, err := a.Messages.List(r.Context(), r.PathValue("id"), cursor, limit)
	if err != nil {
		return answer{}, err
	}
	if len(found) > 0 && found[len(found)-1].At.Before(since) {
		next = "" // the pages behind are older still
	}
	found = slices.DeleteFunc(found, func(m dynamo.Message) bool { return kind != "" && m.Kind != kind || m.At.Before(since) })
	return reply(http.StatusOK, messageList{append([]dynamo.Message{}, found...), next}), nil
}

// filterOfMessages reads ?kind= and ?since=. fault.Invalid for what is neither.
func filterOfMessages(r *http.Request) (kind dynamo.MessageKind, since time.Time, err error) {
	query := r.URL.Query()
	kind = dynamo.MessageKind(query.Get("kind"))
	if kind != "" && kind != dynamo.KindFrame && kind != dynamo.KindRefused {
		return "", since, fault.New(fault.Invalid, "'kind' must be %s or %s, not %.40q", dynamo.KindFrame, dynamo.KindRefused, string(kind))
	}
	if given := query.Get("since"); given != "" {
		if since, err = time.Parse(time.RFC3339, given); err != nil {
			return "", since, fault.New(fault.Invalid, "'since' must be a time such as 2026-03-01T12:00:00Z, not %.40q", given)
		}
	}
	return kind, since, nil
}
