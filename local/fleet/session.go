package fleet

import (
	"encoding/json"
	"time"

	"github.com/serverless-ocpp/backend/local/fleet/plan"
)

// session is a car that is plugged in.
//
//	arrive ──> present ──> authorized ──> begin ──> sample … ──> endSession ──> unplug
//	                 └───> refused: the driver gives up ──────────────────────────^
type session struct {
	plan.Visit
	soc      float64
	metered  time.Time // until when the energy is counted
	token    permission
	tx       *transaction
	sampling *entry
	due      *entry // presenting, starting or leaving, whatever is next
}

// permission is what is known of a driver's token.
type permission int

const (
	asked permission = iota
	granted
	refused
)

const (
	fumbling   = 15 * time.Second // from the end of charging to the car's departure
	impatience = 30 * time.Second // of a driver whose token was refused
)

// arrive plugs a car in, if it finds room.
func (s *Station) arrive(visit plan.Visit, at time.Time) {
	c := s.connector(visit.Connector)
	if c == nil || !c.free(visit.Token.ID) || s.tasks.updating() {
		return // drives on
	}
	c.session = &session{Visit: visit, soc: visit.SoC}
	s.become(c, preparing, at)
	c.session.due = s.agenda.add(visit.Presents, func(at time.Time) { s.present(c) })
}

// present asks the central system about the token. What is on the local list, or asked without connection, is taken.
func (s *Station) present(c *connector) {
	session := c.session
	session.due = s.agenda.add(session.Starts, func(at time.Time) { s.ready(c, session) })
	if word, listed := s.local.status(session.Token.ID); listed {
		session.token = refused
		if word == accepted {
			session.token = granted
		}
		return
	}
	m := s.dialect.authorize(session.Token.ID)
	m.done = func(a answer) {
		session.token = granted
		if a.err == nil && s.dialect.authorization(a.payload) != accepted {
			session.token = refused
		}
		if session.due == nil { // the driver waits for the answer
			s.ready(c, session)
		}
	}
	s.tell(m)
}

// ready begins charging at the planned moment if the token is good; an answer that is late does not move that moment.
func (s *Station) ready(c *connector, session *session) {
	session.due = nil
	if c.session != session || session.tx != nil {
		return
	}
	switch session.token {
	case asked: // the answer calls again
	case granted:
		s.start(c, start{at: session.Starts, trigger: startLocal})
		session.due = s.agenda.add(session.Leaves, func(at time.Time) { s.endSession(c, stopLocal, at) })
	case refused:
		session.due = s.agenda.add(session.Starts.Add(impatience), func(at time.Time) { s.unplug(c, at) })
	}
}

// deauthorized ends a session whose token the central system refused after charging had begun.
func (s *Station) deauthorized(tx *transaction, payload json.RawMessage) {
	word := s.dialect.authorization(payload)
	if word == "" || word == accepted || tx.ended {
		return
	}
	s.endSession(tx.connector, stopDeauthorized, s.now())
}

// endSession ends charging; the car drives off a moment later.
func (s *Station) endSession(c *connector, why stopCause, at time.Time) {
	session := c.session
	if session == nil {
		return
	}
	session.due.cancel()
	if session.tx != nil && !session.tx.ended {
		s.end(session.tx, why, at)
		s.become(c, finishing, at)
	}
	session.due = s.agenda.add(at.Add(fumbling), func(at time.Time) { s.unplug(c, at) })
}

// unplug frees the connector.
func (s *Station) unplug(c *connector, at time.Time) {
	c.session = nil
	s.rest(c, at)
	s.restIfIdle()
}

// advance counts the energy until at. Limits change at most every minute.
func (s *Station) advance(c *connector, at time.Time) {
	const resolution = time.Minute
	session := c.session
	for session.metered.Before(at) {
		slice := min(resolution, at.Sub(session.metered))
		energy, soc := plan.Charge(s.charger, session.Car, session.soc, s.limit(c, session.metered), slice)
		c.meterWh += energy
		session.soc = soc
		session.metered = session.metered.Add(slice)
	}
}
