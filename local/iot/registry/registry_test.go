package registry_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/local/durable"
	"github.com/serverless-ocpp/backend/local/iot/fault"
	"github.com/serverless-ocpp/backend/local/iot/registry"
)

type event struct {
	topic   string
	payload map[string]any
}

func newRegistry(t *testing.T, store *durable.Store) (*registry.Registry, *[]event) {
	t.Helper()
	events := new([]event)
	r, err := registry.New(registry.Config{
		Account:  "000000000000",
		Region:   "us-east-1",
		Store:    store,
		Policies: map[string]string{"B": "{}", "A": "{}"},
		Publish: func(topic string, payload []byte, _ byte) error {
			e := event{topic: topic}
			if err := json.Unmarshal(payload, &e.payload); err != nil {
				t.Error(err)
			}
			*events = append(*events, e)
			return nil
		},
		Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return r, events
}

func wantCode(t *testing.T, what string, err error, code string) {
	t.Helper()
	if err == nil || fault.Of(err).Code != code {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}

func TestCreateTwice(t *testing.T) {
	r, _ := newRegistry(t, durable.Memory())
	acme := registry.ThingConfig{Attributes: map[string]string{"vendor": "acme"}}
	first, err := r.Create("CP001", acme)
	if err != nil {
		t.Fatal(err)
	}
	second, err := r.Create("CP001", acme)
	if err != nil || second.ID != first.ID || second.Version != 1 {
		t.Errorf("the same again: %+v, %v", second, err)
	}
	_, err = r.Create("CP001", registry.ThingConfig{})
	wantCode(t, "another one", err, "ResourceAlreadyExistsException")
	if arn := fault.Of(err).Members["resourceArn"]; arn != "arn:aws:iot:us-east-1:000000000000:thing/CP001" {
		t.Errorf("resourceArn %s", arn)
	}
}

func TestNamesAndAttributes(t *testing.T) {
	r, _ := newRegistry(t, durable.Memory())
	for _, name := range []string{"", "CP 1", "CP/1", "Säule", strings.Repeat("x", 129)} {
		_, err := r.Create(name, registry.ThingConfig{})
		wantCode(t, fmt.Sprintf("the name %q", name), err, "InvalidRequestException")
	}
	if _, err := r.Create(strings.Repeat("x", 128), registry.ThingConfig{}); err != nil {
		t.Errorf("128 characters: %v", err)
	}
	for what, config := range map[string]registry.ThingConfig{
		"four without a type": {Attributes: map[string]string{"a": "1", "b": "1", "c": "1", "d": "1"}},
		"a name with a space": {Attributes: map[string]string{"a b": "1"}},
		"a value with one":    {Attributes: map[string]string{"a": "1 2"}},
	} {
		_, err := r.Create("CP001", config)
		wantCode(t, what, err, "InvalidRequestException")
	}
	_, err := r.Create("CP001", registry.ThingConfig{TypeName: "none"})
	wantCode(t, "an unknown type", err, "ResourceNotFoundException")
	_, err = r.Create("CP001", registry.ThingConfig{BillingGroup: "none"})
	wantCode(t, "an unknown billing group", err, "ResourceNotFoundException")
}

func TestUpdate(t *testing.T) {
	for _, test := range []struct {
		name   string
		change registry.Change
		want   map[string]string
	}{
		{"replaces", registry.Change{Attributes: map[string]string{"c": "3"}}, map[string]string{"c": "3"}},
		{"merges", registry.Change{Attributes: map[string]string{"b": "x", "c": "3"}, Merge: true}, map[string]string{"a": "1", "b": "x", "c": "3"}},
		{"an empty value removes", registry.Change{Attributes: map[string]string{"a": ""}, Merge: true}, map[string]string{"b": "2"}},
		{"leaves alone", registry.Change{}, map[string]string{"a": "1", "b": "2"}},
		{"of the expected version", registry.Change{ExpectedVersion: 1, Attributes: map[string]string{}}, map[string]string{}},
	} {
		r, _ := newRegistry(t, durable.Memory())
		if _, err := r.Create("CP001", registry.ThingConfig{Attributes: map[string]string{"a": "1", "b": "2"}}); err != nil {
			t.Fatal(err)
		}
		if err := r.Update("CP001", test.change); err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		thing, err := r.Describe("CP001")
		if err != nil || !maps.Equal(thing.Attributes, test.want) || thing.Version != 2 {
			t.Errorf("%s: %+v, %v", test.name, thing, err)
		}
		wantCode(t, "another version", r.Update("CP001", registry.Change{ExpectedVersion: 1}), "VersionConflictException")
		wantCode(t, "another version to delete", r.Delete("CP001", 1), "VersionConflictException")
		wantCode(t, "another Thing", r.Update("CP002", test.change), "ResourceNotFoundException")
	}
}

func TestDeleteOfNothingIsNoError(t *testing.T) {
	r, events := newRegistry(t, durable.Memory())
	if err := r.SetEvents(map[string]bool{"THING": true}); err != nil {
		t.Fatal(err)
	}
	if err := r.Delete("CP001", 0); err != nil || len(*events) > 0 {
		t.Errorf("%v, events %v", err, *events)
	}
}

func TestThingEvents(t *testing.T) {
	r, events := newRegistry(t, durable.Memory())
	change := func() {
		t.Helper()
		if _, err := r.Create("CP001", registry.ThingConfig{Attributes: map[string]string{"vendor": "acme"}}); err != nil {
			t.Fatal(err)
		}
		if err := r.Update("CP001", registry.Change{Attributes: map[string]string{}}); err != nil {
			t.Fatal(err)
		}
		if err := r.Delete("CP001", 2); err != nil {
			t.Fatal(err)
		}
	}
	change()
	if len(*events) > 0 {
		t.Fatalf("events that nobody switched on: %v", *events)
	}
	if err := r.SetEvents(map[string]bool{"THING": true}); err != nil {
		t.Fatal(err)
	}
	change()
	if len(*events) != 3 {
		t.Fatalf("events: %v", *events)
	}
	members := []string{"accountId", "attributes", "billingGroupName", "eventId", "eventType", "operation", "thingId", "thingName",
		"thingTypeName", "timestamp", "versionNumber"}
	for i, want := range []struct {
		topic, operation string
		version          float64
		attributes       int
	}{{"created", "CREATED", 1, 1}, {"updated", "UPDATED", 2, 0}, {"deleted", "DELETED", 2, 0}} {
		got := (*events)[i]
		attributes, _ := got.payload["attributes"].(map[string]any)
		if got.topic != "$aws/events/thing/CP001/"+want.topic || got.payload["operation"] != want.operation ||
			got.payload["versionNumber"] != want.version || attributes == nil || len(attributes) != want.attributes {
			t.Errorf("event %s: %v", got.topic, got.payload)
		}
		if names := slices.Sorted(maps.Keys(got.payload)); !slices.Equal(names, members) {
			t.Errorf("members %v", names)
		}
	}
}

func TestEventTypeThatIsNone(t *testing.T) {
	r, _ := newRegistry(t, durable.Memory())
	wantCode(t, "THINGS", r.SetEvents(map[string]bool{"THINGS": true}), "InvalidRequestException")
	if events := r.Events(); len(events) != 11 || events["THING"] {
		t.Errorf("events %v", events)
	}
}

func TestListPages(t *testing.T) {
	r, _ := newRegistry(t, durable.Memory())
	for i := range 7 {
		config := registry.ThingConfig{Attributes: map[string]string{"site": []string{"north", "south"}[i%2]}}
		if _, err := r.Create(fmt.Sprintf("CP%03d", i), config); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		query registry.Query
		pages []int
	}{
		{registry.Query{}, []int{7}},
		{registry.Query{Limit: 3}, []int{3, 3, 1}},
		{registry.Query{Limit: 7}, []int{7}},
		{registry.Query{AttributeName: "site", AttributeValue: "south", Limit: 2}, []int{2, 1}},
		{registry.Query{AttributeName: "site", AttributeValue: "sou", ValuePrefix: true}, []int{3}},
		{registry.Query{AttributeName: "site", AttributeValue: "sou"}, []int{0}},
		{registry.Query{AttributeName: "none"}, []int{0}},
		{registry.Query{TypeName: "none"}, []int{0}},
	} {
		var pages []int
		for query := test.query; ; {
			things, next, err := r.List(query)
			if err != nil {
				t.Fatal(err)
			}
			pages = append(pages, len(things))
			if next == "" {
				break
			}
			query.Token = next
		}
		if !slices.Equal(pages, test.pages) {
			t.Errorf("%+v: pages of %v, want %v", test.query, pages, test.pages)
		}
	}
	_, _, err := r.List(registry.Query{Limit: 251})
	wantCode(t, "251 at once", err, "InvalidRequestException")
	_, _, err = r.List(registry.Query{Token: "%"})
	wantCode(t, "a wrong token", err, "InvalidRequestException")
}

func TestTypes(t *testing.T) {
	r, _ := newRegistry(t, durable.Memory())
	made, err := r.CreateType("charger", "a charger", []string{"b", "a"})
	if err != nil {
		t.Fatal(err)
	}
	if again, err := r.CreateType("charger", "a charger", []string{"a", "b"}); err != nil || again.ID != made.ID {
		t.Errorf("the same again: %+v, %v", again, err)
	}
	_, err = r.CreateType("charger", "another", nil)
	wantCode(t, "another one", err, "ResourceAlreadyExistsException")
	_, err = r.DescribeType("none")
	wantCode(t, "none", err, "ResourceNotFoundException")
	if _, err := r.Create("CP001", registry.ThingConfig{TypeName: "charger"}); err != nil {
		t.Error(err)
	}
	if err := r.Update("CP001", registry.Change{RemoveType: true}); err != nil {
		t.Error(err)
	}
	if thing, err := r.Describe("CP001"); err != nil || thing.TypeName != "" {
		t.Errorf("%+v, %v", thing, err)
	}
}

func TestPolicies(t *testing.T) {
	r, _ := newRegistry(t, durable.Memory())
	if names := r.PolicyNames(); !slices.Equal(names, []string{"A", "B"}) {
		t.Errorf("names %v", names)
	}
	_, err := r.Policy("C")
	wantCode(t, "a missing policy", err, "ResourceNotFoundException")
}

func TestSurvivesARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "iot.db")
	store, err := durable.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	r, _ := newRegistry(t, store)
	if _, err := r.CreateType("charger", "", nil); err != nil {
		t.Fatal(err)
	}
	before, err := r.Create("CP001", registry.ThingConfig{TypeName: "charger"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Create("CP002", registry.ThingConfig{}); err != nil {
		t.Fatal(err)
	}
	if err := r.Delete("CP002", 0); err != nil {
		t.Fatal(err)
	}
	if err := r.SetEvents(map[string]bool{"THING": true}); err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}

	if store, err = durable.Open(path); err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	r, _ = newRegistry(t, store)
	after, err := r.Describe("CP001")
	if err != nil || after.ID != before.ID || after.TypeName != "charger" {
		t.Errorf("%+v, %v", after, err)
	}
	_, err = r.Describe("CP002")
	wantCode(t, "a deleted Thing", err, "ResourceNotFoundException")
	if !r.Events()["THING"] {
		t.Error("the event configuration is lost")
	}
	if _, err := r.DescribeType("charger"); err != nil {
		t.Error(err)
	}
}
