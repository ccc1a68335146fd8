package shadow_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/local/durable"
	"github.com/serverless-ocpp/backend/local/iot/fault"
	"github.com/serverless-ocpp/backend/local/iot/shadow"
)

var classic = shadow.ID{Thing: "CP001"}

// told is what a service published, in order: topic and payload.
type told [][2]string

func service(t *testing.T, store *durable.Store) (*shadow.Service, *told) {
	t.Helper()
	messages := new(told)
	s, err := shadow.New(shadow.Config{
		Store: store,
		Publish: func(topic string, payload []byte, _ byte) error {
			*messages = append(*messages, [2]string{topic, string(payload)})
			return nil
		},
		Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return s, messages
}

func update(t *testing.T, s *shadow.Service, id shadow.ID, requests ...string) string {
	t.Helper()
	var accepted []byte
	for _, request := range requests {
		var err error
		if accepted, err = s.Update(id, []byte(request)); err != nil {
			t.Fatalf("%s: %v", request, err)
		}
	}
	return string(accepted)
}

// field returns a part of a JSON document, written as JSON.
func field(t *testing.T, document string, names ...string) string {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(document), &v); err != nil {
		t.Fatalf("%s: %v", document, err)
	}
	for _, name := range names {
		members, _ := v.(map[string]any)
		v = members[name]
	}
	encoded, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}

func TestMerge(t *testing.T) {
	for _, test := range []struct {
		name     string
		requests []string
		want     string // state of Get
	}{
		{"sections", []string{`{"state":{"desired":{"a":1},"reported":{"a":1}}}`}, `{"desired":{"a":1},"reported":{"a":1}}`},
		{"objects are merged", []string{`{"state":{"reported":{"a":{"b":1,"c":2}}}}`, `{"state":{"reported":{"a":{"c":3}}}}`},
			`{"reported":{"a":{"b":1,"c":3}}}`},
		{"null removes", []string{`{"state":{"reported":{"a":1,"b":{"c":1,"d":2}}}}`, `{"state":{"reported":{"a":null,"b":{"c":null}}}}`},
			`{"reported":{"b":{"d":2}}}`},
		{"null in what is new is nothing", []string{`{"state":{"reported":{"a":{"b":null,"c":1}}}}`}, `{"reported":{"a":{"c":1}}}`},
		{"arrays are replaced", []string{`{"state":{"reported":{"a":[1,2,3]}}}`, `{"state":{"reported":{"a":[4]}}}`}, `{"reported":{"a":[4]}}`},
		{"types may change", []string{`{"state":{"reported":{"a":{"b":1}}}}`, `{"state":{"reported":{"a":1}}}`, `{"state":{"reported":{"a":{"c":2}}}}`},
			`{"reported":{"a":{"c":2}}}`},
		{"a section that is null is removed", []string{`{"state":{"desired":{"a":1},"reported":{"a":1}}}`, `{"state":{"desired":null}}`},
			`{"reported":{"a":1}}`},
		{"a section that becomes empty is removed", []string{`{"state":{"desired":{"a":1},"reported":{"a":1}}}`, `{"state":{"desired":{"a":null}}}`},
			`{"reported":{"a":1}}`},
		{"a state that is null is emptied", []string{`{"state":{"desired":{"a":1}}}`, `{"state":null}`}, `{}`},
		{"delta has what is desired and not reported so", []string{`{"state":{"desired":{"a":1,"b":{"c":1,"d":2},"e":[1],"f":1.0},"reported":{"b":{"c":1,"d":3},"e":[1],"f":1,"g":5}}}`},
			`{"delta":{"a":1,"b":{"d":2}},"desired":{"a":1,"b":{"c":1,"d":2},"e":[1],"f":1},"reported":{"b":{"c":1,"d":3},"e":[1],"f":1,"g":5}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, _ := service(t, durable.Memory())
			update(t, s, classic, test.requests...)
			document, err := s.Get(classic)
			if err != nil {
				t.Fatal(err)
			}
			if got := field(t, string(document), "state"); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if got, want := field(t, string(document), "version"), fmt.Sprint(len(test.requests)); got != want {
				t.Errorf("version %s, want %s", got, want)
			}
		})
	}
}

func TestMetadataHasATimestampForEveryValue(t *testing.T) {
	s, _ := service(t, durable.Memory())
	update(t, s, classic, `{"state":{"desired":{"a":1,"b":{"c":[1,2]}}}}`, `{"state":{"desired":{"a":null}}}`)
	document, err := s.Get(classic)
	if err != nil {
		t.Fatal(err)
	}
	metadata := regexp.MustCompile(`\d+`).ReplaceAllString(field(t, string(document), "metadata"), "N")
	if metadata != `{"desired":{"b":{"c":{"timestamp":N}}}}` {
		t.Errorf("metadata %s", metadata)
	}
}

func TestAcceptedIsWhatWasAskedFor(t *testing.T) {
	s, _ := service(t, durable.Memory())
	update(t, s, classic, `{"state":{"reported":{"a":1,"b":2}}}`)
	accepted := update(t, s, classic, `{"state":{"reported":{"a":null,"c":3},"desired":null},"clientToken":"t-1","version":1}`)
	if got := field(t, accepted, "state"); got != `{"desired":null,"reported":{"a":null,"c":3}}` {
		t.Errorf("state %s", got)
	}
	if field(t, accepted, "clientToken") != `"t-1"` || field(t, accepted, "version") != "2" {
		t.Errorf("accepted: %s", accepted)
	}
	if field(t, accepted, "metadata", "reported", "c", "timestamp") == "null" || field(t, accepted, "metadata", "reported", "b") != "null" {
		t.Errorf("metadata: %s", accepted)
	}
}

func TestRefusals(t *testing.T) {
	nested := func(levels int) string {
		return strings.Repeat(`{"a":`, levels-1) + `{}` + strings.Repeat(`}`, levels-1)
	}
	for _, test := range []struct {
		request, message string
		status           int
	}{
		{`{`, "Invalid JSON", 400},
		{`[]`, "Invalid JSON", 400},
		{`null`, "Invalid JSON", 400},
		{`{"state":{}} x`, "Invalid JSON", 400},
		{``, "Invalid JSON", 400},
		{`{"nostate":1}`, "Missing required node: state", 400},
		{`{"state":1}`, "State node must be an object", 400},
		{`{"state":{"desired":1}}`, "Desired node must be an object", 400},
		{`{"state":{"reported":[]}}`, "Reported node must be an object", 400},
		{`{"state":{"other":{}}}`, "State contains an invalid node: 'other'", 400},
		{`{"state":{"reported":{"a":[null]}}}`, "State contains an invalid node", 400},
		{`{"state":{},"version":"1"}`, "Invalid version", 400},
		{`{"state":{},"version":1.5}`, "Invalid version", 400},
		{`{"state":{},"version":7}`, "Version conflict", 409},
		{`{"state":{},"clientToken":1}`, "Invalid clientToken", 400},
		{`{"state":{},"clientToken":"` + strings.Repeat("x", 65) + `"}`, "Invalid clientToken", 400},
		{`{"state":{"desired":` + nested(9) + `}}`, "JSON contains too many levels of nesting; maximum is 8", 400},
		{`{"state":{"reported":{"a":"` + strings.Repeat("x", 8192) + `"}}}`, "The payload exceeds the maximum size allowed", 413},
		{"{\"state\":{\"reported\":{\"a\":\"\xff\"}}}", "Unsupported documented encoding; supported encoding is UTF-8", 415},
	} {
		s, messages := service(t, durable.Memory())
		_, err := s.Update(classic, []byte(test.request))
		if err == nil {
			t.Errorf("%.80s: was accepted", test.request)
			continue
		}
		if cause := fault.Of(err); cause.Status != test.status || cause.Message != test.message {
			t.Errorf("%.80s: %d %s", test.request, cause.Status, cause.Message)
		}
		if len(*messages) > 0 {
			t.Errorf("%.80s: published %v, but only MQTT requests are rejected on a topic", test.request, *messages)
		}
	}
	s, _ := service(t, durable.Memory())
	update(t, s, classic, `{"state":{"desired":`+nested(8)+`}}`)
}

func TestSizeIsOfTheWholeState(t *testing.T) {
	s, _ := service(t, durable.Memory())
	half := strings.Repeat("x", 5000)
	update(t, s, classic, `{"state":{"reported":{"a":"`+half+`"}}}`)
	if _, err := s.Update(classic, []byte(`{"state":{"desired":{"a":"`+half+`"}}}`)); err == nil || fault.Of(err).Status != 413 {
		t.Errorf("10 KB in two updates: %v", err)
	}
}

func TestVersionsAndDeletion(t *testing.T) {
	s, _ := service(t, durable.Memory())
	missing := func() {
		t.Helper()
		for name, call := range map[string]func() ([]byte, error){
			"Get":    func() ([]byte, error) { return s.Get(classic) },
			"Delete": func() ([]byte, error) { return s.Delete(classic) },
		} {
			_, err := call()
			if err == nil || fault.Of(err).Status != 404 || fault.Of(err).Message != "No shadow exists with name: 'CP001'" {
				t.Errorf("%s of what is not there: %v", name, err)
			}
		}
	}
	missing()
	update(t, s, classic, `{"state":{"reported":{"a":1}},"version":0}`, `{"state":{"reported":{"a":2}},"version":1}`)
	deleted, err := s.Delete(classic)
	if err != nil || field(t, string(deleted), "version") != "2" {
		t.Errorf("deleted: %s, %v", deleted, err)
	}
	missing()
	update(t, s, classic, `{"state":{"reported":{"b":1}}}`)
	document, err := s.Get(classic)
	if err != nil || field(t, string(document), "version") != "3" || field(t, string(document), "state") != `{"reported":{"b":1}}` {
		t.Errorf("after its deletion: %s, %v", document, err)
	}
}

func TestNamedShadows(t *testing.T) {
	s, _ := service(t, durable.Memory())
	diag, other := shadow.ID{Thing: "CP001", Name: "diag"}, shadow.ID{Thing: "CP0011", Name: "x"}
	update(t, s, diag, `{"state":{"reported":{"a":1}}}`)
	update(t, s, other, `{"state":{"reported":{"a":1}}}`)
	update(t, s, shadow.ID{Thing: "CP001", Name: "a"}, `{"state":{"reported":{"a":1}}}`)
	if _, err := s.Get(classic); err == nil {
		t.Error("a named shadow made a classic one")
	}
	if names, err := s.Named("CP001"); err != nil || !reflect.DeepEqual(names, []string{"a", "diag"}) {
		t.Errorf("names %v, %v", names, err)
	}
	if _, err := s.Get(shadow.ID{Thing: "CP001", Name: "none"}); err == nil || fault.Of(err).Message != "No shadow exists with name: 'none'" {
		t.Errorf("missing: %v", err)
	}
	for _, id := range []shadow.ID{{Thing: "CP 1"}, {Thing: "CP1", Name: "a/b"}, {Thing: ""}} {
		if _, err := s.Update(id, []byte(`{"state":{}}`)); err == nil || fault.Of(err).Status != 400 {
			t.Errorf("%+v: %v", id, err)
		}
	}
}

func TestShadowsSurviveARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "iot.db")
	store, err := durable.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	s, _ := service(t, store)
	update(t, s, classic, `{"state":{"desired":{"n":12345678901234567890},"reported":{"n":1}}}`)
	update(t, s, shadow.ID{Thing: "CP002"}, `{"state":{"reported":{"a":1}}}`)
	if _, err := s.Delete(shadow.ID{Thing: "CP002"}); err != nil {
		t.Fatal(err)
	}
	before, err := s.Get(classic)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}

	if store, err = durable.Open(path); err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	s, _ = service(t, store)
	after, err := s.Get(classic)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"state", "metadata", "version"} {
		if field(t, string(before), name) != field(t, string(after), name) {
			t.Errorf("%s was %s and is %s", name, before, after)
		}
	}
	if !strings.Contains(string(after), "12345678901234567890") {
		t.Errorf("the number has lost digits: %s", after)
	}
	if _, err := s.Get(shadow.ID{Thing: "CP002"}); err == nil {
		t.Error("a deleted shadow is back")
	}
	if v := field(t, update(t, s, shadow.ID{Thing: "CP002"}, `{"state":{}}`), "version"); v != "2" {
		t.Errorf("the deleted one's version is %s", v)
	}
}
