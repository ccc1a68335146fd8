package transaction

import (
	"hash/fnv"
	"time"
)

// Most messages about a transaction come because a minute is over. Such an event is kept with its readings alone, which
// is one write that may be repeated, and not applied to the record. Whoever reads a record that has not come to
// its end applies them, and so does the end itself: that they may be applied in any order, and again, is what Apply promises.

// OnlyReads tells whether an event may be kept in that way: it brings readings, and nothing that anybody waits
// to hear of. One of the time when the charge point was offline comes late, maybe behind the end.
func (e Event) OnlyReads() bool {
	return e.Kind == EventUpdated && e.Periodic && len(e.Readings) > 0 && !e.Offline &&
		e.IDToken == "" && e.StopReason == "" && e.RemoteStartID == nil && e.ReservationID == nil
}

// LateAfter is how long after its time an event may be told, and still be kept with its readings alone.
const LateAfter = time.Minute

// Late tells whether an event is told long after its time: what was kept while there was no connection, or a gap that is
// repaired, maybe behind the end, when nothing may come any more that would tell of it. It changes the record at once.
func (e Event) Late(receivedAt time.Time) bool { return receivedAt.Sub(e.At) > LateAfter }

// Settled tells whether the record has all that its readings say, as far as it shows: it has ended, and no event is missing
// between the start and the end, whose numbers tell. Readings that come behind the end under a number that is no gap (one behind the number of the
// end, or the same as all) change the energy unless the meter was read at the end.
func (t Transaction) Settled() bool {
	return t.State == Ended && !t.StartedAt.IsZero() && t.SeqNos.Gaps() == "" && !t.seqNosRepeated() && t.readAtEnd()
}

// ReadSince is the moment from which on there may be readings that a record lacks that is not settled; zero is the beginning. Of one that
// has all numbers and the start, they are such that came behind the end, at most LateAfter behind their events, or they were journaled.
func (t Transaction) ReadSince() time.Time {
	if t.State != Ended || t.StartedAt.IsZero() || t.SeqNos.Gaps() != "" || t.seqNosRepeated() {
		return time.Time{}
	}
	return t.EndedAt.Add(-atEnd)
}

// atEnd is LateAfter, and time for clocks that are ahead and readings that are older than their event.
const atEnd = 30 * time.Minute

// readAtEnd tells whether the end brought what the meter showed, as it does in 1.6 always, and in 2.x as a rule.
func (t Transaction) readAtEnd() bool {
	register := t.register()
	return register.Stop != nil || register.Newest != nil && !register.Newest.At.Before(t.EndedAt)
}

// ApplyAll applies events in turn.
func (t Transaction) ApplyAll(events []Event) Transaction {
	for _, e := range events {
		t = t.Apply(e)
	}
	return t
}

// FollowEvery is how often a record follows the readings that come with events that only read.
const FollowEvery = 15 * time.Minute

// FollowedAt tells whether it does with what a charge point sends at a time: in one minute of FollowEvery. Which minute depends
// on the charge point alone, so that whoever asks agrees, and remembers nothing; a fleet is spread over all of them.
func FollowedAt(chargePointID string, at time.Time) bool {
	hash := fnv.New32a()
	hash.Write([]byte(chargePointID))
	minute := at.Truncate(time.Minute).Sub(at.Truncate(FollowEvery))
	return minute == time.Duration(hash.Sum32())%(FollowEvery/time.Minute)*time.Minute
}
