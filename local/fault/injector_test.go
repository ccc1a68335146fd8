package fault

import (
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"
)

func injector(t *testing.T, rules ...Rule) *Injector {
	t.Helper()
	i := New(slog.New(slog.DiscardHandler))
	if err := i.Set(Plan{Seed: 1, Rules: rules}); err != nil {
		t.Fatal(err)
	}
	return i
}

func TestWithoutAPlan(t *testing.T) {
	for _, i := range []*Injector{nil, New(slog.New(slog.DiscardHandler))} {
		if got := i.At(Call, About{Name: "sqs:SendMessage"}); got != (Fault{}) || i.Active() || len(i.State().Rules) != 0 {
			t.Errorf("injected %v, active %t, state %v", got, i.Active(), i.State())
		}
		if allocated := testing.AllocsPerRun(100, func() { i.At(Call, About{Name: "sqs:SendMessage"}) }); allocated != 0 {
			t.Errorf("%g allocations", allocated)
		}
	}
}

func TestWhatARuleMeans(t *testing.T) {
	call := About{Name: "dynamodb:UpdateItem", Function: "Stack-Message", Resources: []string{"arn:aws:dynamodb:us-east-1:0:table/Stack-ChargePointTable", "arn:aws:dynamodb:us-east-1:0:table/Stack-TokenTable"}, Nth: 2}
	tests := []struct {
		name  string
		rule  Rule
		point Point
		about About
		want  bool
	}{
		{"the action", Rule{Target: "dynamodb:UpdateItem", Kind: Throttle}, Call, call, true},
		{"every action", Rule{Target: "dynamodb:*", Kind: Throttle}, Call, call, true},
		{"every call", Rule{Target: "*", Kind: Throttle}, Call, call, true},
		{"another service", Rule{Target: "sqs:*", Kind: Throttle}, Call, call, false},
		{"another point", Rule{Target: "function:*", Kind: Throttle}, Call, call, false},
		{"the caller", Rule{Target: "*", Kind: Throttle, Function: "Message"}, Call, call, true},
		{"the caller's full name", Rule{Target: "*", Kind: Throttle, Function: "Stack-Message"}, Call, call, true},
		{"another caller", Rule{Target: "*", Kind: Throttle, Function: "Connect"}, Call, call, false},
		{"the table", Rule{Target: "*", Kind: Throttle, Resource: "ChargePointTable"}, Call, call, true},
		{"another table", Rule{Target: "*", Kind: Throttle, Resource: "CommandTable"}, Call, call, false},
		{"the second call", Rule{Target: "*", Kind: KillBefore, Nth: 2}, Call, call, true},
		{"the first call", Rule{Target: "*", Kind: KillBefore, Nth: 1}, Call, call, false},
		{"nobody to kill", Rule{Target: "*", Kind: KillBefore}, Call, About{Name: "iot:CreateThing"}, false},
		{"a function", Rule{Target: "function:Message", Kind: Fail}, Function, About{Name: "Stack-Message"}, true},
		{"another function", Rule{Target: "function:Message", Kind: Fail}, Function, About{Name: "Stack-Connect"}, false},
		{"a charge point", Rule{Target: "websocket:connection", Kind: Cut, Resource: "CP001"}, Connection, About{Resources: []string{"CP001"}}, true},
		{"another charge point", Rule{Target: "websocket:connection", Kind: Cut, Resource: "CP001"}, Connection, About{Resources: []string{"CP002"}}, false},
		{"a limit is no cut", Rule{Target: "websocket:connection", Kind: IdleLimit, Delay: 1}, Connection, About{}, false},
		{"a limit", Rule{Target: "websocket:connection", Kind: IdleLimit, Delay: 1}, Idle, About{}, true},
		{"a queue", Rule{Target: "queue:IncomingMessages.fifo", Kind: Again}, Done, About{Name: "Stack-IncomingMessages.fifo"}, true},
		{"a topic", Rule{Target: "topic:$aws/events/*", Kind: Twice}, Topic, About{Name: "$aws/events/thing/CP001/created"}, true},
	}
	for _, test := range tests {
		i := injector(t, test.rule)
		if got := i.At(test.point, test.about); (got.Kind == test.rule.Kind) != test.want {
			t.Errorf("%s: %v, want %t", test.name, got, test.want)
		}
		if got := i.State().Rules[0]; (got.Asked == 1) != test.want || (got.Injected == 1) != test.want {
			t.Errorf("%s: asked %d, injected %d", test.name, got.Asked, got.Injected)
		}
	}
}

func TestHowOften(t *testing.T) {
	tests := []struct {
		rule Rule
		want string // of ten calls
	}{
		{Rule{}, "xxxxxxxxxx"},
		{Rule{Probability: Never}, ".........."},
		{Rule{Probability: 1}, "xxxxxxxxxx"},
		{Rule{Every: 3}, "..x..x..x."},
		{Rule{Count: 2}, "xx........"},
		{Rule{Every: 2, Count: 2}, ".x.x......"},
	}
	for _, test := range tests {
		test.rule.Target, test.rule.Kind = "sqs:*", Throttle
		if got := pattern(injector(t, test.rule), 10); got != test.want {
			t.Errorf("%+v: %s, want %s", test.rule, got, test.want)
		}
	}
}

// pattern asks n times about an AWS call and shows when a fault came.
func pattern(i *Injector, n int) (shown string) {
	for range n {
		if i.At(Call, About{Name: "sqs:SendMessage"}).Kind == "" {
			shown += "."
		} else {
			shown += "x"
		}
	}
	return shown
}

func TestProbabilityRepeatsFromItsSeed(t *testing.T) {
	rule := Rule{Target: "sqs:*", Kind: Throttle, Probability: 0.2}
	// A rule that is asked in between does not change what another one decides.
	first, second := injector(t, rule), injector(t, rule, Rule{Target: "sqs:*", Kind: Error, Probability: 0.5})
	want := pattern(first, 1000)
	state := first.State()
	if got := state.Injected(); got < 150 || got > 250 {
		t.Errorf("%d of 1,000, want about 200", got)
	}
	for range 1000 {
		second.At(Call, About{Name: "sqs:SendMessage"})
	}
	if got := second.State().Injected(Throttle); got != state.Injected(Throttle) {
		t.Errorf("%d, then %d", state.Injected(), got)
	}
	other := New(slog.New(slog.DiscardHandler))
	if err := other.Set(Plan{Seed: 2, Rules: []Rule{rule}}); err != nil {
		t.Fatal(err)
	}
	if pattern(other, 1000) == want {
		t.Error("another seed decides the same")
	}
}

func TestFirstRuleThatFires(t *testing.T) {
	i := injector(t,
		Rule{Target: "sqs:*", Kind: Error, Count: 1},
		Rule{Target: "sqs:*", Kind: Slow, Delay: Duration(time.Second)})
	for _, want := range []Fault{{Kind: Error}, {Kind: Slow, Delay: time.Second}} {
		if got := i.At(Call, About{Name: "sqs:SendMessage"}); got != want {
			t.Errorf("%v, want %v", got, want)
		}
	}
}

func TestWhen(t *testing.T) {
	tests := []struct {
		rule Rule
		want string // of every second from the first on
	}{
		{Rule{After: Duration(2 * time.Second)}, "..xxxxxxxx"},
		{Rule{For: Duration(3 * time.Second)}, "xxx......."},
		{Rule{After: Duration(1 * time.Second), For: Duration(2 * time.Second), Repeat: Duration(4 * time.Second)}, ".xx..xx..x"},
	}
	for _, test := range tests {
		t.Run(fmt.Sprintf("%+v", test.rule), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				test.rule.Target, test.rule.Kind = "sqs:*", Throttle
				i, got := injector(t, test.rule), ""
				for range 10 {
					got += pattern(i, 1)
					time.Sleep(time.Second)
				}
				if got != test.want {
					t.Errorf("%s, want %s", got, test.want)
				}
			})
		})
	}
}
