package ocpp

import (
	"encoding/json"
	"time"

	"github.com/serverless-ocpp/backend/shared/fault"
)

// Time is a timestamp of a message. It is written in UTC with milliseconds (OCPP 2.0.1 part 2 allows
// at most three digits), and read with any fraction, of which the milliseconds count, and offset; without an offset, which ISO 8601 and
// so OCPP 1.6 allow, it counts as UTC.
type Time struct{ time.Time }

const (
	written       = "2006-01-02T15:04:05.000Z"
	withoutOffset = "2006-01-02T15:04:05.999999999"
)

func (t Time) MarshalJSON() ([]byte, error) {
	return []byte(`"` + t.UTC().Format(written) + `"`), nil
}

func (t *Time) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	parsed, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		parsed, err = time.Parse(withoutOffset, text)
	}
	if err != nil {
		return fault.New(fault.Malformed, "%q is no timestamp such as 2006-01-02T15:04:05Z", text)
	}
	parsed = parsed.UTC().Truncate(time.Millisecond)    // which is what is stored: said again, it is the same moment
	if year := parsed.Year(); year < 0 || year > 9999 { // an offset can lead there, and nobody could write it as JSON again
		return fault.New(fault.Malformed, "%q is no timestamp of four digits for the year in UTC", text)
	}
	t.Time = parsed
	return nil
}

// Or is the time, or another when the message had none.
func (t *Time) Or(other time.Time) time.Time {
	if t == nil || t.IsZero() {
		return other
	}
	return t.Time
}
