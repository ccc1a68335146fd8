package main

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// seenEvery is how often a charge point's last sign of life is written: often enough to tell the living from the dead (the
// console calls a connection silent after three quarters of an hour), and not with every heartbeat: those are most of what a charge
// point says, and each write costs a third of one.
const seenEvery = 29 * time.Minute

// strayEvery is how often a connection that lives without being its charge point's session tries to be it again.
const strayEvery = time.Minute

// memoryLimit keeps an instance that lives long from remembering every connection it ever served.
const memoryLimit = 10_000

// memory is what an instance remembers of connections to save accesses to tables. Forgetting costs an
// access, never a wrong answer.
type memory struct {
	mutex sync.Mutex
	known map[string]*remembered // by connection id
	loads map[string]*load       // by charge point
}

type remembered struct {
	accepted  bool
	seenAt    time.Time
	stray     bool // it was not the session of its charge point
	tolerated int  // violations
	shutOut   bool // it flooded, and was closed
	waits     int  // for a boot under way

	follows      time.Time // the minute in which records follow readings, last
	transactions []string  // of which one did in that minute
}

func (m *memory) of(connectionID string) *remembered {
	if m.known == nil || len(m.known) >= memoryLimit {
		m.known = make(map[string]*remembered)
	}
	entry := m.known[connectionID]
	if entry == nil {
		entry = &remembered{}
		m.known[connectionID] = entry
	}
	return entry
}

func (m *memory) accepted(connectionID string) bool {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return m.of(connectionID).accepted
}

func (m *memory) accept(connectionID string) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.of(connectionID).accepted = true
}

// mayWait tells whether a message of the connection may wait for a boot once more.
func (m *memory) mayWait(connectionID string) bool {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	entry := m.of(connectionID)
	entry.waits++
	return entry.waits <= bootWaits
}

// tolerate counts violations that were tolerated, and returns how many there were on the connection so far.
func (m *memory) tolerate(connectionID string, violations int) int {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	entry := m.of(connectionID)
	entry.tolerated += violations
	return entry.tolerated
}

// transactionsLimit bounds what is remembered of a charge point that reads in more transactions than it has connectors. Those beyond it
// are followed with every reading of that minute.
const transactionsLimit = 100

// mayFollow tells whether the record of a transaction should follow the readings that come now: one message of them is enough for
// the minute in which records follow, however often the charge point reads.
func (m *memory) mayFollow(from connection, transactionID string) bool {
	if transactionID == "" || !transaction.FollowedAt(from.ChargePointID, from.ReceivedAt) {
		return false
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	entry := m.of(from.ID)
	return !entry.follows.Equal(from.ReceivedAt.Truncate(time.Minute)) || !slices.Contains(entry.transactions, transactionID)
}

// followed notes that it will: the journal has the message.
func (m *memory) followed(from connection, transactionID string) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	entry := m.of(from.ID)
	if minute := from.ReceivedAt.Truncate(time.Minute); !entry.follows.Equal(minute) {
		entry.follows, entry.transactions = minute, nil
	}
	if len(entry.transactions) < transactionsLimit {
		entry.transactions = append(entry.transactions, transactionID)
	}
}

// seenNow tells whether a sign of life is due, and takes it as written.
func (m *memory) seenNow(from connection) bool {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	entry := m.of(from.ID)
	if entry.seenAt.IsZero() {
		entry.seenAt = from.ConnectedAt // written when it connected
	}
	every := seenEvery
	if entry.stray {
		every = strayEvery
	}
	if from.ReceivedAt.Sub(entry.seenAt) < every {
		return false
	}
	entry.seenAt = from.ReceivedAt
	return true
}

// noteStray notes whether a connection was just found to be another than its charge point's session.
func (m *memory) noteStray(from connection, stray bool) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	entry := m.of(from.ID)
	entry.stray = stray
	if stray {
		entry.seenAt = from.ReceivedAt // strayEvery counts from here
	}
}

// seen notes a sign of life, after the answer.
func (h *Handler) seen(ctx context.Context, from connection, heard bool) {
	if !h.memory.seenNow(from) {
		return
	}
	err := h.Sessions.Seen(ctx, from.ChargePointID, from.ID, from.ReceivedAt)
	if fault.Is(err, fault.Stale) {
		var restored bool
		if restored, err = h.restore(ctx, from, heard, false); restored {
			err = h.drain(ctx, from)
		}
	} else if err == nil {
		h.memory.noteStray(from, false)
	}
	if err != nil {
		from.log.WarnContext(ctx, "sign of life not written, or the commands that wait are not sent", "error", err)
	}
}

// restore makes a connection the session again that lost it, if there is none. That is so when a newer connection took the session
// and its handshake failed: the charge point stays with this one, a command finds the newer one gone and clears the session, and
// the charge point would be offline until it connects again. Only a message whose answer the gateway just took (heard) restores:
// of a connection that ended meanwhile nobody tells the end once more. While another holds the session, each instance that knows of
// it tries again with a message every minute.
func (h *Handler) restore(ctx context.Context, from connection, heard, booted bool) (restored bool, err error) {
	h.memory.noteStray(from, true)
	if !heard {
		return false, nil
	}
	session := chargepoint.Session{ConnectionID: from.ID, Protocol: string(from.Version), ConnectedAt: from.ConnectedAt, Open: booted}
	switch err := h.Sessions.Restore(ctx, from.ChargePointID, session, from.ReceivedAt); fault.CodeOf(err) {
	case "":
		h.memory.noteStray(from, false)
		from.log.WarnContext(ctx, "the charge point had no session, though this connection lives; it is the session again")
		return true, nil
	case fault.Stale:
		return false, nil
	default:
		return false, err
	}
}
