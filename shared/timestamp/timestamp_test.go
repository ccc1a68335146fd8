package timestamp

import (
	"testing"
	"time"
)

// Specification: OCPP 1.6 general part; OCPP 2.0.1 part 2 time format; RFC 3339 sections 5.6 and 5.7.
func TestParse(t *testing.T) {
	noon, midnight := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC), time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		text string
		want time.Time // zero: refused
		form Form
	}{
		{"2026-05-01T12:00:00Z", noon, RFC3339},
		{"2026-05-01T14:00:00+02:00", noon, RFC3339},
		{"2026-05-01T12:00:00.123456789Z", noon.Add(123456789), RFC3339},
		{"2026-05-01T12:00:00.000-00:00", noon, RFC3339},
		{"2026-05-01t12:00:00z", noon, RFC3339},
		{"2026-05-01t12:00:00.5Z", noon.Add(500 * time.Millisecond), RFC3339},
		{"2026-05-01T12:00:00z", noon, RFC3339},
		{"2026-05-01t14:00:00+02:00", noon, RFC3339},
		{"2016-12-31T23:59:60Z", midnight, RFC3339},
		{"2016-12-31T23:59:60.25z", midnight.Add(250 * time.Millisecond), RFC3339},
		{"2017-01-01T00:59:60+01:00", midnight, RFC3339},
		{"2016-12-31T15:59:60-08:00", midnight, RFC3339},
		{"2026-05-01T12:00:00", noon, ISO8601},
		{"2026-05-01t12:00:00.25", noon.Add(250 * time.Millisecond), ISO8601},
		{"2026-05-01T14:00:00+0200", noon, ISO8601},
		{"2026-05-01T14:00:00+02", noon, ISO8601},
		{"2016-12-31T23:59:60", midnight, ISO8601},
		{"2017-01-01T00:59:60+01", midnight, ISO8601},
		{"2026-05-01T12:00:60Z", time.Time{}, 0},
		{"2016-12-31T23:59:60+01:00", time.Time{}, 0},
		{"2016-12-31T23:59:61Z", time.Time{}, 0},
		{"9999-12-31T23:59:60Z", time.Time{}, 0},
		{"9999-12-31T23:59:59-01:00", time.Time{}, 0},
		{"0000-01-01T00:00:00+01:00", time.Time{}, 0},
		{"2026-05-01", time.Time{}, 0},
		{"2026-05-01 12:00:00Z", time.Time{}, 0},
		{"2026-02-30T12:00:00Z", time.Time{}, 0},
		{"2026-05-01T12:00:00zZ", time.Time{}, 0},
		{"12:00", time.Time{}, 0},
		{"", time.Time{}, 0},
	} {
		got, form, err := Parse(test.text)
		if !got.Equal(test.want) || form != test.form || (err == nil) == test.want.IsZero() || err == nil && got.Location() != time.UTC {
			t.Errorf("%q: got %v, form %d, %v; want %v, form %d", test.text, got, form, err, test.want, test.form)
		}
		if plain := Plain([]byte(test.text)); plain && (err != nil || form != RFC3339) {
			t.Errorf("%q is plain, and not taken as RFC 3339", test.text)
		}
	}
	if !Plain([]byte("2026-05-01T12:00:00.5+02:00")) {
		t.Error("the usual form is not plain")
	}
}
