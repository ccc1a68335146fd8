package ocppj

import (
	"encoding/json"
	"strings"
	"testing"
)

// Specification: OCPP-J 1.6 section 4.2 and table 6; OCPP 2.0.1 part 4 section 4.2 and table 7; OCPP 2.1 part 4
// section 4.2.
func TestEncodersWriteWhatParseReads(t *testing.T) {
	type status struct {
		Status string `json:"status"`
	}
	encode := func(frame []byte, err error) string {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
		return string(frame)
	}
	long := strings.Repeat("é", maxDescriptionLength+1)
	tests := []struct{ got, want string }{
		{encode(EncodeCall("a1", "Reset", map[string]string{"type": "Soft"})), `[2,"a1","Reset",{"type":"Soft"}]`},
		{encode(EncodeCall("a1", "ClearCache", nil)), `[2,"a1","ClearCache",{}]`},
		{encode(EncodeCall("a1", "ClearCache", json.RawMessage(nil))), `[2,"a1","ClearCache",{}]`},
		{encode(EncodeResult("a1", status{"Accepted"})), `[3,"a1",{"status":"Accepted"}]`},
		{encode(EncodeResult("a\"\n1", json.RawMessage(` {"a": 1} `))), `[3,"a\"\n1",{"a":1}]`},
		{encode(EncodeError("a1", "NotImplemented", "no", nil)), `[4,"a1","NotImplemented","no",{}]`},
		{encode(EncodeError("a1", "GenericError", long, map[string]int{"a": 1})), `[4,"a1","GenericError","` + strings.Repeat("é", maxDescriptionLength) + `",{"a":1}]`},
		{encode(EncodeResultError("a1", "FormatViolation", "", nil)), `[5,"a1","FormatViolation","",{}]`},
	}
	for _, test := range tests {
		if test.got != test.want {
			t.Errorf("got  %s\nwant %s", test.got, test.want)
		}
		if _, err := Parse([]byte(test.got)); err != nil {
			t.Errorf("%s: %v", test.got, err)
		}
	}
}

// Specification: OCPP-J 1.6 table 6; OCPP 2.0.1 part 4 table 7.
func TestEncodersRefuseWhatMustNotBeSent(t *testing.T) {
	long := strings.Repeat("x", maxIDLength+1)
	tests := map[string]func() ([]byte, error){
		"a call without an id":       func() ([]byte, error) { return EncodeCall("", "Reset", nil) },
		"a call without an action":   func() ([]byte, error) { return EncodeCall("a1", "", nil) },
		"an overlong id":             func() ([]byte, error) { return EncodeResult(long, nil) },
		"an array as payload":        func() ([]byte, error) { return EncodeResult("a1", []int{1}) },
		"a payload that is not JSON": func() ([]byte, error) { return EncodeCall("a1", "Reset", json.RawMessage(`{"a":`)) },
		"an error without a code":    func() ([]byte, error) { return EncodeError("a1", "", "no", nil) },
		"details that are a string":  func() ([]byte, error) { return EncodeError("a1", "GenericError", "", "no") },
	}
	for name, encode := range tests {
		if frame, err := encode(); err == nil {
			t.Errorf("%s: got %s, want an error", name, frame)
		}
	}
}

func BenchmarkEncodeResult(b *testing.B) {
	payload := struct {
		Status      string `json:"status"`
		CurrentTime string `json:"currentTime"`
		Interval    int    `json:"interval"`
	}{"Accepted", "2026-05-01T12:00:00Z", 300}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := EncodeResult("19223201", payload); err != nil {
			b.Fatal(err)
		}
	}
}
