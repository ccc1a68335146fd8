package sqs

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// dedupWindow is how long a deduplication id is remembered; see "Exactly-once processing in Amazon SQS" in the
// SQS Developer Guide. It begins with the first message and is not renewed by repetitions.
const dedupWindow = 5 * time.Minute

// dedup remembers the deduplication ids of a FIFO queue.
type dedup struct {
	sent  map[dedupKey]sent
	order []dedupKey // by their time
}

// dedupKey is a deduplication id, within its group when the queue's DeduplicationScope is messageGroup.
type dedupKey struct{ Group, ID string }

// sent is what the sender of a message was told.
type sent struct {
	MessageID string
	Sequence  sequence
	At        time.Time
}

func newDedup() dedup { return dedup{sent: make(map[dedupKey]sent)} }

// seen returns what was sent with this key within the window.
func (d *dedup) seen(key dedupKey, now time.Time) (sent, bool) {
	s, ok := d.sent[key]
	return s, ok && now.Sub(s.At) < dedupWindow
}

func (d *dedup) remember(key dedupKey, s sent) {
	d.sent[key] = s
	d.order = append(d.order, key)
}

// expire forgets what was sent before the window and returns it.
func (d *dedup) expire(now time.Time) (gone []sent) {
	for len(d.order) > 0 {
		key := d.order[0]
		if now.Sub(d.sent[key].At) < dedupWindow {
			break
		}
		d.order = d.order[1:]
		gone = append(gone, d.sent[key])
		delete(d.sent, key)

	}
	return gone
}

// contentID is the deduplication id of a body in a queue with ContentBasedDeduplication.
func contentID(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:])
}
