package ocpp

import (
	"encoding/json"
	"time"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/timestamp"
)

// Time is a timestamp of a message. It is written in UTC with milliseconds (OCPP 2.0.1 part 2 allows
// at most three digits), and read in all forms of shared/timestamp: whether a version has one is for its schemas to say.
// What is finer than milliseconds does not count, for it is not stored: said again, it is the same moment.
type Time struct{ time.Time }

const written = "2006-01-02T15:04:05.000Z"

func (t Time) MarshalJSON() ([]byte, error) {
	return []byte(`"` + t.UTC().Format(written) + `"`), nil
}

// earliest is what earlier times are taken for. A clock that was never set may begin with the year 1, and the moment in which
// that begins is Go's word for no time at all, which a start that was told must not become.
var earliest = time.Time{}.Add(time.Millisecond)

func (t *Time) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	parsed, _, err := timestamp.Parse(text)
	if err != nil {
		return fault.New(fault.Malformed, "%q is no timestamp such as 2006-01-02T15:04:05Z", text)
	}
	if t.Time = parsed.Truncate(time.Millisecond); t.Before(earliest) {
		t.Time = earliest
	}
	return nil
}

// Or is the time, or another when the message had none.
func (t *Time) Or(other time.Time) time.Time {
	if t == nil || t.IsZero() {
		return other
	}
	return t.Time
}
