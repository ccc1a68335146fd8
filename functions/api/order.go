package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/operation"
)

// order is a request that becomes commands: an operation, and how it is ordered.
type order struct {
	timing
	kind      string // operation.Kind.Name, "" for a Raw
	operation operation.Operation
	body      []byte // as it came
}

// general are the members of bodies that do not belong to the operation.
type general struct {
	timing
	ChargePointID string `json:"chargePointId"` // where the path does not name the charge point
}

// readOrder reads a body of timing members and those of the operation, which are read into it; the members of the path
// but {id} are the operation's, too. No body at all is {}. Errors are those of decode.
func readOrder(r *http.Request, kind string, into operation.Operation) (order, error) {
	o := order{kind: kind, operation: into}
	var err error
	if o.body, err = readBody(r); err != nil {
		return o, err
	}
	members := map[string]json.RawMessage{}
	if len(bytes.TrimSpace(o.body)) > 0 {
		var head general
		if head, members, err = split(o.body, "expiresInSeconds", "timeoutSeconds"); err != nil {
			return o, err
		}
		o.timing = head.timing
	}
	for _, name := range membersOf(r.Pattern) {
		if _, twice := members[name]; twice {
			return o, fault.New(fault.Malformed, "'%s' is in the path and must not be in the body as well", name)
		}
		if members[name], err = pathMember(into, name, r.PathValue(name)); err != nil {
			return o, err
		}
	}
	return o, o.fill(members, strict)
}

// split reads the general members of a body, and returns all members but those named.
func split(body []byte, named ...string) (head general, rest map[string]json.RawMessage, err error) {
	if err := decodeJSON(body, &rest, tolerant); err != nil {
		return head, nil, err
	}
	if err := decodeJSON(body, &head, tolerant); err != nil {
		return head, nil, err
	}
	for _, name := range named {
		delete(rest, name)
	}
	if rest == nil { // the body was null
		rest = map[string]json.RawMessage{}
	}
	return head, rest, nil
}

// fill reads members into the operation.
func (o *order) fill(members map[string]json.RawMessage, unknown strictness) error {
	body, err := json.Marshal(members)
	if err != nil {
		return err
	}
	if err := decodeJSON(body, o.operation, unknown); err != nil {
		return err
	}
	return o.check()
}

// membersOf are the names of a pattern's path members but {id}.
func membersOf(pattern string) (names []string) {
	for segment := range strings.SplitSeq(pattern, "/") {
		if name, is := strings.CutPrefix(segment, "{"); is && name != "id}" {
			names = append(names, strings.TrimSuffix(name, "}"))
		}
	}
	return names
}

// pathMember is a member of the path as the JSON value that the operation wants it to be.
func pathMember(into operation.Operation, name, value string) (json.RawMessage, error) {
	body := reflect.TypeOf(into).Elem()
	for i := range body.NumField() {
		field := body.Field(i)
		if tagged, _, _ := strings.Cut(field.Tag.Get("json"), ","); tagged != name {
			continue
		}
		kind := field.Type
		if kind.Kind() == reflect.Pointer {
			kind = kind.Elem()
		}
		if kind.Kind() == reflect.Int {
			number, err := strconv.Atoi(value)
			if err != nil {
				return nil, fault.New(fault.Malformed, "'%s' in the path must be a whole number, not %q", name, value)
			}
			return json.Marshal(number)
		}
	}
	return json.Marshal(value)
}
