package schemas

import (
	"errors"
	"fmt"
	"time"

	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/timestamp"
)

// ParseDateTime reads a date-time field, with exactly the forms that Validate admits: RFC 3339 in all versions; in 1.6, which says
// ISO 8601 and leaves the form open, others that shared/timestamp knows as well. In 2.x those are a fault that is tolerable.
func ParseDateTime(version ocppj.Version, text string) (time.Time, error) {
	parsed, form, err := timestamp.Parse(text)
	if err == nil && form != timestamp.RFC3339 && version != ocppj.V16 {
		err = errors.New("not written as RFC 3339 says")
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("not a date-time: %w", err)
	}
	return parsed, nil
}
