package fleet

import (
	"strings"
	"time"
)

// reservation keeps a connector for a token.
type reservation struct {
	id      int
	token   string
	expires *entry
}

func (r *reservation) admits(token string) bool { return strings.EqualFold(r.token, token) }

// reserve keeps a connector until expires; number 0 leaves the choice to the station. word is a status of ReserveNow, spelled
// alike in all versions; after tells of it.
func (s *Station) reserve(id, number int, token string, expires time.Time) (word string, after func()) {
	candidates := s.selected(number)
	if len(candidates) == 0 || !expires.After(s.now()) {
		return rejected, nil
	}
	word = "Occupied"
	for _, c := range candidates {
		switch {
		case c.inoperative:
			word = "Unavailable"
		case c.session == nil && (c.reservation == nil || c.reservation.id == id):
			return accepted, func() {
				s.dropReservation(id)
				r := &reservation{id: id, token: token}
				r.expires = s.agenda.add(expires, func(at time.Time) { s.endReservation(c, "Expired", at) })
				c.reservation = r
				s.rest(c, s.now())
			}
		}
	}
	return word, nil
}

// reservedBy finds the connector that a reservation keeps.
func (s *Station) reservedBy(id int) *connector {
	for _, c := range s.connectors {
		if c.reservation != nil && c.reservation.id == id {
			return c
		}
	}
	return nil
}

// dropReservation takes a reservation back without telling why: it was asked for.
func (s *Station) dropReservation(id int) {
	if c := s.reservedBy(id); c != nil {
		s.endReservation(c, "", s.now())
		if c.session == nil {
			s.rest(c, s.now())
		}
	}
}

// endReservation frees a connector; word says why to the versions that ask, "" nothing.
func (s *Station) endReservation(c *connector, word string, at time.Time) {
	id := c.reservation.id
	c.reservation.expires.cancel()
	c.reservation = nil
	if word == "" {
		return
	}
	if m := s.dialect.reservationEnded(id, word); m != nil {
		s.tell(m)
	}
	if c.session == nil {
		s.rest(c, at)
	}
}
