package fleet

import (
	"math/rand/v2"
	"time"

	"github.com/serverless-ocpp/backend/local/fleet/ledger"
	"github.com/serverless-ocpp/backend/local/fleet/link"
)

// connection is what a station knows of its way to the central system.
//
//	connect ──> Connected ──> boot, unless it is remembered as accepted ──> accepted: everything may be sent
//	   ^            │
//	   └── pause <──┴── Lost, Refused, a planned outage
type connection struct {
	key      string
	up       bool // connected
	accepted bool // by the answer to the last boot; a lost connection does not change it (OCPP-J 1.6 section 5.4)
	booting  bool // a boot is in the outbox
	reason   string
	failures int // handshakes since the last good one
	retry    *entry
	dice     *rand.Rand
}

const (
	firstPause   = time.Second
	longestPause = 30 * time.Second
)

// connect begins a connection.
func (s *Station) connect() {
	s.connection.retry.cancel()
	s.link.Connect(s.ctx, s.target())
}

// online reports whether the central system takes messages.
func (s *Station) online() bool { return s.connection.up && s.connection.accepted }

// happened takes note of what the link tells.
func (s *Station) happened(e link.Event) {
	if !s.link.Current(e) {
		return
	}
	switch e.Kind {
	case link.Connected:
		s.connected()
	case link.Refused:
		s.ledger.Count(func(t *ledger.Totals) { t.Refused++ })
		s.count(true, func(t *Statistics) { t.refused.Add(1) })
		s.connection.failures++
		s.log.Debug("the connection was refused", "status", e.Status, "error", e.Err)
		s.reconnectLater()
	case link.Received:
		s.receive(e.Data)
	case link.Lost:
		s.log.Debug("the connection was lost", "error", e.Err)
		s.disconnected()
		s.reconnectLater()
	}
}

func (s *Station) connected() {
	s.connection.up, s.connection.failures = true, 0
	s.ledger.Count(func(t *ledger.Totals) { t.Connects++ })
	s.count(true, func(t *Statistics) { t.connected.Add(1); t.connects.Add(1) })
	if !s.connection.accepted {
		s.boot("PowerUp")
		return
	}
	for _, c := range s.connectors { // what changed meanwhile was not told (OCPP 2.0.1 part 2, B04)
		s.tellStatus(c, s.now())
	}
}

// disconnected takes note of a connection that has ended, by whomever.
func (s *Station) disconnected() {
	if s.connection.up {
		s.ledger.Count(func(t *ledger.Totals) { t.Losses++ })
		s.count(true, func(t *Statistics) { t.connected.Add(-1); t.losses.Add(1) })
	}
	s.connection.up, s.connection.booting = false, false
	s.answering = answering{}
	s.keepForLater()
}

// reconnectLater waits longer after each failure, and never as long as its neighbours, who lost theirs at the same moment.
func (s *Station) reconnectLater() {
	if s.connection.retry != nil && !s.connection.retry.cancelled && s.connection.retry.at.After(time.Now()) {
		return
	}
	pause := min(firstPause<<min(s.connection.failures, 5), longestPause)
	pause += time.Duration(s.connection.dice.Float64() * float64(pause))
	s.connection.retry = s.wall.add(time.Now().Add(pause), func(time.Time) { s.connect() })
}

// lose ends the connection until the simulated time until.
func (s *Station) lose(clean bool, until time.Time) {
	if clean {
		s.link.Close("going away")
	} else {
		s.link.Drop()
	}
	s.disconnected()
	s.connection.retry.cancel()
	s.agenda.add(until, func(time.Time) {
		if !s.connection.up {
			s.connect()
		}
	})
}

// reconnect drops the connection and makes another at once: with a new key, for one.
func (s *Station) reconnect() {
	s.link.Close("reconnecting")
	s.disconnected()
	s.connect()
}
