package rules

import (
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"sync"

	"github.com/serverless-ocpp/backend/local/durable"
	"github.com/serverless-ocpp/backend/local/fault"
	"github.com/serverless-ocpp/backend/local/mqtt"
)

// Message is what a rule is run on.
type Message = mqtt.Message

// Config is what the actions of an Engine reach.
type Config struct {
	Account string // 12 digits; accountid()
	// Invoke queues an asynchronous invocation of a Lambda function, by ARN or name. An error, such as an unknown function or
	// a missing permission, goes to the rule's error action; a function that fails later does not, as on AWS.
	Invoke func(function string, event []byte) error
	// Send puts a message into an SQS queue, as the role.
	Send func(roleARN, queueURL, body string) error
	Log  *slog.Logger // nil: slog.Default()
	// Faults, when not nil, are asked about every message.
	Faults *fault.Injector
	// Store keeps messages that a fault delays; nil: they are lost when the process ends before their time.
	Store *durable.Store
}

// Rule is a topic rule. https://docs.aws.amazon.com/iot/latest/apireference/API_TopicRulePayload.html
type Rule struct {
	Name        string // letters, digits and _
	SQL         string
	SQLVersion  string // 2016-03-23, the only one there is here
	Disabled    bool
	Actions     []Action
	ErrorAction *Action // gets a document about actions that failed; nil for none
}

// Action has exactly one of its members.
type Action struct {
	Lambda *LambdaAction
	SQS    *SQSAction
}

// LambdaAction invokes a function with the output of the statement as its event.
type LambdaAction struct{ FunctionARN string }

// SQSAction sends the output of the statement to a standard queue.
type SQSAction struct {
	QueueURL  string
	RoleARN   string
	UseBase64 bool
}

// Engine runs rules on messages. Its methods are safe for concurrent use.
type Engine struct {
	config Config
	log    *slog.Logger

	mu    sync.RWMutex
	rules []compiled
}

type compiled struct {
	Rule
	statement statement
}

// SQLVersion is the version of AWS IoT SQL that rules must name.
const SQLVersion = "2016-03-23"

// https://docs.aws.amazon.com/iot/latest/apireference/API_CreateTopicRule.html
var ruleNameForm = regexp.MustCompile(`^[a-zA-Z0-9_]{1,128}$`)

// NewEngine returns an engine without rules. Give it messages by Handle:
//
//	broker.OnMessage(engine.Handle)
func NewEngine(config Config) *Engine {
	log := config.Log
	if log == nil {
		log = slog.Default()
	}
	return &Engine{config: config, log: log}
}

// Add adds a rule, or replaces the one of that name. The error names the rule and says what is wrong with it: SQL that is wrong or
// not supported here, or an action that is none.
func (e *Engine) Add(rule Rule) error {
	c, err := compile(rule)
	if err != nil {
		return fmt.Errorf("IoT rule %s: %w", rule.Name, err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	rules := slices.DeleteFunc(slices.Clone(e.rules), func(other compiled) bool { return other.Name == rule.Name })
	e.rules = append(rules, c)
	return nil
}

func compile(rule Rule) (compiled, error) {
	if !ruleNameForm.MatchString(rule.Name) {
		return compiled{}, fmt.Errorf("the name may have letters, digits and _ only")
	}
	if rule.SQLVersion != SQLVersion {
		return compiled{}, fmt.Errorf("SQL version %q is not supported here, %s is", rule.SQLVersion, SQLVersion)
	}
	s, err := parse(rule.SQL)
	if err != nil {
		return compiled{}, fmt.Errorf("SQL: %w, in: %s", err, rule.SQL)
	}
	actions := rule.Actions
	if rule.ErrorAction != nil {
		actions = append(slices.Clone(actions), *rule.ErrorAction)
	}
	for _, action := range actions {
		if (action.Lambda == nil) == (action.SQS == nil) {
			return compiled{}, fmt.Errorf("an action must be either a Lambda or an SQS action")
		}
	}
	return compiled{rule, s}, nil
}

// Listening is how many rules take messages of a topic, whatever their WHERE says of them.
func (e *Engine) Listening(topic string) (n int) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	for _, rule := range e.rules {
		if !rule.Disabled && mqtt.Match(rule.statement.filter, topic) {
			n++
		}
	}
	return n
}

// Handle runs every rule whose FROM takes the message's topic. Actions are started one after another in the order of the rules.
// A fault may have it run twice, or later: see delay.
func (e *Engine) Handle(m Message) {
	switch f := e.config.Faults.At(fault.Topic, fault.About{Name: m.Topic}); f.Kind {
	case fault.Slow:
		e.delay(m, f.Delay)
		return
	case fault.Twice:
		e.handle(m)
	}
	e.handle(m)
}

func (e *Engine) handle(m Message) {
	e.mu.RLock()
	rules := e.rules
	e.mu.RUnlock()
	for _, rule := range rules {
		if !rule.Disabled && mqtt.Match(rule.statement.filter, m.Topic) {
			e.run(rule, m)
		}
	}
}

func (e *Engine) run(rule compiled, m Message) {
	c := newContext(m, e.config.Account)
	output, taken, err := rule.statement.run(c)
	if err != nil {
		e.log.Error("IoT rule could not work with a message", "rule", rule.Name, "topic", m.Topic, "error", err)
		return
	}
	if !taken {
		return
	}
	e.log.Info("IoT rule matched", "rule", rule.Name, "topic", m.Topic)
	var failures []failure
	for _, action := range rule.Actions {
		if err := e.perform(action, output); err != nil {
			e.log.Error("IoT rule action failed", "rule", rule.Name, "topic", m.Topic, "action", action.kind(), "error", err)
			failures = append(failures, failure{action.kind(), action.resource(), err.Error()})
		}
	}
	if len(failures) > 0 && rule.ErrorAction != nil {
		e.reportFailures(rule, c, failures)
	}
}
