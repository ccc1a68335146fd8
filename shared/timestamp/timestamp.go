// Package timestamp knows the forms in which charge points write times, for the schemas that admit them and for whoever reads
// them then.
package timestamp

import (
	"errors"
	"fmt"
	"time"
)

// Form is how a time is written.
type Form int

const (
	// RFC3339 is the form of every version, with any number of digits behind the point (2.x recommends at most three, and a
	// receiver loses nothing by taking more) and any offset; t and z may be lower case.
	RFC3339 Form = iota
	// ISO8601 are forms besides: an offset without a colon or without minutes, or none, which is taken for UTC. 1.6 leaves the form
	// open, and recommends to send all times in UTC.
	ISO8601
)

var isoLayouts = []string{"2006-01-02T15:04:05", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05Z07"}

// Parse reads a time, and returns it in UTC. A leap second is the one behind it, as clocks count that know none.
func Parse(text string) (at time.Time, form Form, err error) {
	if at, err = time.Parse(time.RFC3339, text); err == nil {
		at, err = within(at)
		return at, RFC3339, err
	}
	text, leap := regular(text)
	at, again := time.Parse(time.RFC3339, text)
	for i := 0; again != nil && i < len(isoLayouts); i++ {
		form = ISO8601
		at, again = time.Parse(isoLayouts[i], text)
	}
	if again != nil {
		return time.Time{}, 0, fmt.Errorf("no date and time: %w", err)
	}
	if at, err = within(at); leap && err == nil {
		if at.Hour() != 23 || at.Minute() != 59 {
			return time.Time{}, 0, errors.New("no minute but the last of a day in UTC has a second 60")
		}
		at, err = within(at.Add(time.Second))
	}
	return at, form, err
}

// Plain tells without an allocation that Parse takes a text as RFC3339. False says nothing.
func Plain(text []byte) bool {
	var at time.Time
	if at.UnmarshalText(text) != nil {
		return false
	}
	_, err := within(at)
	return err == nil
}

// within refuses what an offset leads out of the years of four digits, in which nobody could write it as JSON again.
func within(at time.Time) (time.Time, error) {
	at = at.UTC()
	if year := at.Year(); year < 0 || year > 9999 {
		return time.Time{}, fmt.Errorf("the year %d in UTC has not four digits", year)
	}
	return at, nil
}

// regular writes a time with upper case, and a leap second as the one before it.
func regular(text string) (written string, leap bool) {
	const date, seconds = len("2006-01-02"), len("2006-01-02T15:04:")
	if len(text) < seconds+2 {
		return text, false
	}
	b := []byte(text)
	if b[date] == 't' {
		b[date] = 'T'
	}
	if last := len(b) - 1; b[last] == 'z' {
		b[last] = 'Z'
	}
	if leap = string(b[seconds-1:seconds+2]) == ":60"; leap {
		copy(b[seconds:], "59")
	}
	return string(b), leap
}
