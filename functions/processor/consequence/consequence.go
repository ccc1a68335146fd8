// Package consequence says what the answer to a command changes beside the command: which key a charge point logs
// in with, whether a connector is reserved. It is a pure function; whoever applies the changes may do so again.
//
// An answer counts however late it comes, also after its command was given up: it says what the charge point did. One
// that breaks its schema says nothing.
package consequence

import (
	"encoding/json"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/exactjson"
	"github.com/serverless-ocpp/backend/shared/variable"
)

// Change is one of the types below.
type Change interface{ isChange() }

// KeySettled ends the rotation of the key that the command began (chargepoint.Keys.Settle).
type KeySettled struct{ Accepted bool }

// ProfileRaised is the security profile that the charge point agreed to use.
type ProfileRaised struct{ Profile int }

// ReservationAnswered is whether a connector is reserved.
type ReservationAnswered struct {
	ID       int
	Accepted bool
}

// ReservationCancelled is a reservation that holds no more.
type ReservationCancelled struct{ ID int }

// ListVersionTold is the version of the local authorization list that the charge point has.
type ListVersionTold struct{ Version int }

// VariablesSet are configuration keys and variables with their new values.
type VariablesSet struct{ Variables []variable.Variable }

func (KeySettled) isChange()           {}
func (ProfileRaised) isChange()        {}
func (ReservationAnswered) isChange()  {}
func (ReservationCancelled) isChange() {}
func (ListVersionTold) isChange()      {}
func (VariablesSet) isChange()         {}

// rules are by action: what follows from an answer is the same whoever asked, unless a rule looks at the operation.
var rules = map[string][]func(asked command.Command, outcome command.Outcome) []Change{
	"ChangeConfiguration": {settleKey, raiseProfile, newValues},
	"SetVariables":        {settleKey, raiseProfile, newValues},
	"SetNetworkProfile":   {settleKey, raiseProfile},
	"ReserveNow":          {answerReservation},
	"CancelReservation":   {cancelReservation},
	"SendLocalList":       {sentList},
	"GetLocalListVersion": {toldList},
}

// Of returns what an answer changes. The outcome is that of a CALLRESULT or CALLERROR.
func Of(asked command.Command, outcome command.Outcome) []Change {
	if outcome.Event == command.EventMisfit {
		return nil
	}
	var changes []Change
	for _, rule := range rules[asked.Action] {
		changes = append(changes, rule(asked, outcome)...)
	}
	return changes
}

// Words of charge points (OCPP 1.6 section 7, OCPP 2.0.1 part 2 section 3).
const (
	accepted       = "Accepted"
	rebootRequired = "RebootRequired" // the value is set, and counts after the next boot
)

// read decodes a payload or result of one action. Both were checked against their schema: what does not fit
// all the same is left empty, and empty members change nothing.
func read[Body any](payload json.RawMessage) Body {
	var body Body
	if exactjson.Unmarshal(payload, &body) != nil {
		return *new(Body)
	}
	return body
}

// status is the word that most results consist of; "" of a CALLERROR.
func status(outcome command.Outcome) string {
	return read[struct {
		Status string `json:"status"`
	}](outcome.Result).Status
}
