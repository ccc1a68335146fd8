package main

import (
	"context"
	"time"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/metric"
)

// A charge point waits for the answer to one CALL before it sends the next (OCPP-J 1.6 section 4.1.1; OCPP 2.0.1 part 4
// section 4.1.1), and so cannot send more than is answered. Many send a handful at once, after a boot or an
// outage. One that sends thousands without waiting is broken or hostile, and takes from all others what they share: the
// gateway's 10,000 requests a second and the account's functions.
//
// No table is read to find out. An instance notices by itself what no charge point that waits can cause: a message that the
// gateway received before the one in front of it was dealt with. Each takes tokens from a bucket that the charge point has in
// this instance, and more when the journal or the gateway takes no more. When it is empty the charge point floods:
// its messages are not taken and not answered, so that it repeats the ones that matter, and the connection is
// closed. With the next one it starts where it was: the bucket is the charge point's, not the connection's.
//
// So who waits for answers is never refused, however fast. Who floods is not served until it stops, for a second.
const (
	floodBurst     = 1000 // messages sent without waiting: what a charge point kept that was offline for days
	floodPerSecond = 10   // on top of them; it is also the most debt there is
	floodRefused   = 25   // tokens of one that the journal or the gateway refused: it held this instance for a second

	// clockSkew is how far the clocks of the gateway, which tells milliseconds, and of the function may be apart. Messages of
	// one millisecond count once, which is more than enough of a flood and nothing of an event that is sent again by hand.
	clockSkew = 10 * time.Millisecond
)

// bucket is what an instance knows of how much a charge point sends.
type bucket struct {
	tokens float64
	filled time.Time

	// The last message: when it came, when it was dealt with, and whether the charge point had waited before it.
	received, dealt time.Time
	waited          bool
}

// floods takes note of a message, and tells whether its charge point floods.
func (m *memory) floods(from connection, now time.Time) bool {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	b := m.bucketOf(from.ChargePointID, now)
	b.waited = !from.ReceivedAt.After(b.received) || !from.ReceivedAt.Before(b.dealt.Add(-clockSkew))
	if !b.waited {
		b.take(1)
	}
	return b.tokens < 0
}

// dealt notes when a message was dealt with.
func (m *memory) dealt(from connection, now time.Time) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	b := m.bucketOf(from.ChargePointID, now)
	b.received, b.dealt = from.ReceivedAt, now
}

// noteRefusal takes note of an error of the journal or the gateway that says that they take no more at the moment. A charge
// point that waits has no part in that.
func (h *Handler) noteRefusal(from connection, err error) {
	if !fault.Is(err, fault.Throttled) {
		return
	}
	h.memory.mutex.Lock()
	defer h.memory.mutex.Unlock()
	if b := h.memory.bucketOf(from.ChargePointID, h.Now()); !b.waited {
		b.take(floodRefused)
	}
}

// bucketOf is filled up to now.
func (m *memory) bucketOf(chargePointID string, now time.Time) *bucket {
	if m.buckets == nil || len(m.buckets) >= memoryLimit {
		m.buckets = make(map[string]*bucket)
	}
	b := m.buckets[chargePointID]
	if b == nil {
		b = &bucket{tokens: floodBurst, filled: now}
		m.buckets[chargePointID] = b
	}
	b.tokens = min(floodBurst, b.tokens+floodPerSecond*now.Sub(b.filled).Seconds())
	b.filled = now
	return b
}

// take leaves no more debt than a second pays back.
func (b *bucket) take(tokens float64) { b.tokens = max(b.tokens-tokens, -floodPerSecond) }

// shutOut deals with a message of a charge point that floods: it is counted, and its connection closed by the first.
func (h *Handler) shutOut(ctx context.Context, from connection) {
	h.Metrics.For(from.ChargePointID).Count(metric.Excess, metric.By{})
	if !h.memory.firstShutOut(from.ID) {
		return
	}
	from.log.WarnContext(ctx, "the charge point floods: it sends without waiting for answers; its messages are dropped and the connection is closed, which is said once for the connection")
	if err := h.Answers.Close(ctx, from.ID); err != nil {
		from.log.WarnContext(ctx, "the connection of a charge point that floods could not be closed; its next message tries again", "error", err)
		h.memory.letIn(from.ID)
	}
}

// firstShutOut is true once for a connection.
func (m *memory) firstShutOut(connectionID string) bool {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	entry := m.of(connectionID)
	first := !entry.shutOut
	entry.shutOut = true
	return first
}

// letIn undoes firstShutOut.
func (m *memory) letIn(connectionID string) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.of(connectionID).shutOut = false
}
