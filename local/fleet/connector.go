package fleet

import (
	"time"

	"github.com/serverless-ocpp/backend/local/fleet/plan"
)

// state is what a connector tells, in the finer words of OCPP 1.6; 2.x has fewer.
type state string

const (
	available     state = "Available"
	preparing     state = "Preparing"
	charging      state = "Charging"
	suspendedEV   state = "SuspendedEV"
	suspendedEVSE state = "SuspendedEVSE"
	finishing     state = "Finishing"
	reserved      state = "Reserved"
	unavailable   state = "Unavailable"
)

// connector is a plug, with the meter behind it.
type connector struct {
	number      int
	state       state
	inoperative bool // by ChangeAvailability
	session     *session
	reservation *reservation
	meterWh     float64
}

// newConnector has a meter that has run before.
func newConnector(seed uint64, charger plan.Charger, number int) *connector {
	dice := plan.Dice(seed, charger.ID, "meter", string(rune('0'+number)))
	return &connector{number: number, state: available, meterWh: float64(dice.IntN(5_000_000))}
}

// register is what the meter shows.
func (c *connector) register() int { return int(c.meterWh) }

// free reports whether somebody with that token may plug in.
func (c *connector) free(token string) bool {
	return c.session == nil && !c.inoperative && (c.reservation == nil || c.reservation.admits(token))
}

// connector returns a connector by its number; nil if there is none.
func (s *Station) connector(number int) *connector {
	if number < 1 || number > len(s.connectors) {
		return nil
	}
	return s.connectors[number-1]
}

// selected returns the connectors that a command is about: 0 is all.
func (s *Station) selected(number int) []*connector {
	if number == 0 {
		return s.connectors
	}
	if c := s.connector(number); c != nil {
		return []*connector{c}
	}
	return nil
}

// become changes a connector's state and tells it.
func (s *Station) become(c *connector, to state, at time.Time) {
	if c.state == to {
		return
	}
	c.state = to
	if hook := s.config.Hooks.State; hook != nil {
		hook(s.config.ID, c.number, string(to))
	}
	s.tellStatus(c, at)
}

// rest is the state of a connector at which nobody is.
func (s *Station) rest(c *connector, at time.Time) {
	switch {
	case c.inoperative:
		s.become(c, unavailable, at)
	case c.reservation != nil:
		s.become(c, reserved, at)
	default:
		s.become(c, available, at)
	}
}

func (s *Station) tellStatus(c *connector, at time.Time) { s.tell(s.dialect.status(c, at)) }
