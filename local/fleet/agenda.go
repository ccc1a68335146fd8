package fleet

import (
	"container/heap"
	"time"
)

// agenda is what is to be done when. What is due at one moment is done in the order in which it was entered.
type agenda struct {
	entries entries
	count   int
}

// entry is one thing to do; do gets the time for which it was entered, however late it is.
type entry struct {
	at        time.Time
	order     int
	do        func(at time.Time)
	cancelled bool
}

// cancel takes an entry back. A nil entry, and one that is done, may be cancelled.
func (e *entry) cancel() {
	if e != nil {
		e.cancelled = true
	}
}

func (a *agenda) add(at time.Time, do func(at time.Time)) *entry {
	a.count++
	e := &entry{at: at, order: a.count, do: do}
	heap.Push(&a.entries, e)
	return e
}

// next returns when something is due; false when nothing is entered.
func (a *agenda) next() (time.Time, bool) {
	for len(a.entries) > 0 && a.entries[0].cancelled {
		heap.Pop(&a.entries)
	}
	if len(a.entries) == 0 {
		return time.Time{}, false
	}
	return a.entries[0].at, true
}

// due does one thing that is due at now, and reports whether there was one.
func (a *agenda) due(now time.Time) bool {
	at, ok := a.next()
	if !ok || at.After(now) {
		return false
	}
	e := heap.Pop(&a.entries).(*entry)
	e.do(e.at)
	return true
}

// entries implement heap.Interface.
type entries []*entry

func (e entries) Len() int { return len(e) }
func (e entries) Less(i, j int) bool {
	if order := e[i].at.Compare(e[j].at); order != 0 {
		return order < 0
	}
	return e[i].order < e[j].order
}
func (e entries) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *entries) Push(x any)   { *e = append(*e, x.(*entry)) }
func (e *entries) Pop() any {
	last := len(*e) - 1
	popped := (*e)[last]
	(*e)[last] = nil
	*e = (*e)[:last]
	return popped
}
