package rules_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/local/iot/rules"
)

const (
	function = "arn:aws:lambda:us-east-1:000000000000:function:AwsOcppGatewayStack-Outbound"
	queue    = "https://sqs.us-east-1.amazonaws.com/000000000000/AwsOcppGatewayStack-DeadLetterQueueForIoTEvents"
	role     = "arn:aws:iam::000000000000:role/Errors"
)

// actions records what rules do.
type actions struct {
	invoked, sent []string
	invokeError   error
}

func (a *actions) engine(log *slog.Logger) *rules.Engine {
	return rules.NewEngine(rules.Config{
		Account: "000000000000",
		Invoke: func(f string, event []byte) error {
			a.invoked = append(a.invoked, f+" "+string(event))
			return a.invokeError
		},
		Send: func(r, q, body string) error {
			a.sent = append(a.sent, r+" "+q+" "+body)
			return nil
		},
		Log: log,
	})
}

func outbound() rules.Rule {
	return rules.Rule{
		Name:        "AwsOcppGatewayStack_OutboundCalls",
		SQL:         "SELECT * AS message, topic(1) AS chargePointId FROM '+/out' WHERE get(*, 0) = 2",
		SQLVersion:  rules.SQLVersion,
		Actions:     []rules.Action{{Lambda: &rules.LambdaAction{FunctionARN: function}}},
		ErrorAction: &rules.Action{SQS: &rules.SQSAction{QueueURL: queue, RoleARN: role}},
	}
}

func TestLambdaAction(t *testing.T) {
	var got actions
	engine := got.engine(slog.New(slog.DiscardHandler))
	if err := engine.Add(outbound()); err != nil {
		t.Fatal(err)
	}
	engine.Handle(rules.Message{Topic: "CP001/out", Payload: []byte(`[2,"1","Reset",{}]`)})
	engine.Handle(rules.Message{Topic: "CP001/in", Payload: []byte(`[2,"1","Reset",{}]`)})
	engine.Handle(rules.Message{Topic: "CP001/out", Payload: []byte(`[3,"1",{}]`)})
	want := []string{function + ` {"chargePointId":"CP001","message":[2,"1","Reset",{}]}`}
	if !slices.Equal(got.invoked, want) || got.sent != nil {
		t.Errorf("invoked %q, sent %q", got.invoked, got.sent)
	}
}

func TestErrorActionGetsTheFailures(t *testing.T) {
	got := actions{invokeError: errors.New("no such function")}
	engine := got.engine(slog.New(slog.DiscardHandler))
	if err := engine.Add(outbound()); err != nil {
		t.Fatal(err)
	}
	engine.Handle(rules.Message{Topic: "CP001/out", Payload: []byte(`[2,"1","Reset",{}]`), ClientID: "integrator"})
	if len(got.sent) != 1 {
		t.Fatalf("sent %q", got.sent)
	}
	body, to := strings.CutPrefix(got.sent[0], role+" "+queue+" ")
	if !to {
		t.Fatalf("sent %q", got.sent)
	}
	var document struct {
		RuleName, Topic, CloudwatchTraceID, ClientID string
		Base64OriginalPayload                        []byte
		Failures                                     []struct{ FailedAction, FailedResource, ErrorMessage string }
	}
	if err := json.Unmarshal([]byte(body), &document); err != nil {
		t.Fatal(err)
	}
	if document.RuleName != "AwsOcppGatewayStack_OutboundCalls" || document.Topic != "CP001/out" || document.ClientID != "integrator" ||
		document.CloudwatchTraceID == "" || string(document.Base64OriginalPayload) != `[2,"1","Reset",{}]` {
		t.Errorf("document: %s", body)
	}
	if len(document.Failures) != 1 || document.Failures[0].FailedAction != "LambdaAction" ||
		document.Failures[0].FailedResource != function || document.Failures[0].ErrorMessage != "no such function" {
		t.Errorf("failures: %+v", document.Failures)
	}
}

func TestSQSAction(t *testing.T) {
	var got actions
	engine := got.engine(slog.New(slog.DiscardHandler))
	for name, base64 := range map[string]bool{"plain": false, "encoded": true} {
		err := engine.Add(rules.Rule{Name: name, SQL: "SELECT * FROM '" + name + "'", SQLVersion: rules.SQLVersion,
			Actions: []rules.Action{{SQS: &rules.SQSAction{QueueURL: queue, RoleARN: role, UseBase64: base64}}}})
		if err != nil {
			t.Fatal(err)
		}
		engine.Handle(rules.Message{Topic: name, Payload: []byte("no JSON")})
	}
	slices.Sort(got.sent)
	want := []string{role + " " + queue + " bm8gSlNPTg==", role + " " + queue + " no JSON"}
	if !slices.Equal(got.sent, want) {
		t.Errorf("sent %q", got.sent)
	}
}

func TestLambdaActionTakesJSONOnly(t *testing.T) {
	var got actions
	engine := got.engine(slog.New(slog.DiscardHandler))
	rule := outbound()
	rule.SQL = "SELECT * FROM '+/out'"
	if err := engine.Add(rule); err != nil {
		t.Fatal(err)
	}
	engine.Handle(rules.Message{Topic: "CP001/out", Payload: []byte("no JSON")})
	if got.invoked != nil || len(got.sent) != 1 || !strings.Contains(got.sent[0], "Lambda action takes JSON only") {
		t.Errorf("invoked %q, sent %q", got.invoked, got.sent)
	}
}

func TestPayloadThatIsNotJSONIsLogged(t *testing.T) {
	var got actions
	var lines bytes.Buffer
	engine := got.engine(slog.New(slog.NewTextHandler(&lines, nil)))
	if err := engine.Add(outbound()); err != nil {
		t.Fatal(err)
	}
	engine.Handle(rules.Message{Topic: "CP001/out", Payload: []byte("[2, oops")})
	if got.invoked != nil || got.sent != nil || !strings.Contains(lines.String(), "level=ERROR") || !strings.Contains(lines.String(), "CP001/out") {
		t.Errorf("invoked %q, sent %q, logged %s", got.invoked, got.sent, lines.String())
	}
}

func TestAddReplacesAndDisables(t *testing.T) {
	var got actions
	engine := got.engine(slog.New(slog.DiscardHandler))
	rule := outbound()
	if err := engine.Add(rule); err != nil {
		t.Fatal(err)
	}
	rule.Disabled = true
	if err := engine.Add(rule); err != nil {
		t.Fatal(err)
	}
	engine.Handle(rules.Message{Topic: "CP001/out", Payload: []byte(`[2]`)})
	if got.invoked != nil {
		t.Errorf("a disabled rule invoked %q", got.invoked)
	}
}

func TestAddNamesTheRuleThatIsWrong(t *testing.T) {
	for name, spoil := range map[string]func(*rules.Rule){
		"sql":     func(r *rules.Rule) { r.SQL = "SELECT aws_lambda('f', *) AS x FROM 'a'" },
		"version": func(r *rules.Rule) { r.SQLVersion = "2015-10-08" },
		"action":  func(r *rules.Rule) { r.Actions = []rules.Action{{}} },
		"error":   func(r *rules.Rule) { r.ErrorAction = &rules.Action{} },
		"a-name":  func(r *rules.Rule) { r.Name = "a-name" },
	} {
		rule := outbound()
		rule.Name = "My_Rule"
		spoil(&rule)
		var got actions
		if err := got.engine(nil).Add(rule); err == nil || !strings.Contains(err.Error(), rule.Name) {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}
