package fleet

import (
	"time"

	"github.com/serverless-ocpp/backend/local/fleet/plan"
)

// remoteStart begins charging as the central system wants it; number 0 leaves the connector to the station. after begins
// it when the answer is sent; it is nil when there is no free connector, or the station is about to be switched off.
func (s *Station) remoteStart(number int, token string, remoteStartID int, profile *profile) (c *connector, after func()) {
	if s.finishing {
		return nil, nil
	}
	for _, candidate := range s.selected(number) {
		plugged := candidate.session != nil && candidate.session.tx == nil
		if (plugged && !candidate.inoperative || candidate.free(token)) && !s.tasks.updating() {
			c = candidate
			break
		}
	}
	if c == nil {
		return nil, nil
	}
	return c, func() {
		at := s.now()
		if c.session == nil { // somebody comes with a car
			guest := plan.Guest(s.config.Seed, s.charger, c.number, at, token)
			c.session = &session{Visit: guest, soc: guest.SoC}
			s.become(c, preparing, at)
		}
		session := c.session
		session.due.cancel()
		session.Token, session.token = plan.Token{ID: token}, granted
		tx := s.start(c, start{at: at, trigger: startRemote, remoteStartID: remoteStartID})
		if profile != nil {
			profile.tx = tx
			s.profiles.put(s, c.number, profile)
		}
		session.due = s.agenda.add(maxTime(session.Leaves, at), func(at time.Time) { s.endSession(c, stopLocal, at) })
	}
}

// remoteStop ends a transaction; after is nil when there is none of that id.
func (s *Station) remoteStop(id string) (after func()) {
	tx := s.transaction(id)
	if tx == nil {
		return nil
	}
	return func() {
		if !tx.ended {
			s.endSession(tx.connector, stopRemote, s.now())
		}
	}
}

// unlock opens the latch of a connector, which ends its session.
func (s *Station) unlock(c *connector) {
	if c.session == nil {
		return
	}
	s.endSession(c, stopUnlock, s.now())
}
