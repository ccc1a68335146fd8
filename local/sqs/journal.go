package sqs

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/serverless-ocpp/backend/local/durable"
)

// journal stages a queue's changes for its store, in their order, while the queue is locked; whoever made them takes the
// receipt and waits for it after unlocking. Without a store it does nothing.
type journal struct {
	store    *durable.Store
	messages durable.Bucket // sequence -> keptMessage
	receives durable.Bucket // sequence -> keptReceive, of messages that were received
	window   durable.Bucket // group and deduplication id -> sent
	changes  []durable.Change
}

func newJournal(store *durable.Store, queue string) journal {
	if store == nil {
		return journal{}
	}
	return journal{
		store:    store,
		messages: store.Bucket("messages/" + queue),
		receives: store.Bucket("receives/" + queue),
		window:   store.Bucket("window/" + queue),
	}
}

// keptMessage is what never changes of a message.
type keptMessage struct {
	ID              string
	Body            string
	Attributes      map[string]MessageAttribute `json:",omitempty"`
	TraceHeader     string                      `json:",omitempty"`
	SenderID        string                      `json:",omitempty"`
	GroupID         string                      `json:",omitempty"`
	DeduplicationID string                      `json:",omitempty"`
	DeadLetterOf    string                      `json:",omitempty"`
	SentAt          time.Time
	EarlierReceives int       `json:",omitempty"`
	FirstReceivedAt time.Time `json:",omitzero"` // in an earlier queue
	DelayedUntil    time.Time `json:",omitzero"`
}

// keptReceive is what each receive changes of a message.
type keptReceive struct {
	InFlight        bool
	Until           time.Time
	ReceivedAt      time.Time
	FirstReceivedAt time.Time
	Receives        int
	ReceiptNumber   int
}

// keptSent is an entry of the deduplication window.
type keptSent struct {
	Key  dedupKey
	Sent sent
}

func (j *journal) added(m *message) {
	if j.store == nil {
		return
	}
	kept := keptMessage{
		ID: m.id, Body: m.body, Attributes: m.attributes, TraceHeader: m.traceHeader, SenderID: m.senderID,
		GroupID: m.groupID, DeduplicationID: m.deduplicationID, DeadLetterOf: m.deadLetterOf,
		SentAt: m.sentAt, EarlierReceives: m.earlierReceives, FirstReceivedAt: m.firstReceivedAt,
	}
	if m.state == delayed {
		kept.DelayedUntil = m.until
	}
	j.changes = append(j.changes, j.messages.PutChange(m.sequence.String(), encode(kept)))
}

func (j *journal) received(m *message) {
	if j.store == nil {
		return
	}
	j.changes = append(j.changes, j.receives.PutChange(m.sequence.String(), encode(keptReceive{
		InFlight: m.state == inFlight, Until: m.until, ReceivedAt: m.receivedAt, FirstReceivedAt: m.firstReceivedAt,
		Receives: m.receives, ReceiptNumber: m.receiptNumber,
	})))
}

func (j *journal) deleted(m *message) {
	if j.store == nil {
		return
	}
	j.changes = append(j.changes, j.messages.DeleteChange(m.sequence.String()))
	if m.receives > 0 {
		j.changes = append(j.changes, j.receives.DeleteChange(m.sequence.String()))
	}
}

func (j *journal) remembered(key dedupKey, s sent) {
	if j.store == nil {
		return
	}
	j.changes = append(j.changes, j.window.PutChange(s.Sequence.String(), encode(keptSent{key, s})))
}

func (j *journal) forgotten(gone []sent) {
	if j.store == nil {
		return
	}
	for _, s := range gone {
		j.changes = append(j.changes, j.window.DeleteChange(s.Sequence.String()))
	}
}

// stage hands the changes to the store, together with those of other journals.
func (j *journal) stage(more ...durable.Change) durable.Receipt {
	if j.store == nil {
		return durable.Receipt{}
	}
	changes := append(j.changes, more...)
	j.changes = nil
	return j.store.Stage(changes...)
}

// taken returns the changes so far, for the journal of another queue to stage them with its own.
func (j *journal) taken() []durable.Change {
	changes := j.changes
	j.changes = nil
	return changes
}

// encode cannot fail: the types that are kept hold nothing that JSON does not know.
func encode(value any) []byte {
	data, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Sprintf("cannot encode %T: %v", value, err))
	}
	return data
}

// durably waits for staged changes.
func durably(receipt durable.Receipt) error {
	if err := receipt.Wait(); err != nil {
		return errInternal(err)
	}
	return nil
}
