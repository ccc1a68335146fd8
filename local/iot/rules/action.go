package rules

import (
	"encoding/base64"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
)

func (e *Engine) perform(action Action, output []byte) error {
	if action.Lambda != nil {
		if !json.Valid(output) {
			return fmt.Errorf("a Lambda action takes JSON only: SELECT encode(*, 'base64') AS … for other payloads")
		}
		return e.config.Invoke(action.Lambda.FunctionARN, output)
	}
	body := string(output)
	if action.SQS.UseBase64 {
		body = base64.StdEncoding.EncodeToString(output)
	}
	return e.config.Send(action.SQS.RoleARN, action.SQS.QueueURL, body)
}

// kind is the action's name in an error document.
func (a Action) kind() string {
	if a.Lambda != nil {
		return "LambdaAction"
	}
	return "SqsAction"
}

func (a Action) resource() string {
	if a.Lambda != nil {
		return a.Lambda.FunctionARN
	}
	return a.SQS.QueueURL
}

// errorDocument is what an error action gets, once per rule and message.
// https://docs.aws.amazon.com/iot/latest/developerguide/rule-error-handling.html
type errorDocument struct {
	RuleName              string    `json:"ruleName"`
	Topic                 string    `json:"topic"`
	CloudwatchTraceID     string    `json:"cloudwatchTraceId"`
	ClientID              string    `json:"clientId"`
	Base64OriginalPayload []byte    `json:"base64OriginalPayload"` // encoding/json writes bytes in base64
	Failures              []failure `json:"failures"`
}

type failure struct {
	FailedAction   string `json:"failedAction"`
	FailedResource string `json:"failedResource"`
	ErrorMessage   string `json:"errorMessage"`
}

func (e *Engine) reportFailures(rule compiled, c *context, failures []failure) {
	document, err := encode(errorDocument{
		RuleName:              rule.Name,
		Topic:                 c.topic,
		CloudwatchTraceID:     uuid.NewString(),
		ClientID:              c.clientID,
		Base64OriginalPayload: c.original,
		Failures:              failures,
	})
	if err == nil {
		err = e.perform(*rule.ErrorAction, document)
	}
	if err != nil {
		e.log.Error("IoT rule error action failed", "rule", rule.Name, "topic", c.topic,
			"action", rule.ErrorAction.kind(), "error", err)
	}
}
