package conform

import (
	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/serverless-ocpp/backend/shared/timestamp"
)

// format is what a string must be beside its length.
type format uint8

const (
	free format = iota
	dateTime
	uri
)

var formats = map[string]format{"": free, "date-time": dateTime, "uri": uri}

// takes reports whether a string without escapes has the format.
func (f format) takes(body []byte) bool {
	switch f {
	case free:
		return true
	case dateTime:
		return timestamp.Plain(body) // which every version takes
	case uri:
		return jsonschema.Formats["uri"](string(body))
	}
	return false
}
