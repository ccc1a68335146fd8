package sqs

import (
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// Sent is what a sender is told.
type Sent struct {
	MessageID              string
	MD5OfBody              string
	MD5OfMessageAttributes string // empty when there are none
	SequenceNumber         string // of FIFO queues
}

// SendOption changes how a message is sent.
type SendOption func(*outgoing)

// outgoing is a message on its way into a queue.
type outgoing struct {
	body            string
	attributes      map[string]MessageAttribute
	traceHeader     string
	senderID        string
	groupID         string
	deduplicationID string
	delay           *time.Duration // nil: the queue's
}

// InGroup sets the MessageGroupId, which FIFO queues need.
func InGroup(id string) SendOption { return func(m *outgoing) { m.groupID = id } }

// WithDeduplicationID sets the MessageDeduplicationId, which FIFO queues without ContentBasedDeduplication need.
func WithDeduplicationID(id string) SendOption { return func(m *outgoing) { m.deduplicationID = id } }

// WithDelay sets the message's own delay in place of the queue's: up to 15 minutes, on standard queues only.
func WithDelay(delay time.Duration) SendOption { return func(m *outgoing) { m.delay = &delay } }

// WithAttributes sets the message attributes.
func WithAttributes(attributes map[string]MessageAttribute) SendOption {
	return func(m *outgoing) { m.attributes = attributes }
}

// From sets the SenderId.
func From(senderID string) SendOption { return func(m *outgoing) { m.senderID = senderID } }

// Send puts a message into the queue of that name. When it returns without an error, the message is kept. Errors are *Error,
// as SendMessage answers them: QueueDoesNotExist, InvalidMessageContents, InvalidParameterValueException, …
func (s *Service) Send(queue, body string, options ...SendOption) (Sent, error) {
	out := outgoing{body: body, senderID: s.config.Account}
	for _, option := range options {
		option(&out)
	}
	q, err := s.queue(queue)
	if err != nil {
		return Sent{}, err
	}
	return q.send(out)
}

// send needs no lock.
func (q *queue) send(out outgoing) (Sent, error) {
	if err := out.check(); err != nil {
		return Sent{}, err
	}
	answer := Sent{MD5OfBody: md5Hex(out.body)}
	if len(out.attributes) > 0 {
		answer.MD5OfMessageAttributes = md5OfAttributes(out.attributes)
	}
	now := time.Now()
	q.mu.Lock()
	m, err := q.accept(out, now)
	if err != nil {
		q.mu.Unlock()
		return Sent{}, err
	}
	receipt := q.journal.stage()
	q.mu.Unlock()

	answer.MessageID = m.MessageID
	if q.fifo {
		answer.SequenceNumber = m.Sequence.String()
	}
	// A repetition waits, too: the original it repeats may not be kept yet.
	return answer, durably(receipt)
}

// accept adds the message to the queue, or finds the one that it repeats.
func (q *queue) accept(out outgoing, now time.Time) (sent, error) {
	if q.deleted {
		return sent{}, errQueueDoesNotExist()
	}
	if size := out.size(); size > q.settings.maximumSize {
		return sent{}, errInvalidParameter("One or more parameters are invalid. Reason: Message must be shorter than %d bytes.", q.settings.maximumSize)
	}
	key, err := q.dedupKey(&out)
	if err != nil {
		return sent{}, err
	}
	q.journal.forgotten(q.dedup.expire(now))
	if q.fifo {
		if original, repeated := q.dedup.seen(key, now); repeated {
			return original, nil
		}
	}
	m := &message{
		id:              uuid.NewString(),
		sequence:        q.nextSequence(now),
		body:            out.body,
		attributes:      out.attributes,
		traceHeader:     out.traceHeader,
		senderID:        out.senderID,
		groupID:         out.groupID,
		deduplicationID: out.deduplicationID,
		sentAt:          now,
		state:           visible,
	}
	delay := q.settings.delay
	if out.delay != nil {
		delay = *out.delay
	}
	if delay > 0 {
		m.state, m.until = delayed, now.Add(delay)
	}
	s := sent{MessageID: m.id, Sequence: m.sequence, At: now}
	q.add(m)
	q.journal.added(m)
	if q.fifo {
		q.dedup.remember(key, s)
		q.journal.remembered(key, s)
	}
	return s, nil
}

// dedupKey checks what a FIFO queue needs and a standard queue refuses, and sets the id of content based deduplication.
func (q *queue) dedupKey(out *outgoing) (dedupKey, error) {
	const wrongType = "The request include parameter that is not valid for this queue type."
	if !q.fifo {
		if out.deduplicationID != "" {
			return dedupKey{}, errInvalidValue(out.deduplicationID, "MessageDeduplicationId", wrongType)
		}
		return dedupKey{}, nil
	}
	if out.groupID == "" {
		return dedupKey{}, errMissingParameter("MessageGroupId")
	}
	if out.delay != nil && *out.delay > 0 {
		return dedupKey{}, errInvalidValue(int(out.delay.Seconds()), "DelaySeconds", wrongType)
	}
	if out.deduplicationID == "" {
		if !q.settings.contentBased {
			return dedupKey{}, errInvalidParameter("The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly")
		}
		out.deduplicationID = contentID(out.body)
	}
	key := dedupKey{ID: out.deduplicationID}
	if q.settings.dedupPerGroup {
		key.Group = out.groupID
	}
	return key, nil
}

// check checks what does not depend on the queue.
func (out outgoing) check() error {
	if out.body == "" {
		return errMissingParameter("MessageBody")
	}
	if !validText(out.body) {
		return plain("InvalidMessageContents", "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF")
	}
	if out.delay != nil && (*out.delay < 0 || *out.delay > 15*time.Minute) {
		return errInvalidValue(int(out.delay.Seconds()), "DelaySeconds", "DelaySeconds must be >= 0 and <= 900.")
	}
	for _, id := range []struct{ value, parameter string }{
		{out.groupID, "MessageGroupId"}, {out.deduplicationID, "MessageDeduplicationId"},
	} {
		if id.value != "" && !validID(id.value) {
			return errInvalidValue(id.value, id.parameter, id.parameter+" can only include alphanumeric and punctuation characters. 1 to 128 in length.")
		}
	}
	if len(out.attributes) > 10 {
		return errInvalidParameter("Number of message attributes [%d] exceeds the allowed maximum [10].", len(out.attributes))
	}
	for _, name := range slices.Sorted(maps.Keys(out.attributes)) {
		if err := checkMessageAttribute(name, out.attributes[name]); err != nil {
			return err
		}
	}
	return nil
}

func checkMessageAttribute(name string, attribute MessageAttribute) error {
	base, _, _ := strings.Cut(attribute.DataType, ".")
	switch {
	case attribute.DataType == "":
		return errInvalidParameter("The message attribute '%s' must contain non-empty message attribute type.", name)
	case base != "String" && base != "Number" && base != "Binary":
		return errInvalidParameter("The message attribute '%s' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.", name)
	case base == "Binary" && len(attribute.BinaryValue) == 0, base != "Binary" && attribute.StringValue == "":
		return errInvalidParameter("The message attribute '%s' must contain non-empty message attribute value for message attribute type '%s'.", name, base)
	case !validText(attribute.StringValue):
		return plain("InvalidMessageContents", "Invalid characters found in the message attribute '%s'.", name)
	}
	return nil
}

// size is what counts against the limit: the body, and names, types and values of the attributes.
func (out outgoing) size() int {
	size := len(out.body)
	for name, attribute := range out.attributes {
		size += len(name) + len(attribute.DataType) + len(attribute.StringValue) + len(attribute.BinaryValue)
	}
	return size
}

// validText says whether SQS takes the text: the characters of XML 1.0, production 2.
func validText(text string) bool {
	for i, r := range text {
		switch {
		case r < 0x20 && r != '\t' && r != '\n' && r != '\r', r == 0xFFFE, r == 0xFFFF:
			return false
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], string(utf8.RuneError)):
			return false // not UTF-8
		}
	}
	return true
}

// validID says whether the text may be a message group or deduplication id.
func validID(id string) bool {
	return len(id) <= 128 && strings.IndexFunc(id, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}
