package fault

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestRead(t *testing.T) {
	plan, err := Read(strings.NewReader(`{"seed":7,"rules":[
		{"name":"storm","target":"dynamodb:*","kind":"throttle","code":"ProvisionedThroughputExceededException","function":"Message",
		 "resource":"ChargePointTable","probability":0.5,"nth":2,"count":3,"after":"1s","for":"500ms","repeat":"1m"},
		{"target":"websocket:connection","kind":"idle","delay":"10s"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	want := Plan{Seed: 7, Rules: []Rule{
		{Name: "storm", Target: "dynamodb:*", Kind: Throttle, Code: "ProvisionedThroughputExceededException", Function: "Message",
			Resource: "ChargePointTable", Probability: 0.5, Nth: 2, Count: 3,
			After: Duration(time.Second), For: Duration(500 * time.Millisecond), Repeat: Duration(time.Minute)},
		{Target: "websocket:connection", Kind: IdleLimit, Delay: Duration(10 * time.Second)},
	}}
	if !reflect.DeepEqual(plan, want) {
		t.Errorf("read %+v, want %+v", plan, want)
	}
	encoded, err := json.Marshal(plan)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Read(strings.NewReader(string(encoded)))
	if err != nil || !reflect.DeepEqual(again, plan) {
		t.Errorf("%s is read as %+v, %v", encoded, again, err)
	}
}

func TestReadProbability(t *testing.T) {
	for text, want := range map[string]struct {
		probability Probability
		shown       string
	}{
		``:                      {0, `{"target":"sqs:*","kind":"throttle"}`},
		`,"probability":null`:   {0, `{"target":"sqs:*","kind":"throttle"}`},
		`,"probability":0`:      {Never, `{"target":"sqs:*","kind":"throttle","probability":0}`},
		`,"probability":0.0`:    {Never, `{"target":"sqs:*","kind":"throttle","probability":0}`},
		`,"probability":-0`:     {Never, `{"target":"sqs:*","kind":"throttle","probability":0}`},
		`,"probability":1e-999`: {Never, `{"target":"sqs:*","kind":"throttle","probability":0}`},
		`,"probability":0.25`:   {0.25, `{"target":"sqs:*","kind":"throttle","probability":0.25}`},
		`,"probability":1`:      {1, `{"target":"sqs:*","kind":"throttle","probability":1}`},
	} {
		plan, err := Read(strings.NewReader(`{"rules":[{"target":"sqs:*","kind":"throttle"` + text + `}]}`))
		if err != nil || plan.Rules[0].Probability != want.probability {
			t.Errorf("%s: read %+v, %v", text, plan, err)
			continue
		}
		if shown, err := json.Marshal(plan.Rules[0]); err != nil || string(shown) != want.shown {
			t.Errorf("%s: shown as %s, %v", text, shown, err)
		}
	}
}

// A product that is too small for a number is 0, which must not become always.
func TestMixOfNextToNothing(t *testing.T) {
	for _, rule := range Mix(1, math.SmallestNonzeroFloat64).Rules {
		if rule.Kind != Shorten && rule.Probability != Never {
			t.Errorf("%+v", rule)
		}
	}
}

func TestReadMix(t *testing.T) {
	plan, err := Read(strings.NewReader(`{"seed":7,"mix":0.3}`))
	if err != nil || !reflect.DeepEqual(plan, Mix(7, 0.3)) {
		t.Errorf("read %+v, %v", plan, err)
	}
}

// A pattern may stand for services and actions alike.
func TestPatternsOfCalls(t *testing.T) {
	for _, target := range []string{"*", "*:*", "dynamodb*", "*Item", "?qs:*", "*:Publish", "connections:*", "connections:?OST", "iot:Get*", "cloudwatch:*"} {
		if err := (Plan{Rules: []Rule{{Target: target, Kind: Throttle}}}).Check(); err != nil {
			t.Errorf("%s: %v", target, err)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	tests := []struct{ plan, why string }{
		{`nonsense`, "cannot be read"},
		{`{"rules":[{"target":"sqs:*","kind":"throttle","probabillity":0.1}]}`, "probabillity"},
		{`{"rules":[{"target":"sqs:*","kind":"throttle","delay":"soon"}]}`, "soon"},
		{`{"rules":[]} {"rules":[{"target":"sqs:*","kind":"throttle"}]}`, "behind it"},
		{`{"rules":[{"target":"dynamo:GetItem","kind":"throttle"}]}`, `"dynamo:GetItem" is no call: services are [cloudwatch connections dynamodb iot lambda sqs sts]`},
		{`{"rules":[{"target":"UpdateItem","kind":"throttle"}]}`, `"UpdateItem" is no call`},
		{`{"rules":[{"target":"execute-api:*","kind":"error"}]}`, "connections"},
		{`{"rules":[{"target":"connections:PUT","kind":"gone"}]}`, "[POST GET DELETE]"},
		{`{"rules":[{"target":"websocket:connect","kind":"throttle","resource":"CP001"}]}`, "nobody has said yet"},
		{`{"rules":[{"name":"x","kind":"throttle"}]}`, `rule 0 (x): target ""`},
		{`{"rules":[{"target":"queue:","kind":"twice"}]}`, "names nothing"},
		{`{"rules":[{"target":"websocket:open","kind":"cut"}]}`, "websocket:connection"},
		{`{"rules":[{"target":"sqs:*","kind":"throttle"},{"target":"sqs:*","kind":"twice"}]}`, `rule 1: kind "twice" cannot happen at sqs:*`},
		{`{"rules":[{"target":"websocket:connection","kind":"lose"}]}`, "[cut idle lifetime]"},
		{`{"rules":[{"target":"sqs:*","kind":"throttle","probability":2}]}`, "from 0 to 1"},
		{`{"rules":[{"name":"x","target":"sqs:*","kind":"throttle","probability":-1}]}`, "rule 0 (x): probability -1 is not from 0 to 1"},
		{`{"rules":[{"target":"sqs:*","kind":"throttle","probability":"0"}]}`, `probability "0" is not a number`},
		{`{"rules":[{"target":"sqs:*","kind":"throttle","every":2,"probability":0}]}`, "exclude"},
		{`{"mix":-0.1}`, "mix -0.1"},
		{`{"rules":[{"target":"sqs:*","kind":"throttle","count":-1}]}`, "negative"},
		{`{"rules":[{"target":"sqs:*","kind":"throttle","every":2,"probability":0.1}]}`, "exclude"},
		{`{"rules":[{"target":"sqs:*","kind":"throttle","repeat":"1s"}]}`, "repeat"},
		{`{"rules":[{"target":"sqs:*","kind":"slow"}]}`, "needs a delay"},
		{`{"rules":[{"target":"queue:*","kind":"twice","nth":1}]}`, "belong to AWS calls"},
		{`{"rules":[{"target":"queue:*","kind":"twice","resource":"x"}]}`, "resource"},
		{`{"rules":[{"target":"dynamodb:*","kind":"gone"}]}`, "connections:POST"},
		{`{"rules":[{"target":"dynamodb:*","kind":"partial"}]}`, "BatchWriteItem"},
		{`{"rules":[{"target":"*:*","kind":"throttle","code":"SlowDown"}]}`, "one service"},
		{`{"rules":[{"target":"sqs:*","kind":"throttle","code":"SlowDown"}]}`, "OverLimit"},
		{`{"mix":1.5}`, "mix 1.5"},
		{`{"mix":0.5,"rules":[{"target":"sqs:*","kind":"throttle"}]}`, "not both"},
	}
	for _, test := range tests {
		if _, err := Read(strings.NewReader(test.plan)); err == nil || !strings.Contains(err.Error(), test.why) {
			t.Errorf("%s: %v, want %q", test.plan, err, test.why)
		}
	}
}

func TestMix(t *testing.T) {
	plan := Mix(1, 0.3)
	if err := plan.Check(); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(plan, Mix(1, 0.3)) {
		t.Error("the same seed gave another plan")
	}
	if reflect.DeepEqual(plan.Rules, Mix(2, 0.3).Rules) {
		t.Error("another seed gave the same plan")
	}
	reached := map[Point]bool{}
	for _, rule := range newRunning(plan, time.Now()).rules {
		reached[rule.point] = true
	}
	for _, p := range places {
		if p.point != Idle && !reached[p.point] { // heartbeats come more often than any idle limit worth trying
			t.Errorf("nothing of the mix happens at %s %v", p.prefix, p.kinds)
		}
	}
	patience := Patience()
	if err := patience.Check(); err != nil {
		t.Error(err)
	}
	for _, rule := range patience.Rules {
		if rule.Kind != Shorten {
			t.Errorf("patience is a fault: %+v", rule)
		}
	}
	if got := Mix(1, 0); len(got.Rules) != 0 {
		t.Errorf("intensity 0 has rules: %v", got.Rules)
	}
}
