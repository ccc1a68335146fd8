package count

import (
	"encoding/json"
	"strings"
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
)

// A share is a cause's part in an operation.
type share struct {
	cause string
	of    float64 // the shares of an operation add up to 1
}

func only(cause string) []share { return []share{{cause, 1}} }

// event is what all kinds of events may have in which a cause is found.
type event struct {
	Type           string `json:"type"` // of an authorizer: REQUEST
	RequestContext struct {
		EventType string                         `json:"eventType"` // of the WebSocket API
		HTTP      *struct{ Method, Path string } `json:"http"`      // of the HTTP API
	} `json:"requestContext"`
	Body    string                  `json:"body"`
	Records []struct{ Body string } `json:"Records"` // of a queue
	Message json.RawMessage         `json:"message"` // of the rule on CP001/out
	Thing   string                  `json:"thingName"`
	Source  string                  `json:"source"` // of a schedule: aws.events
}

// causesOf finds out what an event is about.
func causesOf(function string, raw []byte) (e event, shares []share) {
	if json.Unmarshal(raw, &e) != nil {
		return event{}, only("(" + function + ")")
	}
	switch {
	case len(e.Records) > 0:
		for _, record := range e.Records {
			shares = append(shares, share{causeOfRecord([]byte(record.Body)), 1 / float64(len(e.Records))})
		}
		return e, shares
	case e.RequestContext.EventType == "MESSAGE":
		return e, only(causeOfFrame([]byte(e.Body)))
	case e.RequestContext.EventType == "DISCONNECT":
		return e, only(Disconnecting)
	case e.RequestContext.EventType == "CONNECT", e.Type == "REQUEST":
		return e, only(Connecting)
	case e.RequestContext.HTTP != nil:
		return e, only(causeOfRequest(e.RequestContext.HTTP.Method, e.RequestContext.HTTP.Path))
	case len(e.Message) > 0:
		return e, only("(command " + causeOfFrame(e.Message) + ")")
	case e.Thing != "":
		return e, only(Things)
	}
	return e, only("(" + function + ")")
}

// causeOfRecord finds out what a queue message is about: a journaled message, a timer, or a step of a campaign.
func causeOfRecord(body []byte) string {
	var record struct {
		Message    json.RawMessage `json:"message"`
		Kind       string          `json:"kind"`
		CampaignID string          `json:"campaignId"`
	}
	switch err := json.Unmarshal(body, &record); {
	case err != nil:
		return Unnamed
	case len(record.Message) > 0:
		return causeOfFrame(record.Message)
	case record.Kind != "":
		return "(timer " + record.Kind + ")"
	}
	return "(campaign)"
}

// causeOfFrame is the action of a CALL or SEND, or what an answer is.
func causeOfFrame(frame []byte) string {
	var fields []json.RawMessage
	var kind int
	if json.Unmarshal(frame, &fields) != nil || len(fields) < 2 || json.Unmarshal(fields[0], &kind) != nil {
		return Unnamed
	}
	switch kind {
	case 2, 6: // CALL, and SEND of OCPP 2.1
		var action string
		if len(fields) < 3 || json.Unmarshal(fields[2], &action) != nil || len(action) > longestAction {
			return Unnamed
		}
		return action
	case 3, 4, 5: // CALLRESULT, CALLERROR, CALLRESULTERROR
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
