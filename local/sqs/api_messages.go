package sqs

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// sendRequest is SendMessage, and one entry of SendMessageBatch.
type sendRequest struct {
	Id                      string
	QueueUrl                string
	MessageBody             string
	DelaySeconds            *int
	MessageAttributes       map[string]MessageAttribute
	MessageSystemAttributes map[string]MessageAttribute
	MessageGroupId          string
	MessageDeduplicationId  string
}

// sendAnswer is the answer to SendMessage, and to one entry of SendMessageBatch.
type sendAnswer struct {
	Id                     string `json:",omitempty"`
	MessageId              string
	MD5OfMessageBody       string
	MD5OfMessageAttributes string `json:",omitempty"`
	SequenceNumber         string `json:",omitempty"`
}

func (s *Service) outgoing(r *http.Request, in sendRequest) outgoing {
	out := outgoing{
		body:            in.MessageBody,
		attributes:      in.MessageAttributes,
		traceHeader:     in.MessageSystemAttributes["AWSTraceHeader"].StringValue,
		senderID:        s.config.SenderID(r),
		groupID:         in.MessageGroupId,
		deduplicationID: in.MessageDeduplicationId,
	}
	if in.DelaySeconds != nil {
		delay := time.Duration(*in.DelaySeconds) * time.Second
		out.delay = &delay
	}
	return out
}

func (s *Service) sendMessage(r *http.Request, in sendRequest) (any, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	sent, err := q.send(s.outgoing(r, in))
	if err != nil {
		return nil, err
	}
	s.log.Debug("message sent", "queue", q.name, "messageId", sent.MessageID)
	return in.answer(sent), nil
}

func (in sendRequest) answer(sent Sent) sendAnswer {
	return sendAnswer{in.Id, sent.MessageID, sent.MD5OfBody, sent.MD5OfMessageAttributes, sent.SequenceNumber}
}

type receiveRequest struct {
	QueueUrl                    string
	MaxNumberOfMessages         *int
	WaitTimeSeconds             *int
	VisibilityTimeout           *int
	AttributeNames              []string // the older name of the next
	MessageSystemAttributeNames []string
	MessageAttributeNames       []string
}

// receivedMessage is one message of the answer to ReceiveMessage.
type receivedMessage struct {
	MessageId              string
	ReceiptHandle          string
	Body                   string
	MD5OfBody              string
	Attributes             map[string]string           `json:",omitempty"`
	MessageAttributes      map[string]MessageAttribute `json:",omitempty"`
	MD5OfMessageAttributes string                      `json:",omitempty"`
}

type receiveAnswer struct {
	Messages []receivedMessage `json:",omitempty"`
}

func (s *Service) receiveMessage(r *http.Request, in receiveRequest) (any, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	ask := incoming{max: 1, wait: q.defaultWait()}
	if n := in.MaxNumberOfMessages; n != nil {
		if *n < 1 || *n > maxReceive {
			return nil, errInvalidValue(*n, "MaxNumberOfMessages", "Must be between 1 and 10, if provided.")
		}
		ask.max = *n
	}
	if n := in.WaitTimeSeconds; n != nil {
		if *n < 0 || *n > 20 {
			return nil, errInvalidValue(*n, "WaitTimeSeconds", "Must be >= 0 and <= 20, if provided.")
		}
		ask.wait = time.Duration(*n) * time.Second
	}
	if n := in.VisibilityTimeout; n != nil {
		if *n < 0 || *n > 43_200 {
			return nil, errInvalidValue(*n, "VisibilityTimeout", "VisibilityTimeout must be an integer between 0 and 43200.")
		}
		visibility := time.Duration(*n) * time.Second
		ask.visibility = &visibility
	}
	messages, err := s.receive(r.Context(), q, ask)
	if err != nil {
		return nil, err
	}
	var answer receiveAnswer
	for _, m := range messages {
		answer.Messages = append(answer.Messages, in.rendered(m))
	}
	return answer, nil
}

// rendered leaves out the attributes that were not asked for.
func (in receiveRequest) rendered(m Message) receivedMessage {
	out := receivedMessage{MessageId: m.ID, ReceiptHandle: m.ReceiptHandle, Body: m.Body, MD5OfBody: m.MD5OfBody}
	names := slices.Concat(in.AttributeNames, in.MessageSystemAttributeNames)
	for name, value := range m.Attributes {
		if slices.Contains(names, "All") || slices.Contains(names, name) {
			if out.Attributes == nil {
				out.Attributes = make(map[string]string)
			}
			out.Attributes[name] = value
		}
	}
	for name, value := range m.MessageAttributes {
		if wantsAttribute(in.MessageAttributeNames, name) {
			if out.MessageAttributes == nil {
				out.MessageAttributes = make(map[string]MessageAttribute)
			}
			out.MessageAttributes[name] = value
		}
	}
	if out.MessageAttributes != nil {
		out.MD5OfMessageAttributes = md5OfAttributes(out.MessageAttributes)
	}
	return out
}

// wantsAttribute says whether the names ask for the attribute: by its name, by a prefix "foo.*", or all.
func wantsAttribute(names []string, attribute string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		prefix, isPrefix := strings.CutSuffix(name, ".*")
		return name == "All" || name == attribute || isPrefix && strings.HasPrefix(attribute, prefix)
	})
}

type deleteRequest struct {
	Id            string
	QueueUrl      string
	ReceiptHandle string
}

func (s *Service) deleteMessage(_ *http.Request, in deleteRequest) (any, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	if in.ReceiptHandle == "" {
		return nil, errMissingParameter("ReceiptHandle")
	}
	return nil, q.delete(in.ReceiptHandle)
}

type visibilityRequest struct {
	Id                string
	QueueUrl          string
	ReceiptHandle     string
	VisibilityTimeout *int
}

func (s *Service) changeMessageVisibility(_ *http.Request, in visibilityRequest) (any, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	return nil, in.apply(q)
}

func (in visibilityRequest) apply(q *queue) error {
	switch {
	case in.ReceiptHandle == "":
		return errMissingParameter("ReceiptHandle")
	case in.VisibilityTimeout == nil:
		return errMissingParameter("VisibilityTimeout")
	}
	return q.changeVisibility(in.ReceiptHandle, time.Duration(*in.VisibilityTimeout)*time.Second)
}
