package template

import (
	"encoding/json"
	"fmt"
)

// A Rule is an IoT topic rule.
type Rule struct {
	Name        string
	ARN         string
	SQL         string
	SQLVersion  string
	Disabled    bool
	Actions     []Action
	ErrorAction *Action
}

// An Action is what a rule does with a message: invoke a function, or send to a queue.
type Action struct {
	Function  string // name; "" when it is a queue's
	QueueURL  string
	RoleARN   string // with which the queue is written
	UseBase64 bool
}

// Rules returns the rules in the order of their logical ids.
func (t *Template) Rules() ([]Rule, error) {
	var rules []Rule
	for _, r := range t.ofType("AWS::IoT::TopicRule") {
		var properties struct {
			TopicRulePayload struct {
				Sql, AwsIotSqlVersion string
				RuleDisabled          bool
				Actions               []ruleAction
				ErrorAction           *ruleAction
			}
		}
		if err := t.decode(r, &properties); err != nil {
			return nil, err
		}
		payload := properties.TopicRulePayload
		rule := Rule{SQL: payload.Sql, SQLVersion: payload.AwsIotSqlVersion, Disabled: payload.RuleDisabled}
		for _, action := range payload.Actions {
			rule.Actions = append(rule.Actions, Action(action))
		}
		if payload.ErrorAction != nil {
			rule.ErrorAction = new(Action(*payload.ErrorAction))
		}
		var err error
		if rule.Name, err = t.physicalName(r); err != nil {
			return nil, err
		}
		if rule.ARN, err = t.fill(r, kinds[r.Type].attributes["Arn"]); err != nil {
			return nil, err
		}
		rules = append(rules, rule)
	}
	return rules, nil
}

type ruleAction Action

// UnmarshalJSON refuses actions that the stand-in does not perform.
func (a *ruleAction) UnmarshalJSON(data []byte) error {
	var kinds map[string]json.RawMessage
	if err := json.Unmarshal(data, &kinds); err != nil {
		return err
	}
	for name, raw := range kinds {
		switch name {
		case "Lambda":
			var lambda struct{ FunctionArn string }
			if err := json.Unmarshal(raw, &lambda); err != nil {
				return err
			}
			a.Function = functionName(lambda.FunctionArn)
		case "Sqs":
			var queue struct {
				QueueUrl, RoleArn string
				UseBase64         bool
			}
			if err := json.Unmarshal(raw, &queue); err != nil {
				return err
			}
			a.QueueURL, a.RoleARN, a.UseBase64 = queue.QueueUrl, queue.RoleArn, queue.UseBase64
		default:
			return fmt.Errorf("the stand-in performs the rule actions Lambda and Sqs, not %s", name)
		}
	}
	return nil
}

// An IoTPolicy is a policy for the certificates of MQTT clients.
type IoTPolicy struct {
	Name     string
	Document json.RawMessage
}

// IoTPolicies returns the policies for MQTT clients.
func (t *Template) IoTPolicies() ([]IoTPolicy, error) {
	var policies []IoTPolicy
	for _, r := range t.ofType("AWS::IoT::Policy") {
		var properties struct{ PolicyDocument json.RawMessage }
		if err := t.decode(r, &properties); err != nil {
			return nil, err
		}
		name, err := t.physicalName(r)
		if err != nil {
			return nil, err
		}
		policies = append(policies, IoTPolicy{Name: name, Document: properties.PolicyDocument})
	}
	return policies, nil
}
