package schemas

import (
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Specification: OCPP 1.6 general part; OCPP 2.0.1 part 2 time format.
func TestParseDateTime(t *testing.T) {
	noon := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		text   string
		want   time.Time // zero: refused
		only16 bool
	}{
		{"2026-05-01T12:00:00Z", noon, false},
		{"2026-05-01T14:00:00+02:00", noon, false},
		{"2026-05-01T12:00:00.5Z", noon.Add(500 * time.Millisecond), false},
		{"2026-05-01T12:00:00.123456789Z", noon.Add(123456789), false},
		{"2026-05-01T12:00:00.000-00:00", noon, false},
		{"2026-05-01t12:00:00z", noon, false},
		{"2026-04-30T23:59:60Z", noon.Add(-12 * time.Hour), false},
		{"2026-05-01T12:00:00", noon, true},
		{"2026-05-01T12:00:00.25", noon.Add(250 * time.Millisecond), true},
		{"2026-05-01T14:00:00+0200", noon, true},
		{"2026-05-01T14:00:00+02", noon, true},
		{"9999-12-31T23:59:59-01:00", time.Time{}, false},
		{"2026-05-01T12:00:60Z", time.Time{}, false},
		{"2026-05-01", time.Time{}, false},
		{"2026-05-01 12:00:00Z", time.Time{}, false},
		{"2026-02-30T12:00:00Z", time.Time{}, false},
		{"12:00", time.Time{}, false},
		{"", time.Time{}, false},
	}
	for _, test := range tests {
		for _, version := range []ocppj.Version{ocppj.V16, ocppj.V201, ocppj.V21} {
			want := test.want
			if test.only16 && version != ocppj.V16 {
				want = time.Time{}
			}
			got, err := ParseDateTime(version, test.text)
			if !got.Equal(want) || (err == nil) == want.IsZero() {
				t.Errorf("%s %q: got %v, %v; want %v", version, test.text, got, err, want)
			}
		}
	}
}
