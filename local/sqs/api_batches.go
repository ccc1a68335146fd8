package sqs

import (
	"errors"
	"net/http"
	"regexp"
)

// maxBatch is how many entries a batch has at most.
const maxBatch = 10

var validEntryID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)

// batchAnswer is the answer to every batch: each entry either succeeded or failed.
type batchAnswer struct {
	Successful []any
	Failed     []batchFailure `json:",omitempty"`
}

type batchFailure struct {
	Id          string
	Code        string
	Message     string
	SenderFault bool
}

// succeededEntry is what is told of an entry when there is nothing to tell.
type succeededEntry struct{ Id string }

// batch does one thing for each entry of a batch.
func batch[Entry any](entries []Entry, id func(Entry) string, do func(Entry) (any, error)) (any, error) {
	if len(entries) == 0 {
		return nil, own("EmptyBatchRequest", "There should be at least one entry in the request.")
	}
	if len(entries) > maxBatch {
		return nil, own("TooManyEntriesInBatchRequest", "Maximum number of entries per request are %d. You have sent %d.", maxBatch, len(entries))
	}
	seen := make(map[string]bool)
	for _, entry := range entries {
		switch {
		case !validEntryID.MatchString(id(entry)):
			return nil, own("InvalidBatchEntryId", "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.")
		case seen[id(entry)]:
			return nil, own("BatchEntryIdsNotDistinct", "Id %s repeated.", id(entry))
		}
		seen[id(entry)] = true
	}
	answer := batchAnswer{Successful: []any{}}
	for _, entry := range entries {
		success, err := do(entry)
		if err == nil {
			answer.Successful = append(answer.Successful, success)
			continue
		}
		e, ok := errors.AsType[*Error](err)
		if !ok {
			e = errInternal(err)
		}
		answer.Failed = append(answer.Failed, batchFailure{id(entry), e.entryCode(), e.Message, e.Status < 500})
	}
	return answer, nil
}

func (s *Service) sendMessageBatch(r *http.Request, in struct {
	QueueUrl string
	Entries  []sendRequest
}) (any, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	total := 0
	for _, entry := range in.Entries {
		total += s.outgoing(r, entry).size()
	}
	if total > maxMessageSize {
		return nil, own("BatchRequestTooLong", "Batch requests cannot be longer than %d bytes. You have sent %d bytes.", maxMessageSize, total)
	}
	return batch(in.Entries, func(e sendRequest) string { return e.Id }, func(e sendRequest) (any, error) {
		sent, err := q.send(s.outgoing(r, e))
		return e.answer(sent), err
	})
}

func (s *Service) deleteMessageBatch(_ *http.Request, in struct {
	QueueUrl string
	Entries  []deleteRequest
}) (any, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	return batch(in.Entries, func(e deleteRequest) string { return e.Id }, func(e deleteRequest) (any, error) {
		return succeededEntry{e.Id}, q.delete(e.ReceiptHandle)
	})
}

func (s *Service) changeMessageVisibilityBatch(_ *http.Request, in struct {
	QueueUrl string
	Entries  []visibilityRequest
}) (any, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	return batch(in.Entries, func(e visibilityRequest) string { return e.Id }, func(e visibilityRequest) (any, error) {
		return succeededEntry{e.Id}, e.apply(q)
	})
}
