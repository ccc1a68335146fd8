package main

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"
)

// query is a question to the logs that an operator finds ready in CloudWatch Logs Insights.
type query struct {
	name      string // after OCPP-Gateway-
	functions []string
	text      string
}

var everyFunction = func() (names []string) {
	for _, f := range functions {
		names = append(names, f.name)
	}
	return names
}()

// queries name the members of the log lines (shared/settings) and of the lines of metrics (shared/metric).
var queries = []query{
	{"Errors", everyFunction, `fields @timestamp, function, chargePointId, messageId, action, msg, error
| filter level = "ERROR" or type = "platform.report" or ispresent(errorType)
| sort @timestamp desc
| limit 200`},
	{"Message", everyFunction, `# The way of one message or command: put its correlationId, or the id of the command, in place of MESSAGE-ID.
fields @timestamp, function, chargePointId, messageId, action, msg, error, requestId
| filter correlationId = "MESSAGE-ID" or messageId = "MESSAGE-ID" or eventId = "MESSAGE-ID"
| sort @timestamp asc
| limit 1000`},
	{"ChargePoint", everyFunction, `# What happened to one charge point: put its name in place of CP001.
fields @timestamp, function, level, connectionId, messageId, action, msg, reason, error
| filter chargePointId = "CP001"
| sort @timestamp desc
| limit 1000`},
	{"RefusedConnections", []string{"Authorize", "Connect"}, fmt.Sprintf(`fields @timestamp, chargePointId, status, reason, sourceIp, error
| filter msg like "%s" or level = "ERROR"
| stats count(*) as refusals, latest(reason) as lastReason, latest(@timestamp) as last by chargePointId, status
| sort refusals desc
| limit 200`, refusedLine)},
	{"SlowAnswers", []string{"Message"}, `# Of each second, the first answer: ms from API Gateway's receipt of the CALL, and of that within the function.
fields @timestamp, AnswerLatency.0 as answerMs, HandlerLatency.0 as handlerMs, @requestId
| filter AnswerLatency.0 > 1000
| sort answerMs desc
| limit 200`},
	{"Disconnects", []string{"Disconnect"}, `filter ispresent(code)
| stats count(*) as connections, count_distinct(chargePointId) as chargePoints, latest(chargePointId) as lastChargePoint by code, reason
| sort connections desc
| limit 200`},
}

// refusedLine begins the log lines of Connect about handshakes that it refuses.
const refusedLine = "connection refused"

func (b *backend) addQueries() {
	for _, q := range queries {
		groups := make([]any, 0, len(q.functions))
		for _, function := range q.functions {
			groups = append(groups, b.logGroups[function].LogGroupName())
		}
		awslogs.NewCfnQueryDefinition(b.stack, jsii.String("Query"+q.name), &awslogs.CfnQueryDefinitionProps{
			Name:          jsii.String(b.unprefixed() + "-" + q.name),
			LogGroupNames: &groups,
			QueryString:   &q.text,
		})
	}
}
