package fleet

// setOperative changes whether connectors may be used: at once, or, with scheduled, when the car that charges has left.
// after tells the new states.
func (s *Station) setOperative(connectors []*connector, operative bool) (scheduled bool, after func()) {
	for _, c := range connectors {
		c.inoperative = !operative
		if c.session != nil && !operative {
			scheduled = true
		}
	}
	return scheduled, func() {
		for _, c := range connectors {
			if c.session == nil {
				s.rest(c, s.now())
			}
		}
	}
}
