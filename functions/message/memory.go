package main

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// seenEvery is how often a charge point's last sign of life is written: often enough to tell the living from the dead (the
// console calls a connection silent after three quarters of an hour), and not with every heartbeat: those are most of what a charge
// point says, and each write costs a third of one.
const seenEvery = 29 * time.Minute

// memoryLimit keeps an instance that lives long from remembering every connection it ever served.
const memoryLimit = 10_000

// memory is what an instance remembers of connections to save accesses to tables. Forgetting costs an
// access, never a wrong answer.
type memory struct {
	mutex   sync.Mutex
	known   map[string]*remembered // by connection id
	buckets map[string]*bucket     // by charge point
}

type remembered struct {
	accepted  bool
	seenAt    time.Time
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
	if from.ReceivedAt.Sub(entry.seenAt) < seenEvery {
		return false
	}
	entry.seenAt = from.ReceivedAt
	return true
}

// seen notes a sign of life, after the answer.
func (h *Handler) seen(ctx context.Context, from connection) {
	if !h.memory.seenNow(from) {
		return
	}
	err := h.Sessions.Seen(ctx, from.ChargePointID, from.ID, from.ReceivedAt)
	if err != nil && !fault.Is(err, fault.Stale) {
		from.log.WarnContext(ctx, "sign of life not written", "error", err)
	}
}
