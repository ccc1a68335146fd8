package count

import (
	"strings"

	"github.com/serverless-ocpp/backend/local/skim"
)

// Causes that are no OCPP action.
const (
	Connecting    = "(connect)"             // the authorizer and $connect
	Disconnecting = "(disconnect)"          //
	Connection    = "(connection)"          // that a connection is open
	Answering     = "(answer to a command)" // a CALLRESULT or CALLERROR of a charge point
	Polling       = "(empty receive)"       // an event source asked a queue that had nothing
	Things        = "(thing event)"         // a Thing was made, changed or deleted
	Unnamed       = "(unknown)"             // a frame without an action, a call that names no invocation
	Outside       = "(administrator)"       // calls of an API that no function makes
	Others        = "(others)"              // when there are too many to tell them apart
)

// A share is a cause's part in an operation.
type share struct {
	cause string
	of    float64 // the shares of an operation add up to 1
}

func only(cause string) []share { return []share{{cause, 1}} }

// event is what all kinds of events may have in which a cause is found.
type event struct {
	kind         string // of an authorizer: REQUEST
	eventType    string // of the WebSocket API
	method, path string // of the HTTP API
	body         string
	records      []byte // of a queue
	message      []byte // of the rule on CP001/out
	thing        string
}

// read finds the members in an event that is JSON.
func read(raw []byte) (e event) {
	for name, value := range skim.Members(raw) {
		switch name {
		case "type":
			e.kind = skim.Text(value)
		case "requestContext":
			e.readContext(value)
		case "body":
			e.body = skim.Text(value)
		case "Records":
			e.records = value
		case "message":
			e.message = value
		case "thingName":
			e.thing = skim.Text(value)
		}
	}
	return e
}

func (e *event) readContext(raw []byte) {
	for name, value := range skim.Members(raw) {
		switch name {
		case "eventType":
			e.eventType = skim.Text(value)
		case "http":
			for name, value := range skim.Members(value) {
				switch name {
				case "method":
					e.method = skim.Text(value)
				case "path":
					e.path = skim.Text(value)
				}
			}
		}
	}
}

// causesOf finds out what an event is about.
func causesOf(function string, raw []byte) (e event, shares []share) {
	e = read(raw)
	if shares := sharesOf(e.records); len(shares) > 0 {
		return e, shares
	}
	switch {
	case e.eventType == "MESSAGE":
		return e, only(causeOfFrame([]byte(e.body)))
	case e.eventType == "DISCONNECT":
		return e, only(Disconnecting)
	case e.eventType == "CONNECT", e.kind == "REQUEST":
		return e, only(Connecting)
	case e.method != "":
		return e, only(causeOfRequest(e.method, e.path))
	case len(e.message) > 0:
		return e, only("(command " + causeOfFrame(e.message) + ")")
	case e.thing != "":
		return e, only(Things)
	}
	return e, only("(" + function + ")")
}

// sharesOf are the causes of a queue's messages, which have equal shares.
func sharesOf(records []byte) (shares []share) {
	for record := range skim.Elements(records) {
		cause := Unnamed
		for name, value := range skim.Members(record) {
			if name == "body" {
				cause = causeOfRecord([]byte(skim.Text(value)))
			}
		}
		shares = append(shares, share{cause: cause})
	}
	for i := range shares {
		shares[i].of = 1 / float64(len(shares))
	}
	return shares
}

// causeOfRecord finds out what a queue message is about: a journaled message, a timer, or a step of a campaign.
func causeOfRecord(body []byte) string {
	var message []byte
	var kind string
	cause := Unnamed
	for name, value := range skim.Members(body) {
		cause = "(campaign)"
		switch name {
		case "message":
			message = value
		case "kind":
			kind = skim.Text(value)
		}
	}
	switch {
	case len(message) > 0:
		return causeOfFrame(message)
	case kind != "":
		return "(timer " + kind + ")"
	}
	return cause
}

// causeOfFrame is the action of a CALL or SEND, or what an answer is.
func causeOfFrame(frame []byte) string {
	var first [3][]byte // type, message id, action
	fields := 0
	for field := range skim.Elements(frame) {
		first[fields] = field
		if fields++; fields == len(first) {
			break
		}
	}
	if fields < 2 {
		return Unnamed
	}
	switch string(first[0]) {
	case "2", "6": // CALL, and SEND of OCPP 2.1
		if action := skim.Text(first[2]); action != "" && len(action) <= longestAction {
			return action
		}
	case "3", "4", "5": // CALLRESULT, CALLERROR, CALLRESULTERROR
		return Answering
	}
	return Unnamed
}

// longestAction is longer than any that there is: nonsense must not become a line each.
const longestAction = 64

// causeOfRequest is a call of the HTTP API without the names in its path: every second part is one.
func causeOfRequest(method, path string) string {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for i := 1; i < len(parts); i += 2 {
		parts[i] = "{id}"
	}
	return "(" + method + " /" + strings.Join(parts, "/") + ")"
}
