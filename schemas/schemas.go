// Package schemas holds a JSON Schema (draft-07) for every request and response of every action of OCPP 1.6, 2.0.1 and 2.1,
// and validates payloads against them.
//
// ocpp16/BootNotification.json holds both messages of that action, and ocpp16.json the types that a version's actions share.
// The files are generated, by `go generate` with the folder of the tables in OCPP_TABLES.
//
// A schema is read and compiled when its message first occurs, and nothing at the start: a Lambda function sees few of the 194
// actions before it is frozen. santhosh-tekuri/jsonschema compiles and validates; this package says in OCPP's terms which field
// violates which rule, as data.
package schemas

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/serverless-ocpp/backend/shared/ocppj"
)

//go:generate sh -c "go run ./generate -tables \"$OCPP_TABLES\""

//go:embed *.json ocpp16 ocpp201 ocpp21
var files embed.FS

// Files are the schema files themselves, for who reads the rules without the validator.
func Files() fs.FS { return files }

// Direction tells the two messages of an action apart.
type Direction int

// The messages of an action.
const (
	Request Direction = iota + 1
	Response
)

// Sender says which side may send an action's request.
type Sender int

// The sides. Both is DataTransfer alone.
const (
	ChargePoint Sender = 1 << iota
	CentralSystem
	Both = ChargePoint | CentralSystem
)

// Includes reports whether side may send the request.
func (s Sender) Includes(side Sender) bool { return s&side == side }

// ErrUnknownAction is wrapped by the error about an action, or a version, that has no schema. The answer to such a CALL
// is NotImplemented.
var ErrUnknownAction = errors.New("unknown action")

// ErrNoResponse is wrapped by the error about the response of an action that is never answered (a SEND of OCPP 2.1).
var ErrNoResponse = errors.New("the action has no response")

// Known reports who may send the request of action; false if version has no such action. A known action from the
// wrong side is not the same fault as an unknown one.
func Known(version ocppj.Version, action string) (Sender, bool) {
	a, err := find(version, action)
	if err != nil {
		return 0, false
	}
	return a.sender, true
}

// Answered reports whether action has a response; false for the SEND of OCPP 2.1, and for what version does not have.
func Answered(version ocppj.Version, action string) bool {
	a, err := find(version, action)
	return err == nil && a.response != nil
}

// Actions returns the names of all actions of version, sorted; none for a version without schemas.
func Actions(version ocppj.Version) []string {
	c, ok := catalogues[version]
	if !ok {
		return nil
	}
	return slices.Sorted(maps.Keys(c.actions()))
}

// find returns what is known of an action. Errors: ErrUnknownAction; anything else is a broken schema file.
func find(version ocppj.Version, name string) (*action, error) {
	c, ok := catalogues[version]
	if !ok {
		return nil, fmt.Errorf("version %q: %w", version, ErrUnknownAction)
	}
	read, ok := c.actions()[name]
	if !ok {
		return nil, fmt.Errorf("%q is no action of %s: %w", shorten(name), version, ErrUnknownAction)
	}
	return read()
}
