package sqs

import (
	"container/list"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// MessageAttribute is a value that a sender put beside the body. DataType is String, Number or Binary, with an optional
// label of the sender's own ("Number.int").
type MessageAttribute struct {
	DataType    string
	StringValue string `json:",omitempty"`
	BinaryValue []byte `json:",omitempty"`
}

// Message is a message as a receiver gets it.
type Message struct {
	ID            string
	ReceiptHandle string
	Body          string
	MD5OfBody     string
	// Attributes are those of the system: SentTimestamp, ApproximateReceiveCount, MessageGroupId, …
	Attributes             map[string]string
	MessageAttributes      map[string]MessageAttribute
	MD5OfMessageAttributes string // empty when there are none
}

// state is where a message stands; see the drawing at the package comment.
type state uint8

const (
	delayed state = iota
	visible
	inFlight
)

// message is a message in a queue. All of it is guarded by the queue's lock, but the body and what else the sender
// gave never changes.
type message struct {
	id              string
	sequence        sequence
	body            string
	attributes      map[string]MessageAttribute
	traceHeader     string
	senderID        string
	groupID         string
	deduplicationID string
	deadLetterOf    string // ARN of the queue it was a dead letter of
	sentAt          time.Time

	state           state
	until           time.Time // end of the delay or of the visibility timeout
	receivedAt      time.Time // last time
	firstReceivedAt time.Time
	receives        int // in this queue, which the redrive policy counts
	earlierReceives int // in the queues before this one
	receiptNumber   int // of the latest receipt handle; 0 when there was none

	timerIndex int           // in queue.waiting
	lineIndex  int           // in standardLine
	element    *list.Element // in the group of a fifoLine
}

// sequence numbers the messages of a queue in their order. It is also the key under which a message is kept.
type sequence uint64

// String gives the 20 digits of the SequenceNumber attribute.
func (n sequence) String() string { return fmt.Sprintf("1%019d", uint64(n)) }

// receiptHandle is what a receiver must show to delete the message, or to change its visibility.
func (m *message) receiptHandle() string {
	return base64.StdEncoding.EncodeToString([]byte(m.id + " " + strconv.Itoa(m.receiptNumber)))
}

// parseHandle takes a receipt handle apart; see receiptHandle.
func parseHandle(handle string) (id string, receiptNumber int, err error) {
	text, decodeErr := base64.StdEncoding.DecodeString(handle)
	id, number, found := strings.Cut(string(text), " ")
	receiptNumber, numberErr := strconv.Atoi(number)
	if decodeErr != nil || !found || numberErr != nil {
		return "", 0, errInvalidHandle(handle)
	}
	return id, receiptNumber, nil
}

// public renders the message as it is at this receive.
func (m *message) public() Message {
	out := Message{
		ID:            m.id,
		ReceiptHandle: m.receiptHandle(),
		Body:          m.body,
		MD5OfBody:     md5Hex(m.body),
		Attributes: map[string]string{
			"SenderId":                         m.senderID,
			"SentTimestamp":                    millis(m.sentAt),
			"ApproximateReceiveCount":          strconv.Itoa(m.earlierReceives + m.receives),
			"ApproximateFirstReceiveTimestamp": millis(m.firstReceivedAt),
		},
		MessageAttributes: m.attributes,
	}
	if len(m.attributes) > 0 {
		out.MD5OfMessageAttributes = md5OfAttributes(m.attributes)
	}
	for name, value := range map[string]string{
		"AWSTraceHeader":           m.traceHeader,
		"DeadLetterQueueSourceArn": m.deadLetterOf,
		"MessageDeduplicationId":   m.deduplicationID,
		"MessageGroupId":           m.groupID,
	} {
		if value != "" {
			out.Attributes[name] = value
		}
	}
	if m.deduplicationID != "" {
		out.Attributes["SequenceNumber"] = m.sequence.String()
	}
	return out
}

func millis(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }

func md5Hex(text string) string {
	sum := md5.Sum([]byte(text))
	return hex.EncodeToString(sum[:])
}

// parseSequence reads what sequence.String wrote.
func parseSequence(text string) (sequence, error) {
	n, err := strconv.ParseUint(strings.TrimPrefix(text, "1"), 10, 64)
	if err != nil || len(text) != 20 {
		return 0, fmt.Errorf("%q is no sequence number", text)
	}
	return sequence(n), nil
}
