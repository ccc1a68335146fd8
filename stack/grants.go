package main

import (
	"slices"

	"github.com/aws/jsii-runtime-go"
)

// grants are all that each function may do, besides writing to its own log group. A function's role has
// these statements and no others: what is not here is denied, on AWS and in the stand-in on one machine.
var grants = map[string][]grant{
	"Authorize": {
		{chargePoints, to("dynamodb:GetItem", "dynamodb:UpdateItem")},
		{anyThing, to("iot:DescribeThing")},
	},
	"Connect": {
		{chargePoints, to("dynamodb:UpdateItem")},
		{messages, to("dynamodb:PutItem")},
		{timersQueue, to("sqs:SendMessage")},
		{closeConnection, to("execute-api:ManageConnections")},
		{events("connected"), to("iot:Publish")},
	},
	"Message": {
		{chargePoints, to("dynamodb:GetItem", "dynamodb:UpdateItem")},
		{transactions, to("dynamodb:UpdateItem")},
		{commands, to("dynamodb:UpdateItem")},
		{tokens, to("dynamodb:GetItem")},
		{meterValues, to("dynamodb:BatchWriteItem")},
		{messages, to("dynamodb:BatchWriteItem")},
		{topicsIn, to("iot:Publish")},
		{incomingMessagesQueue, to("sqs:SendMessage")},
		{timersQueue, to("sqs:SendMessage")},
		{postToConnection, to("execute-api:ManageConnections")},
		{closeConnection, to("execute-api:ManageConnections")},
	},
	"Disconnect": {
		{chargePoints, to("dynamodb:UpdateItem")},
		{reports, to("dynamodb:PutItem")},
		{timersQueue, to("sqs:SendMessage")},
		{events("disconnected"), to("iot:Publish")},
	},
	"OCPPMessageProcessor": {
		{incomingMessagesQueue, to(receiving...)},
		{chargePoints, to("dynamodb:GetItem", "dynamodb:UpdateItem")},
		{connectors, to("dynamodb:Query", "dynamodb:UpdateItem")},
		{transactions, to("dynamodb:GetItem", "dynamodb:PutItem")},
		{meterValues, to("dynamodb:BatchWriteItem", "dynamodb:Query")},
		{variables, to("dynamodb:UpdateItem")},
		{reports, to("dynamodb:PutItem")},
		{commands, to("dynamodb:GetItem", "dynamodb:UpdateItem")},
		{queuedCommands, to("dynamodb:Query")},
		{remoteStarts, to("dynamodb:Query")},
		{reservations, to("dynamodb:UpdateItem")},
		{messages, to("dynamodb:BatchWriteItem", "dynamodb:PutItem")},
		{timersQueue, to("sqs:SendMessage")},
		{postToConnection, to("execute-api:ManageConnections")},
		{events("*"), to("iot:Publish")},
		{topicsIn, to("iot:Publish")},
		{topicsOut, to("iot:Publish")},
		{topicsData, to("iot:Publish")},
		{anyThing, to("iot:GetThingShadow", "iot:UpdateThingShadow")},
	},
	"Timer": {
		{timersQueue, to(append(receiving, "sqs:SendMessage")...)},
		{chargePoints, to("dynamodb:GetItem", "dynamodb:UpdateItem")},
		{commands, to("dynamodb:GetItem", "dynamodb:UpdateItem")},
		{queuedCommands, to("dynamodb:Query")},
		{messages, to("dynamodb:PutItem")},
		{postToConnection, to("execute-api:ManageConnections")},
		{topicsOut, to("iot:Publish")},
		{events("command"), to("iot:Publish")},
		{events("disconnected"), to("iot:Publish")}, // the frame found no connection any more
	},
	"Campaign": {
		{campaignsQueue, to(append(receiving, "sqs:SendMessage")...)},
		{campaignMembers, to("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:Query")},
		{chargePoints, to("dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:Scan")},
		{commands, to("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem")},
		{queuedCommands, to("dynamodb:Query")},
		{tokens, to("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Scan")},
		{reservations, to("dynamodb:PutItem")},
		{messages, to("dynamodb:PutItem")},
		{timersQueue, to("sqs:SendMessage")},
		{postToConnection, to("execute-api:ManageConnections")},
		{topicsOut, to("iot:Publish")},
		{events("command"), to("iot:Publish")},
		{events("disconnected"), to("iot:Publish")},
	},
	"Console": {}, // its files are in the program
	"Registry": {
		{chargePoints, to("dynamodb:UpdateItem", "dynamodb:DeleteItem")},
		{connectors, to("dynamodb:Query", "dynamodb:DeleteItem")},
		{anyThing, to("iot:DescribeThing")},
		{deadIoTEventsQueue, to("sqs:SendMessage")},
	},
	"Outbound": {
		{chargePoints, to("dynamodb:GetItem", "dynamodb:UpdateItem")},
		{commands, to("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem")},
		{queuedCommands, to("dynamodb:Query")},
		{messages, to("dynamodb:PutItem")},
		{timersQueue, to("sqs:SendMessage")},
		{postToConnection, to("execute-api:ManageConnections")},
		{topicsOut, to("iot:Publish")},
		{events("command"), to("iot:Publish")},
		{events("disconnected"), to("iot:Publish")},
		{deadIoTEventsQueue, to("sqs:SendMessage")},
	},
	"Api": {
		{chargePoints, to("dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:Scan")},
		{connectors, to("dynamodb:Query", "dynamodb:Scan")},
		{transactions, to("dynamodb:GetItem", "dynamodb:Query")},
		{transactionsByDay, to("dynamodb:Query")},
		{meterValues, to("dynamodb:Query")},
		{commands, to("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:Query")},
		{queuedCommands, to("dynamodb:Query")},
		{failedCommands, to("dynamodb:Query")},
		{tokens, to("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:Scan")},
		{messages, to("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query")},
		{refusedConnections, to("dynamodb:Query")},
		{variables, to("dynamodb:Query")},
		{reports, to("dynamodb:Query")},
		{reservations, to("dynamodb:PutItem", "dynamodb:Query")},
		{idempotencyKeys, to("dynamodb:GetItem", "dynamodb:PutItem")},
		{campaignMembers, to("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:Query")},
		{campaignsQueue, to("sqs:SendMessage")},
		{timersQueue, to("sqs:SendMessage")},
		{deadIncomingMessagesQueue, to("sqs:GetQueueAttributes")},
		{deadTimersQueue, to("sqs:GetQueueAttributes")},
		{deadCampaignsQueue, to("sqs:GetQueueAttributes")},
		{deadIoTEventsQueue, to("sqs:GetQueueAttributes")},
		{nothingNameable, to("cloudwatch:GetMetricData")},
		{postToConnection, to("execute-api:ManageConnections")},
		{closeConnection, to("execute-api:ManageConnections")},
		{anyThing, to("iot:CreateThing", "iot:DeleteThing", "iot:DescribeThing")},
		{topicsOut, to("iot:Publish")},
		{events("command"), to("iot:Publish")},
		{events("disconnected"), to("iot:Publish")},
	},
	"Census": {
		{connectedChargePoints, to("dynamodb:Query")},
	},
	"Canary": {
		{chargePoints, to("dynamodb:UpdateItem")},
		{canaryThing, to("iot:CreateThing")},
	},

	// The function behind the two custom resources, which runs at deployments only.
	"CustomResources": {
		{nothingNameable, to("iot:UpdateEventConfigurations", "secretsmanager:GetRandomPassword")},
	},
	// The roles, not functions, by which IoT rules fill a queue, and put away what could not be delivered.
	"RuleQueues": {
		{campaignsQueue, to("sqs:SendMessage")},
	},
	"RuleErrors": {
		{deadIoTEventsQueue, to("sqs:SendMessage")},
	},
}

// grantsOf are the grants of a holder, with what the properties of this stack add.
func (b *backend) grantsOf(holder string) []grant {
	allowed := grants[holder]
	if signer := b.properties.CertificateSigner; signer != "" && holder == "OCPPMessageProcessor" {
		certificateSigner := resource{arn: func(*backend) *string { return &signer }}
		allowed = append(slices.Clone(allowed),
			grant{certificateSigner, to("lambda:InvokeFunction")},
			grant{commands, to("dynamodb:PutItem")}) // CertificateSigned, with what the signer made
	}
	if isFunction := slices.ContainsFunc(functions, func(f function) bool { return f.name == holder }); isFunction && b.properties.Tracing {
		allowed = append(slices.Clone(allowed), grant{nothingNameable, to("xray:PutTraceSegments", "xray:PutTelemetryRecords")})
	}
	return allowed
}

// receiving is what Lambda needs to read a queue in the name of a function.
var receiving = []string{"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}

// grant allows actions on one resource.
type grant struct {
	on      resource
	actions []string
}

func to(actions ...string) []string { return slices.Clone(actions) }

// resource is what a grant is about.
type resource struct {
	arn func(b *backend) *string
	// wildcard says why the ARN names more than one resource. "" where it names one.
	wildcard string
}

var (
	chargePoints          = tableNamed("ChargePointTable")
	connectors            = tableNamed("ConnectorTable")
	transactions          = tableNamed("TransactionTable")
	connectedChargePoints = indexNamed("ChargePointTable", "Connected")

	transactionsByDay = indexNamed("TransactionTable", "ByStartDay")
	meterValues       = tableNamed("MeterValueTable")
	commands          = tableNamed("CommandTable")
	queuedCommands    = indexNamed("CommandTable", "Queued")
	remoteStarts      = indexNamed("CommandTable", "RemoteStarts")
	failedCommands    = indexNamed("CommandTable", "Failed")
	tokens            = tableNamed("TokenTable")
	messages          = tableNamed("MessageTable")

	refusedConnections = indexNamed("MessageTable", "Refused")
	variables          = tableNamed("VariableTable")
	reports            = tableNamed("ReportTable")
	reservations       = tableNamed("ReservationTable")
	idempotencyKeys    = tableNamed("IdempotencyTable")
	campaignMembers    = tableNamed("CampaignTable")

	incomingMessagesQueue = queueNamed(incomingMessages)
	timersQueue           = queueNamed(timers)
	campaignsQueue        = queueNamed(campaigns)
	deadIoTEventsQueue    = queueNamed(deadIoTEvents)

	deadIncomingMessagesQueue = queueNamed(deadIncomingMessages)
	deadTimersQueue           = queueNamed(deadTimers)
	deadCampaignsQueue        = queueNamed(deadCampaigns)

	canaryThing = resource{arn: func(b *backend) *string { return b.arn("iot", "thing/"+*b.name("Canary")) }}

	anyThing   = iotResource("thing/*", "Things are charge points; they come and go while the stack stays.")
	topicsIn   = iotResource("topic/*/in", "The first level of the topic is a charge point; they come and go while the stack stays.")
	topicsOut  = iotResource("topic/*/out", "The first level of the topic is a charge point; they come and go while the stack stays.")
	topicsData = iotResource("topic/*/data/*", "The first level of the topic is a charge point, the last a vendor; charge points come and go while the stack stays.")

	postToConnection = connections("POST")
	closeConnection  = connections("DELETE")

	nothingNameable = resource{
		arn:      func(*backend) *string { return jsii.String("*") },
		wildcard: "These actions know no resource (Service Authorization Reference): AWS accepts no other value.",
	}
)

func tableNamed(name string) resource {
	return resource{arn: func(b *backend) *string { return b.tables[name].TableArn() }}
}

func indexNamed(table, index string) resource {
	return resource{arn: func(b *backend) *string { return jsii.String(*b.tables[table].TableArn() + "/index/" + index) }}
}

func queueNamed(name string) resource {
	return resource{arn: func(b *backend) *string { return b.queues[name].QueueArn() }}
}

func iotResource(path, reason string) resource {
	return resource{arn: func(b *backend) *string { return b.arn("iot", path) }, wildcard: reason}
}

// events are the topics of one event of every charge point, of all events for "*".
func events(name string) resource {
	return iotResource("topic/ocpp/*/"+name, "The second level of the topic is a charge point; they come and go while the stack stays.")
}

// connections are the connections of the WebSocket API, for one method of @connections: POST sends a
// frame, DELETE closes.
func connections(method string) resource {
	return resource{
		arn: func(b *backend) *string {
			return b.arn("execute-api", *b.webSocket.ApiId()+"/"+webSocketStage+"/"+method+"/@connections/*")
		},
		wildcard: "The last part is a connection of this one API; its id is made by API Gateway at the handshake.",
	}
}
