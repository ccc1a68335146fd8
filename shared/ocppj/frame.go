// Package ocppj reads and writes the frames of OCPP-J: the JSON arrays that a charge point and the
// central system exchange over a WebSocket. It does no I/O, and knows no action.
//
// Sources: OCPP-J 1.6 section 4 (with its errata), OCPP 2.0.1 Part 4 section 4, OCPP 2.1 Part 4 section 4.
package ocppj

import "encoding/json"

// Version is a protocol version, spelled as the WebSocket subprotocol that selects it.
type Version string

// The protocol versions whose rules this package knows.
const (
	V16  Version = "ocpp1.6"
	V201 Version = "ocpp2.0.1"
	V21  Version = "ocpp2.1"
)

// MessageType is the number that a frame starts with.
type MessageType int

// The frames by their number.
//
//	Call             [2, id, action, payload]
//	CallResult       [3, id, payload]
//	CallError        [4, id, code, description, details]
//	CallResultError  [5, id, code, description, details]   2.1: a CallResult could not be processed
//	Send             [6, id, action, payload]              2.1: must never be answered
const (
	Call            MessageType = 2
	CallResult      MessageType = 3
	CallError       MessageType = 4
	CallResultError MessageType = 5
	Send            MessageType = 6
)

// Limits of the specifications, in characters (not bytes).
const (
	maxIDLength          = 36  // OCPP-J 1.6 table 3, OCPP 2.x Part 4 table 4
	maxDescriptionLength = 255 // OCPP 2.x Part 4 table 7; 1.6 names none and keeps to it
)

// Frame is one parsed message. Fields that its type does not have are empty.
type Frame struct {
	Type             MessageType
	ID               string          // 1 to 36 characters
	Action           string          // Call and Send
	Payload          json.RawMessage // Call and Send: always a JSON object; CallResult: whatever the other side took for one
	ErrorCode        string          // CallError and CallResultError: as it came, any text; "" when there is none
	ErrorDescription string
	ErrorDetails     json.RawMessage // {} when the sender gave none
}

// CheckVersion reports a frame whose type does not exist in version as a *ParseError of kind
// MessageTypeNotSupported, nil otherwise. Parse cannot tell, because it does not know the version.
func (f Frame) CheckVersion(version Version) *ParseError {
	if f.Type <= CallError || version == V21 {
		return nil
	}
	return &ParseError{Type: f.Type, ID: f.ID, Action: f.Action, Kind: MessageTypeNotSupported,
		Text: "message type " + f.Type.String() + " does not exist in " + string(version)}
}

func (t MessageType) String() string {
	switch t {
	case Call:
		return "CALL"
	case CallResult:
		return "CALLRESULT"
	case CallError:
		return "CALLERROR"
	case CallResultError:
		return "CALLRESULTERROR"
	case Send:
		return "SEND"
	}
	return "unknown"
}
