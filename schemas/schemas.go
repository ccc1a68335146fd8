// Package schemas holds a JSON Schema (draft-07) for every request and response of every action of OCPP 1.6, 2.0.1 and 2.1,
// and validates payloads against them.
//
// ocpp16/BootNotification.json holds both messages of that action, and ocpp16.json the types that a version's actions share.
// The files are generated, by `go generate` with the folder of the tables in OCPP_TABLES.
//
// A schema is read and compiled when its action first occurs, and nothing at the start: a Lambda function sees few of the 194
// actions before it is frozen. The validator is this package's own, for the keywords that the schemas use: it reads the
// payload's bytes without decoding them, and says which field violates which rule as data. Tests hold it against
// santhosh-tekuri/jsonschema, which is not used itself because it compiles all meta-schemas when a program starts: 2 to 8 ms and
// 1 MB of every cold start.
package schemas

import (
	"embed"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/serverless-ocpp/backend/shared/ocppj"
)

//go:generate sh -c "go run ./generate -tables \"$OCPP_TABLES\""

//go:embed *.json ocpp16 ocpp201 ocpp21
var files embed.FS

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
	m, err := find(version, action)
	if err != nil {
		return 0, false
	}
	return m.sender, true
}

// Answered reports whether action has a response; false for the SEND of OCPP 2.1, and for what version does not have.
func Answered(version ocppj.Version, action string) bool {
	m, err := find(version, action)
	return err == nil && m.response != nil
}

// Actions returns the names of all actions of version, sorted; none for a version without schemas.
func Actions(version ocppj.Version) []string {
	c, ok := catalogues[version]
	if !ok {
		return nil
	}
	return slices.Sorted(maps.Keys(c.actions()))
}

// find returns the compiled messages of an action. Errors: ErrUnknownAction; anything else is a broken schema file.
func find(version ocppj.Version, action string) (*messages, error) {
	c, ok := catalogues[version]
	if !ok {
		return nil, fmt.Errorf("version %q: %w", version, ErrUnknownAction)
	}
	compiled, ok := c.actions()[action]
	if !ok {
		return nil, fmt.Errorf("%q is no action of %s: %w", shorten(action), version, ErrUnknownAction)
	}
	return compiled()
}
