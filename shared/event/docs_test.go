package event_test

import (
	"encoding/json"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iot/types"

	"github.com/serverless-ocpp/backend/local/iot/rules"
	"github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/event/eventtest"
)

var (
	exampleForm = regexp.MustCompile("(?s)```json\n(.*?)```")
	ruleForm    = regexp.MustCompile(`(?s)<<'JSON'\n(.*?)\nJSON\naws iot create-topic-rule --rule-name (\w+)`)
)

func document(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/events.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// examples are the events that docs/events.md shows.
func examples(t *testing.T) map[event.Name]string {
	t.Helper()
	shown := make(map[event.Name]string)
	for _, match := range exampleForm.FindAllStringSubmatch(document(t), -1) {
		var e event.Event
		if err := json.Unmarshal([]byte(match[1]), &e); err != nil {
			t.Fatalf("%s: %v", match[1], err)
		}
		shown[e.Name] = match[1]
	}
	return shown
}

func TestDocumentShowsEveryEvent(t *testing.T) {
	shown := examples(t)
	for name := range samples {
		example, has := shown[name]
		if !has || !strings.Contains(document(t), "[`"+string(name)+"`](../schemas/events/"+string(name)+".json)") {
			t.Errorf("docs/events.md does not show %s, or does not link its schema", name)
			continue
		}
		if err := eventtest.Validate(name, []byte(example)); err != nil {
			t.Errorf("the example of %s: %v", name, err)
		}
	}
	if len(shown) != len(samples) {
		t.Errorf("docs/events.md shows %d events, there are %d", len(shown), len(samples))
	}
}

// The rules in the document are as AWS IoT takes them, and take the events that they are about.
func TestRulesInTheDocument(t *testing.T) {
	takes := map[string]func(event.Name) bool{
		"OcppTransactionsToWebhook": func(name event.Name) bool { return strings.HasPrefix(string(name), "transaction-") },
		"OcppEventsToTable":         func(event.Name) bool { return true },
		"OcppEventsToQueue":         func(event.Name) bool { return true },
	}
	found := ruleForm.FindAllStringSubmatch(document(t), -1)
	if len(found) != len(takes) {
		t.Fatalf("%d rules", len(found))
	}
	for _, match := range found {
		name := match[2]
		decoder := json.NewDecoder(strings.NewReader(match[1]))
		decoder.DisallowUnknownFields()
		var payload struct {
			AWSIoTSQLVersion string         `json:"awsIotSqlVersion"`
			SQL              string         `json:"sql"`
			Actions          []types.Action `json:"actions"` // of the SDK, whose fields are called as in the API
		}
		if err := decoder.Decode(&payload); err != nil || len(payload.Actions) != 1 {
			t.Errorf("rule %s: %v", name, err)
			continue
		}
		var got []string
		engine := rules.NewEngine(rules.Config{Log: slog.New(slog.DiscardHandler), Send: func(_, _, body string) error { got = append(got, body); return nil }})
		err := engine.Add(rules.Rule{Name: name, SQL: payload.SQL, SQLVersion: payload.AWSIoTSQLVersion, Actions: []rules.Action{{SQS: &rules.SQSAction{QueueURL: "q", RoleARN: "r"}}}})
		if err != nil {
			t.Error(err)
			continue
		}
		for shown, example := range examples(t) {
			got = nil
			engine.Handle(rules.Message{Topic: event.Event{Name: shown, ChargePointID: "CP001"}.Topic(), Payload: []byte(example)})
			if taken := len(got) == 1; taken != takes[name](shown) {
				t.Errorf("rule %s and %s: %v", name, shown, got)
			}
			if keyed := slices.ContainsFunc(got, func(body string) bool { return strings.Contains(body, `"eventKey":"2026-03-01T`) }); keyed != (name == "OcppEventsToTable") {
				t.Errorf("rule %s and %s: %v", name, shown, got)
			}
		}
	}
}
