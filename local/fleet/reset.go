package fleet

import "time"

// rebooting is how long a station is away.
const rebooting = 40 * time.Second

// reset restarts the station: its transactions end, and it comes back with a boot.
func (s *Station) reset(hard bool, bootReason string) {
	why := stopSoftReset
	if hard {
		why = stopHardReset
	}
	for _, c := range s.connectors {
		if c.session != nil {
			s.endSession(c, why, s.now())
		}
	}
	s.tasks.reset = nil
	s.pump() // a soft reset tells what it can before it goes
	s.restart(bootReason)
}

// restart switches the station off and on.
func (s *Station) restart(bootReason string) {
	s.connection.accepted = false
	s.connection.reason = bootReason
	s.lose(true, s.now().Add(rebooting))
}

// resetWhenIdle does so when the last transaction has ended.
func (s *Station) resetWhenIdle(bootReason string) {
	s.tasks.reset = &bootReason
	s.restIfIdle()
}

// restIfIdle does what waits for all cars to have left.
func (s *Station) restIfIdle() {
	if s.tasks.reset != nil && !s.busy() {
		s.reset(false, *s.tasks.reset)
	}
}

// busy reports whether a transaction runs.
func (s *Station) busy() bool {
	for _, c := range s.connectors {
		if c.session != nil && c.session.tx != nil && !c.session.tx.ended {
			return true
		}
	}
	return false
}
