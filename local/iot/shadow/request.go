package shadow

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/serverless-ocpp/backend/local/iot/fault"
)

const (
	// maxState is the size of desired and reported together; metadata does not count.
	// https://docs.aws.amazon.com/general/latest/gr/iot-core.html#device-shadow-limits
	maxState = 8 << 10
	// maxDepth is how deep desired and reported may be nested, they being the first level. The quotas page says
	// 8; the page of error messages still has an older 6 in its example of the message.
	maxDepth = 8
	// maxToken is the size of a client token in bytes.
	maxToken = 64
)

// request is a request state document.
type request struct {
	// desired and reported are the changes asked for, with nulls.
	desired, reported part
	clientToken       string
	version           *int64 // the version the shadow must have; nil takes any
}

// part is what a request says of a section.
type part struct {
	named   bool
	content section // nil when named: the section is to be removed
}

// parse reads a request state document and refuses what the Device Shadow service refuses, in its words.
// https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-error-messages.html
func parse(payload []byte) (request, error) {
	var r request
	if !utf8.Valid(payload) {
		return r, fault.Encoding("Unsupported documented encoding; supported encoding is UTF-8")
	}
	fields, err := object(payload)
	if err != nil {
		return r, fault.Invalid("Invalid JSON")
	}
	// The token first: the answer to a request with another mistake carries it too.
	if token, given := fields["clientToken"]; given {
		text, isText := token.(string)
		if !isText || len(text) > maxToken {
			return r, fault.Invalid("Invalid clientToken")
		}
		r.clientToken = text
	}
	if version, given := fields["version"]; given && version != nil {
		number, _ := version.(json.Number)
		n, err := number.Int64()
		if err != nil || n < 0 {
			return r, fault.Invalid("Invalid version")
		}
		r.version = &n
	}
	return r, r.readState(fields)
}

func (r *request) readState(fields section) error {
	value, given := fields["state"]
	if !given {
		return fault.Invalid("Missing required node: state")
	}
	if value == nil { // removes both sections
		r.desired.named, r.reported.named = true, true
		return nil
	}
	state, isObject := value.(section)
	if !isObject {
		return fault.Invalid("State node must be an object")
	}
	for name, value := range state {
		content, isObject := value.(section)
		acceptable := isObject || value == nil
		switch {
		case name == "desired" && !acceptable:
			return fault.Invalid("Desired node must be an object")
		case name == "reported" && !acceptable:
			return fault.Invalid("Reported node must be an object")
		case name == "desired":
			r.desired = part{true, content}
		case name == "reported":
			r.reported = part{true, content}
		default:
			return fault.Invalid("State contains an invalid node: '%s'", name)
		}
		if depth(content) > maxDepth {
			return fault.Invalid("JSON contains too many levels of nesting; maximum is %d", maxDepth)
		}
		if hasNullInArray(content) {
			return fault.Invalid("State contains an invalid node")
		}
	}
	return nil
}

// tokenOf returns the client token of any payload that has a valid one.
func tokenOf(payload []byte) string {
	fields, err := object(payload)
	if err != nil { // without a token the answer just carries none
		return ""
	}
	token, _ := fields["clientToken"].(string)
	if len(token) > maxToken {
		return ""
	}
	return token
}

func object(payload []byte) (section, error) {
	decoder := json.NewDecoder(bytes.NewReader(payload))
	decoder.UseNumber()
	var fields section
	if err := decoder.Decode(&fields); err != nil {
		return nil, err
	}
	if fields == nil {
		return nil, io.ErrUnexpectedEOF // the payload is null
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, io.ErrUnexpectedEOF // something follows
	}
	return fields, nil
}

func depth(value any) int {
	deepest := 0
	switch value := value.(type) {
	case section:
		for _, inner := range value {
			deepest = max(deepest, depth(inner))
		}
	case []any:
		for _, inner := range value {
			deepest = max(deepest, depth(inner))
		}
	default:
		return 0
	}
	return deepest + 1
}

func hasNullInArray(value any) bool {
	switch value := value.(type) {
	case section:
		for _, inner := range value {
			if hasNullInArray(inner) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(value, func(inner any) bool { return inner == nil || hasNullInArray(inner) })
	}
	return false
}
