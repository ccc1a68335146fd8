package schemas

import (
	"fmt"
	"time"

	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// isoLayouts are the ISO 8601 forms that OCPP 1.6 charge points send besides RFC 3339: no offset, or one without a colon or
// without minutes.
var isoLayouts = []string{"2006-01-02T15:04:05", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05Z07"}

// ParseDateTime reads a date-time field, with exactly the forms that Validate admits.
//
// All versions: RFC 3339, any number of fractional digits (2.x recommends at most three, and a receiver loses nothing by
// taking more), any offset. 1.6 says ISO 8601 and leaves the form open, so there a missing offset is taken as UTC, in which
// 1.6 recommends to send all times.
func ParseDateTime(version ocppj.Version, text string) (time.Time, error) {
	parsed, err := time.Parse(time.RFC3339, text)
	if err == nil {
		return parsed, nil
	}
	if version == ocppj.V16 {
		for _, layout := range isoLayouts {
			if parsed, err := time.Parse(layout, text); err == nil {
				return parsed, nil
			}
		}
	}
	return time.Time{}, fmt.Errorf("not a date-time: %w", err)
}
