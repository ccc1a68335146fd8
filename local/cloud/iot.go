package cloud

import (
	"fmt"
	"net"
	"path"
	"strconv"

	"github.com/serverless-ocpp/backend/local/iot"
	"github.com/serverless-ocpp/backend/local/iot/rules"
	"github.com/serverless-ocpp/backend/local/mqtt"
	"github.com/serverless-ocpp/backend/local/template"
)

// startIoT starts the broker and the registry, before there are rules.
func (c *Cloud) startIoT() error {
	port := c.options.Ports.MQTT
	if err := free(port, "MQTT"); err != nil {
		return err
	}
	var err error
	if c.broker, err = mqtt.Listen(mqtt.Config{Address: net.JoinHostPort(loopback, strconv.Itoa(port)), Log: c.log}); err != nil {
		return fmt.Errorf("start the MQTT broker: %w", err)
	}
	c.onClose("MQTT broker", c.broker.Close)
	c.addresses.MQTT = "mqtt://" + c.broker.Addr()
	declared, err := c.template.IoTPolicies()
	if err != nil {
		return err
	}
	policies := map[string]string{}
	for _, policy := range declared {
		policies[policy.Name] = string(policy.Document)
	}
	c.iot, err = iot.New(iot.Config{
		Account:      Account,
		Region:       Region,
		DataEndpoint: c.awsListener.Addr().String(),
		Broker:       c.broker,
		Store:        c.stores.iot,
		Policies:     policies,
		Listening:    func(topic string) bool { return c.triggered(topic) > 0 },
		Log:          c.log,
	})
	return err
}

// startRules adds the template's rules, of which each must be allowed to do what it does.
func (c *Cloud) startRules() error {
	declared, err := c.template.Rules()
	if err != nil {
		return err
	}
	c.rules = rules.NewEngine(rules.Config{Account: Account, Invoke: c.invokeForRule, Send: c.sendForRule, Log: c.log, Faults: c.faults, Store: c.stores.iot})
	for _, rule := range declared {
		actions := rule.Actions
		if rule.ErrorAction != nil {
			actions = append(actions[:len(actions):len(actions)], *rule.ErrorAction)
		}
		for _, action := range actions {
			if err := c.checkRuleAction(rule, action); err != nil {
				return fmt.Errorf("IoT rule %s: %w", rule.Name, err)
			}
		}
		if err := c.rules.Add(ruleOf(rule)); err != nil {
			return err
		}
	}
	c.broker.OnMessage(c.countMessage)
	c.broker.OnMessage(c.rules.Handle)
	return nil
}

func (c *Cloud) checkRuleAction(rule template.Rule, action template.Action) error {
	if action.Function != "" {
		if !permitted(c.permissions, action.Function, iotCore, rule.ARN) {
			return fmt.Errorf("no AWS::Lambda::Permission lets it invoke %s", action.Function)
		}
		return nil
	}
	role, err := c.template.Role(action.RoleARN)
	if err != nil {
		return err
	}
	return mayDo(role, "sqs:SendMessage", c.queues.ARN(path.Base(action.QueueURL)))
}

func ruleOf(declared template.Rule) rules.Rule {
	rule := rules.Rule{Name: declared.Name, SQL: declared.SQL, SQLVersion: declared.SQLVersion, Disabled: declared.Disabled}
	for _, action := range declared.Actions {
		rule.Actions = append(rule.Actions, actionOf(action))
	}
	if declared.ErrorAction != nil {
		rule.ErrorAction = new(actionOf(*declared.ErrorAction))
	}
	return rule
}

func actionOf(declared template.Action) rules.Action {
	if declared.Function != "" {
		return rules.Action{Lambda: &rules.LambdaAction{FunctionARN: declared.Function}}
	}
	return rules.Action{SQS: &rules.SQSAction{QueueURL: declared.QueueURL, RoleARN: declared.RoleARN, UseBase64: declared.UseBase64}}
}

// invokeForRule cannot fail: that the function exists and permits it was checked when the rule was added.
func (c *Cloud) invokeForRule(function string, event []byte) error {
	c.counter.RuleInvoked(function, event)
	c.functions.InvokeAsync(function, event)
	return nil
}

func (c *Cloud) sendForRule(_, queueURL, body string) error {
	c.counter.RuleSent(body)
	_, err := c.queues.Send(path.Base(queueURL), body)
	return err
}
