package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/serverless-ocpp/backend/shared/exactjson"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/jsonpath"
)

// maxBody is far above any request of this API; a command's payload must fit into a WebSocket frame anyway.
const maxBody = 64 << 10

// strictness says what becomes of members that a body should not have.
type strictness bool

const (
	// strict refuses them: a misspelt member, be it in its case alone, would otherwise be ignored in silence.
	strict strictness = true
	// tolerant ignores them, for bodies of the system that this one replaces, which carry transactionData.
	tolerant strictness = false
)

// decode reads a JSON body into value. Errors are those of readBody, and fault.Malformed for anything that is not one
// JSON object of the right types, with each member given once.
func decode(r *http.Request, value any, unknown strictness) error {
	body, err := readBody(r)
	if err != nil {
		return err
	}
	return decodeJSON(body, value, unknown)
}

// readBody returns a body that should be JSON. Errors: 415 for another content type (none counts as JSON), 413 for a
// body above 64 KB.
func readBody(r *http.Request) ([]byte, error) {
	if given := r.Header.Get("Content-Type"); given != "" {
		media, _, err := mime.ParseMediaType(given)
		if err != nil || media != "application/json" && !strings.HasSuffix(media, "+json") {
			return nil, statusError{http.StatusUnsupportedMediaType, "the body must be application/json, not " + given + ": send the header Content-Type: application/json, as curl --json does"}
		}
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return nil, fault.Wrap(fault.Malformed, err, "the body could not be read")
	}
	if len(body) > maxBody {
		return nil, statusError{http.StatusRequestEntityTooLarge, "the body is larger than 64 KB"}
	}
	return body, nil
}

func decodeJSON(body []byte, value any, unknown strictness) error {
	decoder := json.NewDecoder(bytes.NewReader(body))
	var one json.RawMessage
	if err := decoder.Decode(&one); err != nil {
		return malformed(err, value)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return fault.New(fault.Malformed, "the body holds more than one JSON value")
	}
	read := exactjson.UnmarshalOnce
	if unknown == strict {
		read = exactjson.UnmarshalKnown
	}
	if err := read(one, value); err != nil {
		return malformed(err, value)
	}
	return nil
}

// malformed says what is wrong with a body that was to be read into value, in words that name the member.
func malformed(err error, value any) error {
	var wrongType *json.UnmarshalTypeError
	var known *fault.Error
	switch {
	case errors.As(err, &known):
		return err // a member's own type has said it better
	case errors.Is(err, io.EOF):
		return fault.New(fault.Malformed, "the body is empty, a JSON object is needed")
	case errors.As(err, &wrongType) && wrongType.Field != "":
		return fault.New(fault.Malformed, "'%s' must be %s, not a JSON %s", jsonpath.Of(value, wrongType), kindOf(wrongType), wrongType.Value)
	case errors.As(err, &wrongType):
		return fault.New(fault.Malformed, "the body must be a JSON object, not a JSON %s", wrongType.Value)
	}
	return fault.New(fault.Malformed, "the body is not the JSON object that is needed: %s", strings.TrimPrefix(err.Error(), "json: "))
}

func kindOf(err *json.UnmarshalTypeError) string {
	switch kind := err.Type.Kind().String(); kind {
	case "int":
		return "an integer"
	case "bool":
		return "true or false"
	default:
		return "a " + kind
	}
}

// missing is the error for a required member that is not there, in the words of the system that this one replaces.
func missing(name string) error {
	return fault.New(fault.Malformed, "Missing required parameter: '%s'", name)
}
