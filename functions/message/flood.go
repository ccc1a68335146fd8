package main

import (
	"context"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/metric"
)

// A charge point waits for the answer to one CALL before it sends the next (OCPP-J 1.6 section 4.1.1; OCPP 2.0.1 part 4
// section 4.1.1), and so cannot send more than is answered. Many send a handful at once, after a boot or an
// outage. One that sends thousands without waiting is broken or hostile, and takes from all others what they share: the
// gateway's 10,000 requests a second and the account's functions.
//
// Lambda gives each message that comes meanwhile to another instance, so that no instance sees a flood. But all together they are
// busy for longer than time passes, which no charge point that waits can cause. Each instance adds up what a charge point costs it. Of
// one that sends much it adds that to the charge point's row now and then, and reads there what it costs all of them. Nearly no
// charge point comes that far, and no table is read for the others.
//
// When more messages came unwaited than a burst has, the charge point floods: its messages are not taken and not answered, so that it
// repeats the ones that matter, and the connection is closed. Who waits for answers is never refused, however fast. Who floods is
// not served until it stops, for a second.
const (
	floodBurst     = 1000 // messages sent without waiting: what a charge point kept that was offline for days
	floodPerSecond = 10   // on top of them
	floodRefused   = 25   // what one counts that the journal or the gateway refused
	floodPause     = time.Second

	// An instance keeps to itself what a charge point costs it that sends less than loadRate messages a second and takes less than one
	// in loadShare of its seconds. Of another one it adds to the row at every loadMessages or loadBusy, and sooner by loadWary of
	// one that flooded.
	loadRate     = 50
	loadShare    = 10
	loadMessages = 500
	loadBusy     = time.Second
	loadWary     = 10

	// loadReach is how long a part goes back at most. Each counts as if it went back so far: those that other instances add afterwards
	// began no earlier, so that what is added up lies within the time that passes.
	loadReach = 10 * time.Second
)

// load is what an instance knows of how much a charge point sends.
type load struct {
	part      chargepoint.Load // not yet in the row
	shutUntil time.Time        // it floods
}

// shut tells whether a charge point floods, which it goes on to do with this message.
func (m *memory) shut(chargePointID string, now time.Time) bool {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	l := m.loads[chargePointID]
	if l == nil || !now.Before(l.shutUntil) {
		return false
	}
	l.shutUntil = now.Add(floodPause)
	return true
}

// shutOff notes that a charge point floods.
func (m *memory) shutOff(chargePointID string, now time.Time) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.loadOf(chargePointID, now).shutUntil = now.Add(floodPause)
}

// worked takes note of a message that was dealt with, and returns the load that is to be added to the charge point's row if
// there is enough of it.
func (m *memory) worked(chargePointID string, asked bool, begun, now time.Time) (part chargepoint.Load, due bool) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	l := m.loadOf(chargePointID, begun)
	if passed := begun.Sub(l.part.Since); passed > time.Second && l.part.Busy < passed/loadShare && float64(l.part.Messages) < loadRate*passed.Seconds() {
		l.part = chargepoint.Load{Since: begun}
	}
	l.part.Messages++
	if !asked {
		l.part.Unasked++
	}
	l.part.Busy += now.Sub(begun)
	messages, busy := loadMessages, loadBusy
	if now.Sub(l.shutUntil) < chargepoint.LoadWindow {
		messages, busy = messages/loadWary, busy/loadWary
	}
	if l.part.Messages < messages && l.part.Busy < busy {
		return part, false
	}
	part, l.part = l.part, chargepoint.Load{Since: now}
	if far := now.Add(-loadReach); far.Before(part.Since) {
		part.Since = far
	}
	return part, true
}

// noteRefusal takes note of an error of the journal or the gateway that says that they take no more at the moment. Of a charge
// point that waits it means nothing, however often.
func (h *Handler) noteRefusal(from connection, err error) {
	if !fault.Is(err, fault.Throttled) {
		return
	}
	h.memory.mutex.Lock()
	defer h.memory.mutex.Unlock()
	h.memory.loadOf(from.ChargePointID, h.Now()).part.Messages += floodRefused - 1
}

func (m *memory) loadOf(chargePointID string, now time.Time) *load {
	if m.loads == nil || len(m.loads) >= memoryLimit {
		m.loads = make(map[string]*load)
	}
	l := m.loads[chargePointID]
	if l == nil {
		l = &load{part: chargepoint.Load{Since: now}}
		m.loads[chargePointID] = l
	}
	return l
}

// weigh adds a part to what the charge point costs all instances, and ends its connection if it floods.
func (h *Handler) weigh(ctx context.Context, from connection, part chargepoint.Load) {
	whole, err := h.Loads.AddLoad(ctx, from.ChargePointID, part)
	if err != nil {
		from.log.WarnContext(ctx, "whether the charge point floods is not known; the next part of its load tells", "error", err)
		return
	}
	now := h.Now()
	if whole.Unwaited(now) <= floodBurst+floodPerSecond*now.Sub(whole.Since).Seconds() {
		return
	}
	h.memory.shutOff(from.ChargePointID, now)
	h.hangUp(ctx, from)
}

// shutOut deals with a message of a charge point that floods: it is counted, and its connection closed by the first.
func (h *Handler) shutOut(ctx context.Context, from connection) {
	h.Metrics.For(from.ChargePointID).Count(metric.Excess, metric.By{})
	h.hangUp(ctx, from)
}

// hangUp closes the connection of a charge point that floods, once.
func (h *Handler) hangUp(ctx context.Context, from connection) {
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
