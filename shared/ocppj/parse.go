package ocppj

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// ParseError says why a message is no OCPP-J frame, and holds what could be read of it. Refusal
// turns it into the answer that the protocol version wants, if it wants one.
type ParseError struct {
	Type   MessageType // 0 when unreadable, unnumbered for an integer that is far from any type
	ID     string      // "" when unreadable; may be longer than allowed
	Action string      // "" when unreadable or absent
	Kind   ErrorKind
	Text   string // what is wrong; never repeats the input, fit to be sent to the charge point
}

func (e *ParseError) Error() string { return "not an OCPP-J frame: " + e.Text }

// fail completes a copy of what was read with what is wrong about it.
func (e ParseError) fail(kind ErrorKind, format string, args ...any) (Frame, error) {
	e.Kind, e.Text = kind, fmt.Sprintf(format, args...)
	return Frame{}, &e
}

// emptyObject is what an absent payload or absent error details mean.
var emptyObject = json.RawMessage("{}")

// Parse reads one WebSocket text message. The frame's Payload and ErrorDetails alias data.
//
// It is strict about what decides how a message is answered, and tolerant where the meaning is plain: a payload of null
// is {} (OCPP-J 1.6 table 4). An answer whose id can be read is an answer, because dropping it would leave its CALL
// waiting for the timeout: a CALLRESULT may hold what is no object, or too many elements or none, and a CALLERROR lack
// all but its id. The error is always a *ParseError.
func Parse(data []byte) (Frame, error) {
	parts := split(data)
	head := readHead(&parts)
	switch {
	case parts.deep:
		return head.fail(malformed(head), "it nests deeper than %d levels", maxDepth)
	case !utf8.Valid(data):
		return head.fail(malformed(head), "it is not UTF-8")
	case !json.Valid(data):
		return head.fail(malformed(head), "it is not valid JSON")
	case parts.count == 0:
		return head.fail(RpcFramework, "it is not a JSON array with a message type, a message id and a content")
	case head.Type == 0:
		return head.fail(RpcFramework, "the message type is not an integer")
	case head.Type == unnumbered:
		return head.fail(MessageTypeNotSupported, "the message type is unknown")
	case head.Type < Call || head.Type > Send:
		return head.fail(MessageTypeNotSupported, "message type %d is unknown", head.Type)
	case head.ID == "":
		return head.fail(RpcFramework, "the message id is not a string of 1 to %d characters", maxIDLength)
	case utf8.RuneCountInString(head.ID) > maxIDLength:
		return head.fail(RpcFramework, "the message id is longer than %d characters", maxIDLength)
	}

	frame := Frame{Type: head.Type, ID: head.ID}
	switch head.Type {
	case Call, Send:
		if parts.count != 4 {
			return head.fail(RpcFramework, "a %s has 4 elements, this one has %d", head.Type, parts.count)
		}
		if head.Action == "" {
			return head.fail(RpcFramework, "the action is not a string")
		}
		frame.Action = head.Action
		frame.Payload = object(parts.at(3))
	case CallResult:
		frame.Payload = content(&parts)
	case CallError, CallResultError:
		readError(&frame, &parts)
		return frame, nil
	}
	if frame.Payload == nil {
		return head.fail(FormatViolation, "the payload is not a JSON object")
	}
	return frame, nil
}

// content returns the payload of a CALLRESULT, whatever it is. Of one with more or fewer elements than it should have, it
// is the array of those behind the id, which nobody takes for a payload.
func content(parts *elements) json.RawMessage {
	if parts.count != 3 {
		behind := parts.list[2:max(2, min(parts.count, maxElements))]
		return slices.Concat([]byte("["), bytes.Join(behind, []byte(",")), []byte("]"))
	}
	if payload := object(parts.at(2)); payload != nil {
		return payload
	}
	return parts.at(2)
}

// readError reads what a CALLERROR says. A code or description that is no string, or is missing, takes nothing from the
// error itself.
func readError(frame *Frame, parts *elements) {
	frame.ErrorCode, _ = text(parts.at(2))
	frame.ErrorDescription, _ = text(parts.at(3))
	frame.ErrorDetails = parts.at(4)
	if frame.ErrorDetails == nil || string(frame.ErrorDetails) == "null" {
		frame.ErrorDetails = emptyObject
	}
}

// malformed chooses the kind for a message that is not JSON: when the head can be read the damage is in the payload
// ("syntactically incorrect", FormatViolation), otherwise in the frame.
func malformed(head ParseError) ErrorKind {
	if head.ID != "" && head.Action != "" {
		return FormatViolation
	}
	return RpcFramework
}

// readHead reads type, id and action as far as they are there and are what they should be.
func readHead(parts *elements) (head ParseError) {
	head.Type = messageType(parts.at(0))
	head.ID = id(parts.at(1))
	if head.Type == Call || head.Type == Send {
		head.Action, _ = text(parts.at(2)) // as above
	}
	return head
}

// unnumbered stands for the integers that are not read: 0, the negative ones, and those of more than three digits. No version
// numbers its messages so.
const unnumbered MessageType = -1

// messageType reads an integer, 0 when element is none.
func messageType(element []byte) (t MessageType) {
	digits := bytes.TrimPrefix(element, []byte("-"))
	if len(digits) == 0 {
		return 0
	}
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0
		}
		t = t*10 + MessageType(c-'0')
	}
	if len(element) > 3 || len(digits) < len(element) || t == 0 {
		return unnumbered
	}
	return t
}

// id reads a message id, "" when it is unreadable, which ParseError documents. So is one with half a character (an escape such as \ud83d
// without its other half): a decoder makes U+FFFD of it, and an answer under that matches nothing.
func id(element []byte) string {
	read, ok := text(element)
	if !ok || strings.ContainsRune(read, utf8.RuneError) && halved(element) {
		return ""
	}
	return read
}

// halved reports whether a JSON string has an escape for one half of a character alone.
func halved(element []byte) bool {
	for rest := element; ; {
		at := bytes.IndexByte(rest, '\\')
		if at < 0 {
			return false
		}
		half := escaped(rest[at:])
		rest = rest[at+2:] // behind the character that is escaped
		switch {
		case !utf16.IsSurrogate(half):
		case utf16.DecodeRune(half, escaped(rest[4:])) == utf8.RuneError:
			return true
		default:
			rest = rest[10:]
		}
	}
}

// escaped is the code unit of an escape such as \u00e9 at the beginning of text, 0 without one.
func escaped(text []byte) rune {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0
	}
	unit, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	if err != nil {
		return 0
	}
	return rune(unit)
}

// text decodes a JSON string; ok is false when element is none.
func text(element []byte) (s string, ok bool) {
	if len(element) < 2 || element[0] != '"' || !utf8.Valid(element) {
		return "", false
	}
	inner := element[1 : len(element)-1]
	if plain(inner) && element[len(element)-1] == '"' {
		return string(inner), true
	}
	return unescape(element)
}

// unescape is apart from text because its variable escapes to the heap, which most strings need not pay for.
func unescape(element []byte) (s string, ok bool) {
	if err := json.Unmarshal(element, &s); err != nil {
		return "", false
	}
	return s, true
}

// plain reports whether a string's characters stand for themselves in JSON: most do, and need no decoder.
func plain(s []byte) bool {
	for _, c := range s {
		if c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// object returns element if it is a JSON object, {} if it is null, nil otherwise.
func object(element []byte) json.RawMessage {
	switch {
	case bytes.HasPrefix(element, []byte("{")):
		return element
	case string(element) == "null":
		return emptyObject
	}
	return nil
}
