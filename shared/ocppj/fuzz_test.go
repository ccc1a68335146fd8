package ocppj

import (
	"encoding/json"
	"testing"
	"unicode/utf8"
)

// FuzzParse feeds Parse anything, and checks what every caller relies on: a frame is complete and means what
// encoding/json reads, an error says why, and every answer to an error is itself readable.
func FuzzParse(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		frame, err := Parse(data)
		if err != nil {
			checkRefusals(t, err.(*ParseError))
			return
		}
		var members []json.RawMessage
		if err := json.Unmarshal(data, &members); err != nil {
			t.Fatalf("accepted, but encoding/json says %v", err)
		}
		var id string
		if err := json.Unmarshal(members[1], &id); err != nil || id != frame.ID {
			t.Fatalf("id %q, encoding/json reads %q, %v", frame.ID, id, err)
		}
		if length := utf8.RuneCountInString(frame.ID); length < 1 || length > maxIDLength {
			t.Fatalf("an id of %d characters", length)
		}
		var again []byte
		switch frame.Type {
		case Call, Send:
			again, err = EncodeCall(frame.ID, frame.Action, frame.Payload)
		case CallResult:
			if object(frame.Payload) == nil {
				return // what is no object is not sent
			}
			again, err = EncodeResult(frame.ID, frame.Payload)
		case CallError, CallResultError:
			return // tolerated when incomplete, so it need not come back the same
		}
		if err != nil {
			t.Fatalf("cannot be encoded: %v", err)
		}
		back, err := Parse(again)
		if err != nil || back.ID != frame.ID || back.Action != frame.Action {
			t.Fatalf("came back as %+v, %v", back, err)
		}
	})
}

func checkRefusals(t *testing.T, e *ParseError) {
	if e.Text == "" || e.Kind == 0 {
		t.Fatalf("an error that says nothing: %+v", *e)
	}
	for _, version := range []Version{V16, V201, V21} {
		answer, ok := Refusal(version, e)
		if !ok {
			continue
		}
		if len(answer) > 6*maxEcho+maxDescriptionLength*6 {
			t.Fatalf("%s is answered with %d bytes", version, len(answer))
		}
		frame, err := Parse(answer)
		if utf8.RuneCountInString(e.ID) > maxIDLength && version == V16 {
			continue // echoed whole, which Parse refuses as it refused the original
		}
		if err != nil || frame.ErrorCode != e.Kind.Code(version) {
			t.Fatalf("%s answered by %s: %v", version, answer, err)
		}
	}
}
