package ocppj

import (
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// EncodeCall writes [2,id,action,payload]. The payload is whatever encoding/json turns into an object; nil
// becomes {}. Errors: an id that is not 1 to 36 characters long, no action, a payload that is no JSON object.
func EncodeCall(id, action string, payload any) ([]byte, error) {
	if action == "" {
		return nil, fmt.Errorf("encode CALL %q: the action is empty", id)
	}
	frame, err := begin(Call, id)
	if err != nil {
		return nil, err
	}
	frame = appendString(frame, action)
	return end(frame, Call, id, payload)
}

// EncodeResult writes [3,id,payload], the answer to the CALL of that id. Payload and errors as for EncodeCall.
func EncodeResult(id string, payload any) ([]byte, error) {
	frame, err := begin(CallResult, id)
	if err != nil {
		return nil, err
	}
	return end(frame, CallResult, id, payload)
}

// EncodeError writes [4,id,code,description,details], the refusal of the CALL of that id; code comes from
// ErrorKind.Code. A description is cut to 255 characters: shortened it still helps, while failing here would leave the CALL
// unanswered. Errors: an id that is not 1 to 36 characters long, no code, details that are neither nil nor a JSON object.
func EncodeError(id, code, description string, details any) ([]byte, error) {
	return encodeError(CallError, id, code, description, details)
}

// EncodeResultError writes [5,id,code,description,details]: the CALLRESULT of that id could not be processed. It
// exists in OCPP 2.1 only. Limits and errors as for EncodeError.
func EncodeResultError(id, code, description string, details any) ([]byte, error) {
	return encodeError(CallResultError, id, code, description, details)
}

func encodeError(t MessageType, id, code, description string, details any) ([]byte, error) {
	if code == "" {
		return nil, fmt.Errorf("encode %s %q: the error code is empty", t, id)
	}
	frame, err := begin(t, id)
	if err != nil {
		return nil, err
	}
	frame = appendErrorText(frame, code, description)
	return end(frame, t, id, details)
}

func begin(t MessageType, id string) ([]byte, error) {
	if length := utf8.RuneCountInString(id); length < 1 || length > maxIDLength {
		return nil, fmt.Errorf("encode %s: the message id has %d characters, 1 to %d are allowed", t, length, maxIDLength)
	}
	return appendHead(t, id), nil
}

// appendHead writes the start of a frame, without looking at the length of the id.
func appendHead(t MessageType, id string) []byte {
	frame := make([]byte, 0, 256) // holds most answers without growing
	frame = append(frame, '[')
	frame = strconv.AppendInt(frame, int64(t), 10)
	frame = append(frame, ',')
	frame = appendString(frame, id)
	return append(frame, ',')
}

func appendErrorText(frame []byte, code, description string) []byte {
	frame = appendString(frame, code)
	frame = append(frame, ',')
	frame = appendString(frame, cut(description, maxDescriptionLength))
	return frame
}

// end writes the last element, an object, and closes the array.
func end(frame []byte, t MessageType, id string, content any) ([]byte, error) {
	if t != CallResult {
		frame = append(frame, ',')
	}
	encoded, err := json.Marshal(content)
	if err != nil {
		return nil, fmt.Errorf("encode %s %q: %w", t, id, err)
	}
	element := object(encoded)
	if element == nil {
		return nil, fmt.Errorf("encode %s %q: the content is not a JSON object", t, id)
	}
	frame = append(frame, element...)
	return append(frame, ']'), nil
}

// cut shortens s to at most limit characters.
func cut(s string, limit int) string {
	characters := 0
	for i := range s {
		if characters == limit {
			return s[:i]
		}
		characters++
	}
	return s
}

func appendString(frame []byte, s string) []byte {
	if plain([]byte(s)) {
		frame = append(frame, '"')
		frame = append(frame, s...)
		return append(frame, '"')
	}
	encoded, err := json.Marshal(s)
	if err != nil {
		panic("ocppj: a string cannot be encoded: " + err.Error()) // encoding/json encodes every string
	}
	return append(frame, encoded...)
}
