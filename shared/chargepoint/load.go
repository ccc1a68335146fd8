package chargepoint

import "time"

// LoadWindow is how long a Load is added to: one that began longer ago says nothing of what a charge point does now.
const LoadWindow = time.Minute

// Load is the work that a charge point made for functions since a moment.
type Load struct {
	Since    time.Time
	Messages int
	Unasked  int           // of them, those to which it can have waited for nothing: they are no request, or not OCPP
	Busy     time.Duration // from the begin of each message's handling to its end, added up
}

// Unwaited is how many of the messages were at least sent before the one in front of them was answered. Who waits for each answer
// (OCPP-J 1.6 section 4.1.1; OCPP 2.0.1 part 4 section 4.1.1) keeps functions busy for at most as long as time passes.
func (l Load) Unwaited(now time.Time) float64 {
	unwaited := float64(l.Unasked)
	if passed := max(now.Sub(l.Since), 0); passed < l.Busy {
		unwaited += float64(l.Messages-l.Unasked) * (1 - float64(passed)/float64(l.Busy))
	}
	return unwaited
}
