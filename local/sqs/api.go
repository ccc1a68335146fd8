package sqs

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/google/uuid"
)

// target is what the X-Amz-Target header begins with.
const target = "AmazonSQS."

// maxRequest is the longest request that is read: a batch of 1 MiB can be escaped to six times its length in JSON.
const maxRequest = 8 << 20

// action is one action of the API: it decodes the body, acts and returns what is encoded as the answer.
type action func(r *http.Request, body []byte) (answer any, err error)

// actionTable holds every action that is served, by its name.
func (s *Service) actionTable() map[string]action {
	return map[string]action{
		"CancelMessageMoveTask":        handle(s.cancelMessageMoveTask),
		"ChangeMessageVisibility":      handle(s.changeMessageVisibility),
		"ChangeMessageVisibilityBatch": handle(s.changeMessageVisibilityBatch),
		"CreateQueue":                  handle(s.createQueue),
		"DeleteMessage":                handle(s.deleteMessage),
		"DeleteMessageBatch":           handle(s.deleteMessageBatch),
		"DeleteQueue":                  handle(s.deleteQueueAction),
		"GetQueueAttributes":           handle(s.getQueueAttributes),
		"GetQueueUrl":                  handle(s.getQueueURL),
		"ListDeadLetterSourceQueues":   handle(s.listDeadLetterSourceQueues),
		"ListMessageMoveTasks":         handle(s.listMessageMoveTasks),
		"ListQueueTags":                handle(s.listQueueTags),
		"ListQueues":                   handle(s.listQueues),
		"PurgeQueue":                   handle(s.purgeQueue),
		"ReceiveMessage":               handle(s.receiveMessage),
		"SendMessage":                  handle(s.sendMessage),
		"SendMessageBatch":             handle(s.sendMessageBatch),
		"SetQueueAttributes":           handle(s.setQueueAttributes),
		"StartMessageMoveTask":         handle(s.startMessageMoveTask),
		"TagQueue":                     handle(s.tagQueue),
		"UntagQueue":                   handle(s.untagQueue),
	}
}

// handle makes an action of a function that takes the decoded request.
func handle[Request any](act func(*http.Request, Request) (any, error)) action {
	return func(r *http.Request, body []byte) (any, error) {
		var request Request
		if err := json.Unmarshal(body, &request); err != nil {
			return nil, &Error{
				Status: http.StatusBadRequest, Code: "SerializationException", Message: err.Error(),
				common: true, legacy: "MalformedInput",
			}
		}
		return act(r, request)
	}
}

// ServeHTTP answers requests of the AWS JSON 1.0 protocol.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer, err := s.serve(w, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	write(w, http.StatusOK, answer)
}

func (s *Service) serve(w http.ResponseWriter, r *http.Request) (any, error) {
	name, isJSON := strings.CutPrefix(r.Header.Get("X-Amz-Target"), target)
	act := s.actions[name]
	if !isJSON || act == nil {
		return nil, &Error{
			Status: http.StatusBadRequest, Code: "UnknownOperationException",
			Message: "X-Amz-Target is " + r.Header.Get("X-Amz-Target") + "; the actions of the AWS JSON 1.0 protocol of SQS that are served begin with " + target,
			common:  true, legacy: "InvalidAction",
		}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		return nil, &Error{
			Status: http.StatusRequestEntityTooLarge, Code: "RequestEntityTooLargeException", Message: err.Error(),
			common: true, legacy: "RequestEntityTooLarge",
		}
	}
	return act(r, body)
}

// Deny answers a request that IAM does not allow, as SQS does.
func (s *Service) Deny(w http.ResponseWriter, r *http.Request, message string) {
	s.fail(w, r, &Error{
		Status: http.StatusForbidden, Code: "AccessDeniedException", Message: message,
		common: true, legacy: "AccessDenied",
	})
}

// fail answers with an error. The header is for clients that know the error codes of the old query protocol.
func (s *Service) fail(w http.ResponseWriter, r *http.Request, err error) {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		e = errInternal(err)
	}
	fault := "Sender"
	if e.Status >= 500 {
		fault = "Receiver"
		s.log.Error("sqs request failed", "action", r.Header.Get("X-Amz-Target"), "error", err)
	} else {
		s.log.Debug("sqs request refused", "action", r.Header.Get("X-Amz-Target"), "error", err)
	}
	w.Header().Set("x-amzn-query-error", e.legacy+";"+fault)
	write(w, e.Status, struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
	}{e.shape(), e.Message})
}

func write(w http.ResponseWriter, status int, answer any) {
	var body []byte
	if answer != nil { // SQS answers actions that return nothing with an empty body
		body = encode(answer)
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.Header().Set("x-amzn-RequestId", uuid.NewString())
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client is gone; nobody is left to be told
}
