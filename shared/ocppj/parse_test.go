package ocppj

import (
	"errors"
	"strings"
	"testing"
)

// Specification: OCPP-J 1.6 section 4.2 and table 4 and table 7; OCPP 2.0.1 part 4 sections 4.2 and 4.1.5 and table
// 8; OCPP 2.1 part 4 section 4.2; OCPP-J 1.6 errata 5.1 and 5.2.
func TestParseReadsEveryFrame(t *testing.T) {
	tests := []struct {
		name, in string
		want     Frame
	}{
		{"call", `[2,"a1","Heartbeat",{}]`, Frame{Type: Call, ID: "a1", Action: "Heartbeat", Payload: []byte("{}")}},
		{"white space", " [ 2 ,\n\"a1\"\t, \"Heartbeat\" , { } ] \r\n", Frame{Type: Call, ID: "a1", Action: "Heartbeat", Payload: []byte("{ }")}},
		{"null payload", `[2,"a1","Heartbeat",null]`, Frame{Type: Call, ID: "a1", Action: "Heartbeat", Payload: []byte("{}")}},
		{"brackets and commas in strings", `[2,"a],\"1","X",{"a":"],[}{\\"}]`, Frame{Type: Call, ID: `a],"1`, Action: "X", Payload: []byte(`{"a":"],[}{\\"}`)}},
		{"escaped id", `[2,"\u0041\u00e9","X",{}]`, Frame{Type: Call, ID: "Aé", Action: "X", Payload: []byte("{}")}},
		{"escaped id beyond 16 bits", `[2,"\\\ud83d\ude00\\ufffd","X",{}]`, Frame{Type: Call, ID: `\😀\ufffd`, Action: "X", Payload: []byte("{}")}},
		{"replacement character in the id", `[2,"\ufffd\u0041","X",{}]`, Frame{Type: Call, ID: "\ufffdA", Action: "X", Payload: []byte("{}")}},
		{"36 characters that are more bytes", `[2,"` + strings.Repeat("é", 36) + `","X",{}]`, Frame{Type: Call, ID: strings.Repeat("é", 36), Action: "X", Payload: []byte("{}")}},
		{"result", `[3,"a1",{"status":"Accepted"}]`, Frame{Type: CallResult, ID: "a1", Payload: []byte(`{"status":"Accepted"}`)}},
		{"result of null", `[3,"a1",null]`, Frame{Type: CallResult, ID: "a1", Payload: []byte("{}")}},
		{"result that is no object", `[3,"a1",["b"]]`, Frame{Type: CallResult, ID: "a1", Payload: []byte(`["b"]`)}},
		{"result without anything", `[3,"a1"]`, Frame{Type: CallResult, ID: "a1", Payload: []byte(`[]`)}},
		{"result with an action", `[3,"a1", "X" ,{"b":1}]`, Frame{Type: CallResult, ID: "a1", Payload: []byte(`["X",{"b":1}]`)}},
		{"result with many elements", `[3,"a1",1,2,3,4,5,6,7]`, Frame{Type: CallResult, ID: "a1", Payload: []byte(`[1,2,3,4]`)}},
		{"error", `[4,"a1","GenericError","no","yes"]`, Frame{Type: CallError, ID: "a1", ErrorCode: "GenericError", ErrorDescription: "no", ErrorDetails: []byte(`"yes"`)}},
		{"error without details", `[4,"a1","GenericError","no"]`, Frame{Type: CallError, ID: "a1", ErrorCode: "GenericError", ErrorDescription: "no", ErrorDetails: []byte("{}")}},
		{"error without description", `[4,"a1",""]`, Frame{Type: CallError, ID: "a1", ErrorDetails: []byte("{}")}},
		{"error without anything", `[4,"a1"]`, Frame{Type: CallError, ID: "a1", ErrorDetails: []byte("{}")}},
		{"error with a number as code", `[4,"a1",404,"",{}]`, Frame{Type: CallError, ID: "a1", ErrorDetails: []byte("{}")}},
		{"error with a surplus element", `[4,"a1","X","",{},1]`, Frame{Type: CallError, ID: "a1", ErrorCode: "X", ErrorDetails: []byte("{}")}},
		{"error with nulls", `[4,"a1","X",null,null]`, Frame{Type: CallError, ID: "a1", ErrorCode: "X", ErrorDetails: []byte("{}")}},
		{"result error", `[5,"a1","FormatViolation","",{"a":1}]`, Frame{Type: CallResultError, ID: "a1", ErrorCode: "FormatViolation", ErrorDetails: []byte(`{"a":1}`)}},
		{"send", `[6,"a1","NotifyPeriodicEventStream",{"id":1}]`, Frame{Type: Send, ID: "a1", Action: "NotifyPeriodicEventStream", Payload: []byte(`{"id":1}`)}},
		{"nesting at the limit", `[2,"a1","X",` + nested(maxDepth-1) + `]`, Frame{Type: Call, ID: "a1", Action: "X", Payload: []byte(nested(maxDepth - 1))}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := Parse([]byte(test.in))
			if err != nil {
				t.Fatal(err)
			}
			equalFrames(t, got, test.want)
		})
	}
}

// nested returns an object of the given depth.
func nested(depth int) string {
	return strings.Repeat(`{"a":`, depth-1) + "{}" + strings.Repeat("}", depth-1)
}

func equalFrames(t *testing.T, got, want Frame) {
	t.Helper()
	if got.Type != want.Type || got.ID != want.ID || got.Action != want.Action ||
		got.ErrorCode != want.ErrorCode || got.ErrorDescription != want.ErrorDescription {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if string(got.Payload) != string(want.Payload) || string(got.ErrorDetails) != string(want.ErrorDetails) {
		t.Errorf("got payload %s, details %s; want %s, %s", got.Payload, got.ErrorDetails, want.Payload, want.ErrorDetails)
	}
}

// Specification: OCPP-J 1.6 section 4.1.2; OCPP 2.0.1 part 4 section 4.1.2.
func TestParseRecoversWhatItCan(t *testing.T) {
	long := strings.Repeat("x", 37)
	tests := []struct {
		name, in string
		want     ParseError // Text is not compared
	}{
		{"nothing", ``, ParseError{Kind: RpcFramework}},
		{"plain text", `hello`, ParseError{Kind: RpcFramework}},
		{"an object", `{"a":1}`, ParseError{Kind: RpcFramework}},
		{"an empty array", `[]`, ParseError{Kind: RpcFramework}},
		{"an open array", `[`, ParseError{Kind: RpcFramework}},
		{"an open string", `[2,"a`, ParseError{Type: Call, Kind: RpcFramework}},
		{"only a type", `[2]`, ParseError{Type: Call, Kind: RpcFramework}},
		{"a type in quotes", `["2","a1","X",{}]`, ParseError{ID: "a1", Kind: RpcFramework}},
		{"a fractional type", `[2.0,"a1","X",{}]`, ParseError{ID: "a1", Kind: RpcFramework}},
		{"a type with an exponent", `[2e0,"a1","X",{}]`, ParseError{ID: "a1", Kind: RpcFramework}},
		{"a sign alone", `[-,"a1","X",{}]`, ParseError{ID: "a1", Kind: RpcFramework}},
		{"a negative type", `[-2,"a1","X",{}]`, ParseError{Type: unnumbered, ID: "a1", Kind: MessageTypeNotSupported}},
		{"the type 0", `[0,"a1","X",{}]`, ParseError{Type: unnumbered, ID: "a1", Kind: MessageTypeNotSupported}},
		{"the type -0", `[-0,"a1","X",{}]`, ParseError{Type: unnumbered, ID: "a1", Kind: MessageTypeNotSupported}},
		{"a type of four digits", `[1000,"a1","X",{}]`, ParseError{Type: unnumbered, ID: "a1", Kind: MessageTypeNotSupported}},
		{"a type that fits no integer", `[100000000000000000002,"a1","X",{}]`, ParseError{Type: unnumbered, ID: "a1", Kind: MessageTypeNotSupported}},
		{"an unknown type", `[7,"a1","X",{}]`, ParseError{Type: 7, ID: "a1", Kind: MessageTypeNotSupported}},
		{"WAMP's type 1", `[1,"a1"]`, ParseError{Type: 1, ID: "a1", Kind: MessageTypeNotSupported}},
		{"a number as id", `[2,17,"X",{}]`, ParseError{Type: Call, Action: "X", Kind: RpcFramework}},
		{"null as id", `[2,null,"X",{}]`, ParseError{Type: Call, Action: "X", Kind: RpcFramework}},
		{"an empty id", `[2,"","X",{}]`, ParseError{Type: Call, Action: "X", Kind: RpcFramework}},
		{"a first half of a character in the id", `[2,"a\ud83db","X",{}]`, ParseError{Type: Call, Action: "X", Kind: RpcFramework}},
		{"a last half of a character in the id", `[2,"a\ufffd\\\ude00","X",{}]`, ParseError{Type: Call, Action: "X", Kind: RpcFramework}},
		{"halves in the wrong order in the id", `[2,"\ude00\ud83d","X",{}]`, ParseError{Type: Call, Action: "X", Kind: RpcFramework}},
		{"a half and a whole character in the id", `[2,"\ud83d\ud83d\ude00","X",{}]`, ParseError{Type: Call, Action: "X", Kind: RpcFramework}},
		{"a half at the end of the id", `[2,"\ud83d","X",{}]`, ParseError{Type: Call, Action: "X", Kind: RpcFramework}},
		{"an overlong id", `[2,"` + long + `","X",{}]`, ParseError{Type: Call, ID: long, Action: "X", Kind: RpcFramework}},
		{"no payload", `[2,"a1","X"]`, ParseError{Type: Call, ID: "a1", Action: "X", Kind: RpcFramework}},
		{"a surplus element", `[2,"a1","X",{},{}]`, ParseError{Type: Call, ID: "a1", Action: "X", Kind: RpcFramework}},
		{"many surplus elements", `[2,"a1","X",{},1,2,3,4,5,6,7]`, ParseError{Type: Call, ID: "a1", Action: "X", Kind: RpcFramework}},
		{"a trailing comma", `[2,"a1","X",{},]`, ParseError{Type: Call, ID: "a1", Action: "X", Kind: FormatViolation}},
		{"a number as action", `[2,"a1",3,{}]`, ParseError{Type: Call, ID: "a1", Kind: RpcFramework}},
		{"an array as payload", `[2,"a1","X",[]]`, ParseError{Type: Call, ID: "a1", Action: "X", Kind: FormatViolation}},
		{"a string as payload", `[2,"a1","X","{}"]`, ParseError{Type: Call, ID: "a1", Action: "X", Kind: FormatViolation}},
		{"a truncated payload", `[2,"a1","X",{"a":`, ParseError{Type: Call, ID: "a1", Action: "X", Kind: FormatViolation}},
		{"two messages", `[2,"a1","X",{}][2,"a2","X",{}]`, ParseError{Type: Call, ID: "a1", Action: "X", Kind: FormatViolation}},
		{"not UTF-8 in the payload", "[2,\"a1\",\"X\",{\"a\":\"\xff\"}]", ParseError{Type: Call, ID: "a1", Action: "X", Kind: FormatViolation}},
		{"not UTF-8 in the id", "[2,\"a\xff\",\"X\",{}]", ParseError{Type: Call, Action: "X", Kind: RpcFramework}},
		{"a control character in the id", "[2,\"a\x01\",\"X\",{}]", ParseError{Type: Call, Action: "X", Kind: RpcFramework}},
		{"a byte order mark", "\ufeff[2,\"a1\",\"X\",{}]", ParseError{Kind: RpcFramework}},
		{"a truncated result", `[3,"a1",{"a":`, ParseError{Type: CallResult, ID: "a1", Kind: RpcFramework}},
		{"a truncated error", `[4,"a1","X`, ParseError{Type: CallError, ID: "a1", Kind: RpcFramework}},
		{"too deep", `[2,"a1","X",` + nested(maxDepth) + `]`, ParseError{Type: Call, ID: "a1", Action: "X", Kind: FormatViolation}},
		{"a bomb", strings.Repeat("[", 100_000), ParseError{Kind: RpcFramework}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			frame, err := Parse([]byte(test.in))
			got, ok := errors.AsType[*ParseError](err)
			if !ok {
				t.Fatalf("got frame %+v and error %v, want a *ParseError", frame, err)
			}
			if got.Text == "" {
				t.Error("the error says nothing")
			}
			test.want.Text = got.Text
			if *got != test.want {
				t.Errorf("got  %+v\nwant %+v", *got, test.want)
			}
		})
	}
}

// Specification: OCPP-J 1.6 section 4.2; OCPP 2.0.1 part 4 section 4.2; OCPP 2.1 part 4 section 4.2.
func TestCheckVersionKnowsWhichFramesExist(t *testing.T) {
	for _, version := range []Version{V16, V201, V21} {
		for frameType := Call; frameType <= Send; frameType++ {
			frame := Frame{Type: frameType, ID: "a1"}
			got := frame.CheckVersion(version)
			if exists := frameType <= CallError || version == V21; exists != (got == nil) {
				t.Errorf("%s in %s: got %v", frameType, version, got)
			}
			if got != nil && (got.Kind != MessageTypeNotSupported || got.ID != "a1" || got.Type != frameType) {
				t.Errorf("%s in %s: got %+v", frameType, version, *got)
			}
		}
	}
}

func BenchmarkParse(b *testing.B) {
	frames := map[string]string{
		"Heartbeat":   `[2,"19223201","Heartbeat",{}]`,
		"MeterValues": `[2,"5a1f4b9e-9d0c-4a3f-8f70-4d1c9e2a7b11","MeterValues",{"connectorId":1,"transactionId":12345,"meterValue":[{"timestamp":"2026-05-01T12:00:00Z","sampledValue":[{"value":"1234.5","measurand":"Energy.Active.Import.Register","unit":"Wh"},{"value":"16.1","measurand":"Current.Import","phase":"L1","unit":"A"},{"value":"230.2","measurand":"Voltage","phase":"L1-N","unit":"V"}]}]}]`,
	}
	for name, frame := range frames {
		b.Run(name, func(b *testing.B) {
			data := []byte(frame)
			b.ReportAllocs()
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if _, err := Parse(data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
