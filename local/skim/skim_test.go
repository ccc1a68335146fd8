package skim_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/serverless-ocpp/backend/local/skim"
)

func TestMembers(t *testing.T) {
	for _, document := range []string{
		`{}`, ` { } `, `{"a":1}`, `{"a":{"b":[1,"]}",{}]},"c":"x\"y\\","d" : null , "e":-1.5e3}`,
		"{\n\t\"a\": [ ],\r\n \"\\u0061b\": true\n}", `{"a":"\\\\\\\"","b":"\\"}`,
	} {
		var want map[string]json.RawMessage
		if err := json.Unmarshal([]byte(document), &want); err != nil {
			t.Fatal(err)
		}
		got := map[string]json.RawMessage{}
		for name, value := range skim.Members([]byte(document)) {
			got[name] = value
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %s, want %s", document, got, want)
		}
	}
}

func TestElements(t *testing.T) {
	for _, document := range []string{`[]`, ` [ ] `, `[2,"1","Heartbeat",{}]`, ` [ 2 , [ "]" ] , null ] `} {
		var want []json.RawMessage
		if err := json.Unmarshal([]byte(document), &want); err != nil {
			t.Fatal(err)
		}
		got := []json.RawMessage{}
		for value := range skim.Elements([]byte(document)) {
			got = append(got, value)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %s, want %s", document, got, want)
		}
	}
}

func TestText(t *testing.T) {
	for value, want := range map[string]string{`"a"`: "a", `""`: "", `"\u00e4\"\n"`: "ä\"\n", `1`: "", ``: "", `"`: "", `"\x"`: ""} {
		if got := skim.Text([]byte(value)); got != want {
			t.Errorf("%s: %q, want %q", value, got, want)
		}
	}
}

// Whatever it gets, it ends, and of JSON it finds what a decoder finds.
func FuzzMembers(f *testing.F) {
	for _, seed := range []string{`{"a":1}`, `{"a`, `{"a"`, `{"a":`, `{"a":"\`, `{"a":[}`, `{"a" 1}`, `{"a":1 "b":2}`, `{,}`, `[1,`, `[1 2]`, `{"":""}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		got := map[string]any{}
		for name, value := range skim.Members(document) {
			var decoded any
			if json.Unmarshal(value, &decoded) == nil {
				got[name] = decoded
			}
		}
		elements := 0
		for range skim.Elements(document) {
			elements++
		}
		var want any
		if json.Unmarshal(document, &want) != nil {
			return
		}
		switch want := want.(type) {
		case map[string]any:
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %v, want %v", document, got, want)
			}
		case []any:
			if elements != len(want) {
				t.Errorf("%s: %d elements, want %d", document, elements, len(want))
			}
		}
	})
}

func BenchmarkMembers(b *testing.B) {
	document := []byte(`{"requestContext":{"routeKey":"$default","authorizer":{"chargePointId":"CP001","status":"200"},"eventType":"MESSAGE",` +
		`"requestTime":"19/Feb/2024:07:21:46 +0000","connectionId":"L0SM9cOFvHcCIhw="},"body":"[2,\"1\",\"Heartbeat\",{}]"}`)
	for b.Loop() {
		for range skim.Members(document) {
		}
	}
}
