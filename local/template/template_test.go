package template

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
)

var options = Options{StackName: "Small", Region: "us-east-1", AccountID: "000000000000", QueueEndpoint: "http://127.0.0.1:4566"}

func small(t *testing.T) *Template {
	t.Helper()
	document, err := os.ReadFile("testdata/small.template.json")
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := Parse(document, options)
	if err != nil {
		t.Fatal(err)
	}
	parsed.Supply("Secret", map[string]string{"RandomPassword": "s3cret"})
	return parsed
}

// one returns the only element of a view.
func one[T any](t *testing.T, list []T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 1 {
		t.Fatalf("%d elements, want 1: %+v", len(list), list)
	}
	return list[0]
}

func TestFunctions(t *testing.T) {
	functions, err := small(t).Functions()
	got := one(t, functions, err)
	want := Function{
		LogicalID:   "Message",
		Name:        "Small-Message",
		ARN:         "arn:aws:lambda:us-east-1:000000000000:function:Small-Message",
		Handler:     "message",
		RoleARN:     "arn:aws:iam::000000000000:role/Small-MessageRole",
		Timeout:     20 * time.Second,
		MemoryMB:    256,
		Concurrency: new(7),
		LogFormat:   "JSON",
		LogLevel:    "INFO",
		Environment: map[string]string{
			"TABLE":                "Small-CommandTable",
			"QUEUE_URL":            "http://127.0.0.1:4566/000000000000/Small-Incoming.fifo",
			"EDGE_SECRET":          "s3cret",
			"CONNECTIONS_ENDPOINT": got.Environment["CONNECTIONS_ENDPOINT"],
		},
		DeadLetterARN:   "arn:aws:sqs:us-east-1:000000000000:Small-Dead.fifo",
		OnFailureARN:    "arn:aws:sqs:us-east-1:000000000000:Small-Dead.fifo",
		MaximumRetries:  0,
		MaximumEventAge: time.Minute,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v, want\n%+v", got, want)
	}
	apis, err := small(t).APIs("WEBSOCKET")
	if endpoint := "https://" + one(t, apis, err).ID + ".execute-api.us-east-1.amazonaws.com/ocpp"; got.Environment["CONNECTIONS_ENDPOINT"] != endpoint {
		t.Errorf("CONNECTIONS_ENDPOINT = %s, want %s", got.Environment["CONNECTIONS_ENDPOINT"], endpoint)
	}
}

func TestStorage(t *testing.T) {
	tables, err := small(t).Tables()
	wantTable := Table{
		Name:                "Small-CommandTable",
		ARN:                 "arn:aws:dynamodb:us-east-1:000000000000:table/Small-CommandTable",
		HashKey:             "chargePointId",
		RangeKey:            "commandId",
		AttributeTypes:      map[string]string{"chargePointId": "S", "commandId": "S", "queuedAt": "S"},
		LocalIndexes:        []Index{{Name: "Queued", HashKey: "chargePointId", RangeKey: "queuedAt", Projection: "KEYS_ONLY"}},
		TTLAttribute:        "ttl",
		PointInTimeRecovery: true,
	}
	if table := one(t, tables, err); !reflect.DeepEqual(table, wantTable) {
		t.Errorf("table %+v, want %+v", table, wantTable)
	}

	queues, err := small(t).Queues()
	if err != nil || len(queues) != 2 {
		t.Fatalf("queues %+v, %v", queues, err)
	}
	incoming := queues[1]
	want := map[string]string{
		"FifoQueue":          "true",
		"DeduplicationScope": "messageGroup",
		"VisibilityTimeout":  "60",
		"RedrivePolicy":      `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:Small-Dead.fifo","maxReceiveCount":5}`,
	}
	if !reflect.DeepEqual(incoming.Attributes, want) {
		t.Errorf("attributes %v, want %v", incoming.Attributes, want)
	}
	mappings, err := small(t).EventSourceMappings()
	mapping := one(t, mappings, err)
	if mapping.QueueARN != incoming.ARN || mapping.Function != "Small-Message" || mapping.BatchSize != 10 || !mapping.PartialFailures || mapping.Disabled {
		t.Errorf("mapping %+v", mapping)
	}
}

func TestRoleCollectsInlineAndAttachedPolicies(t *testing.T) {
	role, err := small(t).Role("arn:aws:iam::000000000000:role/Small-MessageRole")
	if err != nil {
		t.Fatal(err)
	}
	if role.Name != "Small-MessageRole" || len(role.Policies) != 2 {
		t.Fatalf("role %+v, want two policies", role)
	}
	if got := role.Policies[0].Statements[0].Resource[0]; got != "arn:aws:logs:*" {
		t.Errorf("inline policy on %s", got)
	}
	if got := role.Policies[1].Statements[0].Resource[0]; got != "arn:aws:dynamodb:us-east-1:000000000000:table/Small-CommandTable" {
		t.Errorf("attached policy on %s", got)
	}
	if _, err := small(t).Role("arn:aws:iam::000000000000:role/Other"); err == nil {
		t.Error("an unknown role was found")
	}
}

func TestAPIs(t *testing.T) {
	apis, err := small(t).APIs("WEBSOCKET")
	api := one(t, apis, err)
	if api.Stage != "ocpp" || api.BurstLimit != 100 || api.RateLimit != 50.5 || len(api.Routes) != 1 {
		t.Fatalf("api %+v", api)
	}
	route := api.Routes[0]
	if route.Key != "$connect" || route.Function != "Small-Message" || route.Timeout != 29*time.Second || route.ResponseToClient {
		t.Errorf("route %+v", route)
	}
	if route.Authorizer == nil || route.Authorizer.Function != "Small-Message" || len(route.Authorizer.IdentitySource) != 0 {
		t.Errorf("authorizer %+v", route.Authorizer)
	}
	permissions, err := small(t).Permissions()
	permission := one(t, permissions, err)
	if permission.Function != "Small-Message" || permission.SourceARN != "arn:aws:execute-api:us-east-1:000000000000:"+api.ID+"/*/*" {
		t.Errorf("permission %+v", permission)
	}
	distribution, ok, err := small(t).Distribution()
	if err != nil || !ok {
		t.Fatalf("distribution: %t, %v", ok, err)
	}
	if distribution.OriginDomain != api.ID+".execute-api.us-east-1.amazonaws.com" || distribution.OriginHeaders["X-Secret"] != "s3cret" || !strings.Contains(distribution.FunctionCode, "handler") {
		t.Errorf("distribution %+v", distribution)
	}
	if want := map[int]time.Duration{404: 0, 500: 3 * time.Second}; !reflect.DeepEqual(distribution.ErrorsKept, want) {
		t.Errorf("errors are kept for %v, want %v", distribution.ErrorsKept, want)
	}
	outputs, err := small(t).Outputs()
	if want := map[string]string{"WebSocketURL": "wss://" + distribution.DomainName}; err != nil || !reflect.DeepEqual(outputs, want) {
		t.Errorf("outputs %v, %v, want %v", outputs, err, want)
	}
}

func TestRulesAndCustomCalls(t *testing.T) {
	rules, err := small(t).Rules()
	got := one(t, rules, err)
	want := Rule{
		Name: "Small_Events", ARN: "arn:aws:iot:us-east-1:000000000000:rule/Small_Events",
		SQL: "SELECT * FROM '$aws/events/thing/+/+'", SQLVersion: "2016-03-23",
		Actions:     []Action{{Function: "Small-Message"}},
		ErrorAction: &Action{QueueURL: "http://127.0.0.1:4566/000000000000/Small-Dead.fifo", RoleARN: "arn:aws:iam::000000000000:role/Small-RuleRole"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("rule %+v, want %+v", got, want)
	}
	policies, err := small(t).IoTPolicies()
	if policy := one(t, policies, err); policy.Name != "Small-Policy" {
		t.Errorf("policy %+v", policy)
	}
	calls, err := small(t).CustomCalls()
	call := one(t, calls, err)
	if call.LogicalID != "Secret" || call.Service != "SecretsManager" || call.Action != "getRandomPassword" || call.Parameters["PasswordLength"] != 40.0 {
		t.Errorf("call %+v", call)
	}
}

func TestIDsDependOnTheStackAlone(t *testing.T) {
	document, err := os.ReadFile("testdata/small.template.json")
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]string{}
	for _, stack := range []string{"Small", "Small", "Other"} {
		parsed, err := Parse(document, Options{StackName: stack, Region: "us-east-1", AccountID: "000000000000"})
		if err != nil {
			t.Fatal(err)
		}
		apis, err := parsed.APIs("WEBSOCKET")
		id := one(t, apis, err).ID
		if known, ok := ids[stack]; ok && known != id {
			t.Errorf("stack %s: id %s, then %s", stack, known, id)
		}
		ids[stack] = id
	}
	if ids["Small"] == ids["Other"] {
		t.Error("two stacks have the same API id")
	}
}
