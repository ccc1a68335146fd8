package fleet

import (
	"time"

	"github.com/serverless-ocpp/backend/local/fleet/plan"
)

// begin enters the first day and switches the station on. What comes before it is on is not for it: an outage would make a
// connection beside the first.
func (s *Station) begin() {
	now := s.config.Clock.start
	on := maxTime(s.config.Boots, now)
	s.agenda.add(on, func(time.Time) { s.connect() })
	s.enterDay(now, on)
}

// enterDay enters what the plan has for the day of at, as far as it is not before from, and the day after it.
func (s *Station) enterDay(at, from time.Time) {
	for _, visit := range plan.Visits(s.config.Seed, s.charger, at, s.config.Visits, s.config.Tokens) {
		if !visit.Arrives.Before(from) {
			s.agenda.add(visit.Arrives, func(at time.Time) {
				if !s.calm {
					s.arrive(visit, at)
				}
			})
		}
	}
	for _, outage := range plan.Outages(s.config.Seed, s.config.ID, at, s.config.Outages) {
		if !outage.At.Before(from) {
			s.agenda.add(outage.At, func(at time.Time) {
				if !s.calm {
					s.lose(outage.Clean, at.Add(outage.For))
				}
			})
		}
	}
	tomorrow := at.Truncate(24 * time.Hour).Add(24 * time.Hour)
	s.agenda.add(tomorrow, func(at time.Time) { s.enterDay(at, at) })
}

// finish ends what is going on: the run is over.
func (s *Station) finish() {
	s.finishing = true
	s.agenda = agenda{} // nobody comes any more
	for _, c := range s.connectors {
		if c.session != nil {
			s.endSession(c, stopLocal, s.now())
		}
	}
	if !s.connection.up && !s.quiet() {
		s.connect() // the end of an outage has been taken off the agenda
	}
}

// quiet reports whether everything that the central system must know is answered.
func (s *Station) quiet() bool {
	return s.outbox.open == nil && len(s.outbox.waiting) == 0
}

// leaveLimit is how long the other side may take to agree to a close; it does so at once or not at all.
const leaveLimit = 2 * time.Second

func (s *Station) leave() {
	wasOnline := s.connection.up
	s.connection.up = false
	s.count(wasOnline, func(t *Statistics) { t.connected.Add(-1) })
	select {
	case <-s.link.Close("the charge point is switched off"):
	case <-time.After(leaveLimit):
	}
}
