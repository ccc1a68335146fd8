package fleet

import (
	"encoding/json"
	"strconv"
	"time"
)

// firmwareVersion is what a station comes with; an update counts on.
const firmwareVersion = "1.0.0"

// bootAgain is how long a station waits that is not accepted and was not told how long.
const bootAgain = time.Minute

// boot says hello, and again until it is accepted.
func (s *Station) boot(reason string) {
	if s.connection.booting {
		return
	}
	s.connection.booting = true
	if s.connection.reason != "" { // a reset says why it boots
		reason = s.connection.reason
	}
	m := s.dialect.boot(s, reason)
	m.done = s.booted
	s.tell(m)
}

func (s *Station) booted(a answer) {
	s.connection.booting = false
	wait := bootAgain
	if a.err == nil {
		var told registration
		if err := json.Unmarshal(a.payload, &told); err != nil {
			s.odd("an answer to a boot that cannot be read", "error", err)
		}
		if told.Interval > 0 {
			wait = time.Duration(told.Interval) * time.Second
		}
		if told.Status == accepted {
			s.acceptedBy(told)
			return
		}
		s.connection.accepted = false
	}
	if !s.connection.up {
		return // the next connection boots
	}
	s.agenda.add(s.now().Add(wait), func(time.Time) {
		if s.connection.up && !s.connection.accepted {
			s.boot("PowerUp")
		}
	})
}

// acceptedBy begins what a charge point does that the central system has accepted.
func (s *Station) acceptedBy(told registration) {
	s.connection.accepted, s.connection.reason = true, ""
	if told.Interval > 0 {
		s.settings.put(s.dialect.names().heartbeatInterval, strconv.Itoa(told.Interval))
	}
	for _, c := range s.connectors {
		s.tellStatus(c, s.now())
	}
	s.tasks.reportInstalled(s)
	s.tasks.beat.cancel()
	s.beatNext(s.now())
}

// beatNext enters the next heartbeat. One that is due without connection is left out.
func (s *Station) beatNext(after time.Time) {
	every := s.settings.seconds(s.dialect.names().heartbeatInterval, 5*time.Minute)
	if every == 0 {
		return
	}
	s.tasks.beat = s.agenda.add(after.Add(every), func(at time.Time) {
		s.tell(s.dialect.heartbeat())
		s.beatNext(at)
	})
}
