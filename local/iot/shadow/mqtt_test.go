package shadow_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/local/durable"
	"github.com/serverless-ocpp/backend/local/iot/shadow"
)

const topic = "$aws/things/CP001/shadow"

// topics returns the topics of messages without their common beginning.
func (m told) topics() (topics []string) {
	for _, message := range m {
		topics = append(topics, message[0][len(topic):])
	}
	return topics
}

func TestReceive(t *testing.T) {
	for _, test := range []struct {
		name, topic, payload string
		want                 []string
		last                 [2]string // a member of the last message and its value
	}{
		{"update with a difference", "/update", `{"state":{"desired":{"on":true}},"clientToken":"t"}`,
			[]string{"/update/accepted", "/update/documents", "/update/delta"}, [2]string{"state", `{"on":true}`}},
		{"update without a difference", "/update", `{"state":{"reported":{"on":true}}}`,
			[]string{"/update/accepted", "/update/documents"}, [2]string{"current", ""}},
		{"update that is refused", "/update", `{"state":1,"clientToken":"t"}`, []string{"/update/rejected"}, [2]string{"clientToken", `"t"`}},
		{"get of nothing", "/get", `{"clientToken":"t"}`, []string{"/get/rejected"}, [2]string{"code", "404"}},
		{"delete of nothing", "/delete", ``, []string{"/delete/rejected"}, [2]string{"message", `"No shadow exists with name: 'CP001'"`}},
		{"named", "/name/diag/update", `{"state":{"reported":{"on":true}}}`,
			[]string{"/name/diag/update/accepted", "/name/diag/update/documents"}, [2]string{"previous", ""}},
		{"not a request", "/update/accepted", `{"state":{}}`, nil, [2]string{}},
		{"not a shadow's topic", "/name/a/b/update", `{"state":{}}`, nil, [2]string{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, messages := service(t, durable.Memory())
			s.Receive(topic+test.topic, []byte(test.payload))
			got := messages.topics()
			if len(got) != len(test.want) {
				t.Fatalf("published on %q", got)
			}
			for i := range got {
				if got[i] != test.want[i] {
					t.Errorf("published on %q", got)
				}
			}
			if len(got) == 0 {
				return
			}
			last := (*messages)[len(got)-1][1]
			if value := field(t, last, test.last[0]); value == "null" || (test.last[1] != "" && value != test.last[1]) {
				t.Errorf("%s is %s in %s", test.last[0], value, last)
			}
		})
	}
}

func TestReceiveGetAndDelete(t *testing.T) {
	s, messages := service(t, durable.Memory())
	update(t, s, classic, `{"state":{"reported":{"a":1}}}`)
	*messages = nil
	s.Receive(topic+"/get", nil)
	s.Receive(topic+"/delete", []byte(`{"clientToken":"t"}`))
	got := *messages
	if len(got) != 2 || got[0][0] != topic+"/get/accepted" || got[1][0] != topic+"/delete/accepted" {
		t.Fatalf("published %q", got)
	}
	if field(t, got[0][1], "state", "reported", "a") != "1" || field(t, got[1][1], "version") != "1" || field(t, got[1][1], "clientToken") != `"t"` {
		t.Errorf("published %q", got)
	}
}

func TestDocumentsShowBeforeAndAfter(t *testing.T) {
	s, messages := service(t, durable.Memory())
	update(t, s, shadow.ID{Thing: "CP001"}, `{"state":{"reported":{"a":1}}}`)
	*messages = nil
	update(t, s, shadow.ID{Thing: "CP001"}, `{"state":{"reported":{"a":2}}}`)
	documents := (*messages)[1][1]
	for part, want := range map[string][2]string{"previous": {"1", "1"}, "current": {"2", "2"}} {
		if field(t, documents, part, "state", "reported", "a") != want[0] || field(t, documents, part, "version") != want[1] {
			t.Errorf("%s in %s", part, documents)
		}
	}
}

func TestNothingIsPublishedThatNobodyHears(t *testing.T) {
	var messages told
	s, err := shadow.New(shadow.Config{
		Store: durable.Memory(),
		Publish: func(topic string, payload []byte, _ byte) error {
			messages = append(messages, [2]string{topic, string(payload)})
			return nil
		},
		Heard: func(topic string) bool { return strings.HasSuffix(topic, "/update/delta") },
	})
	if err != nil {
		t.Fatal(err)
	}
	if accepted := update(t, s, classic, `{"state":{"desired":{"on":true}}}`); field(t, accepted, "version") != "1" {
		t.Errorf("accepted %s", accepted)
	}
	if got := messages.topics(); !slices.Equal(got, []string{"/update/delta"}) {
		t.Errorf("published on %q", got)
	}
}
