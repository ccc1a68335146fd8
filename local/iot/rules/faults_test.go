package rules_test

import (
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/serverless-ocpp/backend/local/durable"
	"github.com/serverless-ocpp/backend/local/fault"
	"github.com/serverless-ocpp/backend/local/iot/rules"
)

func TestEventsThatGoWrong(t *testing.T) {
	tests := []struct {
		name string
		rule fault.Rule
		want string // the versions that the function learns of
	}{
		{"repeated", fault.Rule{Kind: fault.Twice, Every: 2}, "1 2 2"},
		{"out of order", fault.Rule{Kind: fault.Slow, Count: 1, Delay: fault.Duration(time.Second)}, "2 1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				test.rule.Target = "topic:$aws/events/thing/*"
				injector := fault.New(slog.New(slog.DiscardHandler))
				if err := injector.Set(fault.Plan{Rules: []fault.Rule{test.rule}}); err != nil {
					t.Fatal(err)
				}
				var mu sync.Mutex
				var learned []string
				engine := rules.NewEngine(rules.Config{
					Invoke: func(_ string, event []byte) error {
						mu.Lock()
						defer mu.Unlock()
						learned = append(learned, string(event))
						return nil
					},
					Log:    slog.New(slog.DiscardHandler),
					Faults: injector,
				})
				registry := rules.Rule{Name: "ThingEvents", SQL: "SELECT VALUE versionNumber FROM '$aws/events/thing/+/+'", SQLVersion: rules.SQLVersion,
					Actions: []rules.Action{{Lambda: &rules.LambdaAction{FunctionARN: function}}}}
				if err := engine.Add(registry); err != nil {
					t.Fatal(err)
				}
				engine.Handle(rules.Message{Topic: "$aws/events/thing/CP001/created", Payload: []byte(`{"versionNumber":1}`)})
				engine.Handle(rules.Message{Topic: "$aws/events/thing/CP001/updated", Payload: []byte(`{"versionNumber":2}`)})
				time.Sleep(time.Minute)
				synctest.Wait()
				mu.Lock()
				defer mu.Unlock()
				if got := strings.Join(learned, " "); got != test.want {
					t.Errorf("learned %s, want %s", got, test.want)
				}
			})
		})
	}
}

// TestDelayedMessagesOutliveTheProcess: they were acknowledged.
func TestDelayedMessagesOutliveTheProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		injector := fault.New(slog.New(slog.DiscardHandler))
		slow := fault.Rule{Target: "topic:orders", Kind: fault.Slow, Delay: fault.Duration(time.Hour)}
		if err := injector.Set(fault.Plan{Rules: []fault.Rule{slow}}); err != nil {
			t.Fatal(err)
		}
		store, learned := durable.Memory(), make(chan string, 3)
		engine := func() *rules.Engine {
			engine := rules.NewEngine(rules.Config{
				Invoke: func(_ string, event []byte) error { learned <- string(event); return nil },
				Log:    slog.New(slog.DiscardHandler), Faults: injector, Store: store,
			})
			if err := engine.Add(rules.Rule{Name: "Orders", SQL: "SELECT VALUE id FROM 'orders'", SQLVersion: rules.SQLVersion,
				Actions: []rules.Action{{Lambda: &rules.LambdaAction{FunctionARN: function}}}}); err != nil {
				t.Fatal(err)
			}
			return engine
		}
		engine().Handle(rules.Message{Topic: "orders", Payload: []byte(`{"id":1}`)}) // and its process dies, as it were
		if err := engine().Resume(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Hour)
		if got := len(learned); got != 2 || <-learned != "1" || <-learned != "1" { // the first engine goes on, here
			t.Errorf("the function learned %d times", got)
		}
		if err := engine().Resume(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Hour)
		if len(learned) > 0 {
			t.Error("what was dealt with comes again")
		}
	})
}
