package fleet

import (
	"slices"
	"testing"
	"time"
)

func TestAgenda(t *testing.T) {
	var (
		a    agenda
		done []string
	)
	at := func(minute int) time.Time { return morning.Add(time.Duration(minute) * time.Minute) }
	note := func(text string) func(time.Time) { return func(time.Time) { done = append(done, text) } }
	a.add(at(2), note("later"))
	a.add(at(1), note("first of a moment"))
	a.add(at(1), note("second of a moment"))
	a.add(at(1), note("never")).cancel()
	a.add(at(0), func(now time.Time) { a.add(now, note("entered meanwhile")) })
	a.add(at(9), note("not yet"))
	(*entry)(nil).cancel()
	for a.due(at(5)) {
	}
	if want := []string{"entered meanwhile", "first of a moment", "second of a moment", "later"}; !slices.Equal(done, want) {
		t.Errorf("done %q, want %q", done, want)
	}
	if next, ok := a.next(); !ok || !next.Equal(at(9)) {
		t.Errorf("next is %v, %v", next, ok)
	}
}
