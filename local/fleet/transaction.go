package fleet

import (
	"fmt"
	"math"
	"time"

	"github.com/serverless-ocpp/backend/local/fleet/ledger"
	"github.com/serverless-ocpp/backend/local/fleet/plan"
)

// transaction is one that was begun.
type transaction struct {
	number        int    // in the ledger
	id            string // "" until 1.6 is told it
	connector     *connector
	token         string
	remoteStartID int
	reservationID int
	startedAt     time.Time
	seqNo         int // of the next event (2.x)
	ended         bool
	readings      []reading // at the beginning and the end: 1.6 sends them with the stop
	paused        state     // suspendedEV or suspendedEVSE while no energy flows
}

// reading is what the meter shows at a moment.
type reading struct {
	at         time.Time
	context    readingContext
	registerWh int
	powerW     float64
	soc        float64 // percent
	phases     int     // 0 is DC
	signed     string  // OCMF text; "" where the meter does not sign
}

// readingContext is spelled alike in all versions.
type readingContext string

const (
	atBegin   readingContext = "Transaction.Begin"
	atEnd     readingContext = "Transaction.End"
	periodic  readingContext = "Sample.Periodic"
	triggered readingContext = "Trigger"
)

// startCause and stopCause are spelled by the dialects.
type startCause int

const (
	startLocal startCause = iota
	startRemote
)

type stopCause int

const (
	stopLocal stopCause = iota
	stopRemote
	stopSoftReset
	stopHardReset
	stopDeauthorized
	stopUnlock
)

// start is how a transaction begins.
type start struct {
	at            time.Time
	trigger       startCause
	remoteStartID int
}

// start begins the transaction of a session.
func (s *Station) start(c *connector, how start) *transaction {
	session := c.session
	session.metered = how.at
	s.started++
	tx := &transaction{connector: c, token: session.Token.ID, remoteStartID: how.remoteStartID, startedAt: how.at}
	if c.reservation != nil {
		tx.reservationID = c.reservation.id
		s.endReservation(c, "", how.at)
	}
	tx.id = s.dialect.transactionID(fmt.Sprintf("%016x-%d", plan.Hash(s.config.Seed, s.config.ID, "transaction", how.at.String()), s.started))
	session.tx = tx
	begin := s.read(c, how.at, atBegin)
	tx.readings = append(tx.readings, begin)
	tx.number = s.ledger.Begin(ledger.Transaction{
		ID: tx.id, Connector: c.number, IDToken: tx.token, RemoteStartID: tx.remoteStartID, ReservationID: tx.reservationID,
		StartedAt: how.at, MeterStartWh: begin.registerWh, Readings: 1,
	})
	s.count(true, func(t *Statistics) { t.charging.Add(1); t.begun.Add(1) })
	m := s.dialect.started(s, tx, begin, how)
	m.kept = true
	m.done = func(a answer) {
		if a.err == nil {
			s.startAnswered(tx, a)
		}
	}
	s.tell(m)
	s.become(c, charging, how.at)
	s.sampleNext(c, tx, how.at)
	return tx
}

func (s *Station) startAnswered(tx *transaction, a answer) {
	if id := s.dialect.givenID(a.payload); id != "" {
		tx.id = id
	}
	s.ledger.Update(tx.number, func(t *ledger.Transaction) { t.ID, t.StartAnswered = tx.id, true })
	s.deauthorized(tx, a.payload)
}

// sampleNext enters the next periodic reading.
func (s *Station) sampleNext(c *connector, tx *transaction, after time.Time) {
	every := s.settings.seconds(s.dialect.names().sampleInterval, 0)
	if every == 0 {
		return
	}
	c.session.sampling = s.agenda.add(after.Add(every), func(at time.Time) {
		s.sample(c, tx, at, periodic)
		s.sampleNext(c, tx, at)
	})
}

// sample tells what the meter shows, and whether energy still flows.
func (s *Station) sample(c *connector, tx *transaction, at time.Time, context readingContext) {
	r := s.read(c, at, context)
	s.ledger.Update(tx.number, func(t *ledger.Transaction) { t.Readings++ })
	now := state("")
	if r.powerW == 0 {
		now = suspendedEV
		if c.session.soc < c.session.Target {
			now = suspendedEVSE
		}
	}
	changed := now != tx.paused
	tx.paused = now
	m := s.dialect.updated(s, tx, r, changed)
	m.kept = true
	s.tell(m)
	if !changed {
		return
	}
	if now == "" {
		now = charging
	}
	s.become(c, now, at)
}

// end ends a transaction.
func (s *Station) end(tx *transaction, why stopCause, at time.Time) {
	c := tx.connector
	c.session.sampling.cancel()
	at = maxTime(at, c.session.metered)
	r := s.read(c, at, atEnd)
	tx.readings = append(tx.readings, r)
	tx.ended = true
	m := s.dialect.ended(s, tx, r, why)
	m.kept = true
	m.done = func(a answer) {
		if a.err == nil {
			s.ledger.Update(tx.number, func(t *ledger.Transaction) { t.EndAnswered = true })
		}
	}
	s.ledger.Update(tx.number, func(t *ledger.Transaction) {
		t.EndedAt, t.MeterStopWh, t.Reason = at, r.registerWh, s.dialect.reason(why)
		t.Readings++
	})
	s.count(true, func(t *Statistics) {
		t.charging.Add(-1)
		t.ended.Add(1)
		t.energyWh.Add(int64(r.registerWh - tx.readings[0].registerWh))
	})
	s.tell(m)
}

// read reads the meter of a connector; one without a car gives no power.
func (s *Station) read(c *connector, at time.Time, context readingContext) reading {
	r := reading{at: at, context: context, phases: s.charger.Phases}
	if session := c.session; session != nil && session.tx != nil {
		s.advance(c, at)
		if context != atEnd {
			r.powerW = math.Round(plan.Power(s.charger, session.Car, session.soc, s.limit(c, at)))
		}
		r.soc = math.Round(session.soc * 100)
	}
	r.registerWh = c.register()
	if s.charger.Signed && (context == atBegin || context == atEnd) {
		r.signed = s.sign(c, r)
	}
	return r
}

// transaction finds a running one by its id.
func (s *Station) transaction(id string) *transaction {
	for _, c := range s.connectors {
		if c.session != nil && c.session.tx != nil && !c.session.tx.ended && c.session.tx.id == id {
			return c.session.tx
		}
	}
	return nil
}

func maxTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
