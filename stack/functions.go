package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambdaeventsources"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"
)

// function describes one Lambda function. What it may do stands in grants.go.
type function struct {
	folder         string // under functions/ in the source, and under build/<goarch>/
	name           string
	description    string
	timeoutSeconds float64  // 0 for the property timeout
	environment    []string // keys of settings, besides those of every function
	asynchronous   bool     // invoked by IoT rules: events that fail three times go to a dead letter queue
	recursive      bool     // sends to the queue that it reads, by design and with an end
}

// functions are all functions of the stack. The timeouts of those on the way of a message stay well below
// the 29 seconds after which API Gateway answers a charge point with an error frame of its own.
var functions = []function{
	{
		folder: "authorize", name: "Authorize", timeoutSeconds: 10,
		description: "Finds out which charge point asks for a connection, and what it may do",
		environment: []string{"CHARGE_POINT_TABLE", "EDGE_SECRET", "FORMER_EDGE_SECRET", "CLIENT_CERTIFICATES", "MIN_SECURITY_PROFILE", "REGISTRATION_DEFAULT"},
	},
	{
		folder: "connect", name: "Connect", timeoutSeconds: 10,
		description: "Accepts or refuses a connection; the newest of a charge point wins",
		environment: []string{"CHARGE_POINT_TABLE", "MESSAGE_TABLE", "TIMERS_QUEUE_URL", "CONNECTIONS_ENDPOINT", "EVENTS"},
	},
	{
		folder: "message", name: "Message", timeoutSeconds: 20,
		description: "Journals and answers what a charge point sends",
		environment: []string{
			"CHARGE_POINT_TABLE", "TRANSACTION_TABLE", "TOKEN_TABLE", "INCOMING_MESSAGES_QUEUE_URL", "TIMERS_QUEUE_URL",
			"CONNECTIONS_ENDPOINT", "UNKNOWN_ID_TOKENS", "HEARTBEAT_INTERVAL_SECONDS", "JOURNAL_HEARTBEATS", "JOURNAL_READINGS",
			"DATA_TRANSFER_VENDORS", "VALIDATION", "METER_VALUE_TABLE", "COMMAND_TABLE", "MESSAGE_TABLE", "MIRROR", "MESSAGE_LOG", "MESSAGE_LOG_DAYS",
		},
	},
	{
		folder: "disconnect", name: "Disconnect", timeoutSeconds: 10,
		description: "Clears the session of a connection that has ended",
		environment: []string{"CHARGE_POINT_TABLE", "REPORT_TABLE", "TIMERS_QUEUE_URL", "EVENTS"},
	},
	{
		folder: "processor", name: "OCPPMessageProcessor",
		description: "Brings journaled messages to the tables, the device shadow and the IoT topics",
		environment: dispatching(
			"CONNECTOR_TABLE", "TRANSACTION_TABLE", "METER_VALUE_TABLE", "VARIABLE_TABLE", "REPORT_TABLE", "RESERVATION_TABLE",
			"CERTIFICATE_SIGNER",
		),
	},
	{
		folder: "timer", name: "Timer", recursive: true,
		description: "Ends calls that were not answered in time, and sends queued commands",
		environment: dispatching(),
	},
	{
		folder: "campaign", name: "Campaign", recursive: true,
		description: "Orders many charge points, a few a second, and follows them to their end",
		environment: dispatching("CAMPAIGN_TABLE", "CAMPAIGNS_QUEUE_URL", "TOKEN_TABLE", "RESERVATION_TABLE"),
	},
	{
		folder: "registry", name: "Registry", asynchronous: true,
		description: "Keeps ChargePointTable in step with the IoT Things",
		environment: []string{"CHARGE_POINT_TABLE", "CONNECTOR_TABLE", "REGISTRATION_DEFAULT"},
	},
	{
		folder: "outbound", name: "Outbound", asynchronous: true,
		description: "Takes calls to charge points from IoT topics",
		environment: dispatching(),
	},
	{
		folder: "api", name: "Api", timeoutSeconds: 29, // an HTTP API waits for 30 s
		description: "Answers the HTTP API of operators and integrators",
		environment: dispatching(
			"CONNECTOR_TABLE", "TRANSACTION_TABLE", "METER_VALUE_TABLE", "TOKEN_TABLE", "VARIABLE_TABLE", "REPORT_TABLE",
			"RESERVATION_TABLE", "IDEMPOTENCY_TABLE", "CAMPAIGN_TABLE", "CAMPAIGNS_QUEUE_URL", "REGISTRATION_DEFAULT",
			"DEAD_LETTER_QUEUE_URLS",
		),
	},
	{
		folder: "console", name: "Console", timeoutSeconds: 10,
		description: "Serves the files of the operator's console",
		environment: []string{"JWT_ISSUER", "JWT_AUDIENCE", "CONSOLE_CLIENT_ID", "CONSOLE_SCOPES"},
	},
	{
		folder: "canary", name: "Canary", timeoutSeconds: 30,
		description: "Visits the stack from outside as a charge point does, and measures whether it was served",
		environment: []string{"CHARGE_POINT_TABLE", "WEBSOCKET_URL"},
	},
	{
		folder: "census", name: "Census", timeoutSeconds: 30,
		description: "Counts how many charge points are connected",
		environment: []string{"CHARGE_POINT_TABLE"},
	},
}

// everywhere is the environment of every function: how Go runs it, what it logs, and whose metrics it writes.
var everywhere = []string{"GODEBUG", "LOG_LEVEL", "STACK_NAME"}

// watchful has Go's scheduler report itself every 24 days, which no instance lives to see. As long as it may have to, a thread of it that
// watches the others sleeps ten milliseconds at most. Otherwise it sleeps whenever a function waits for AWS, and each wait ends with waking
// it: a seventh of what a heartbeat costs on one machine, stand-in included. How Go runs a program does not depend on it (runtime.sysmon); docs/architecture.md.
const watchful = "schedtrace=2147483647"

// dispatching is the environment of a function that sends commands to charge points, and tells integrators of it.
func dispatching(more ...string) []string {
	return append([]string{
		"CHARGE_POINT_TABLE", "COMMAND_TABLE", "MESSAGE_TABLE", "TIMERS_QUEUE_URL", "CONNECTIONS_ENDPOINT",
		"EVENTS", "MIRROR", "MESSAGE_LOG", "MESSAGE_LOG_DAYS",
	}, more...)
}

// functionNamed is the function of that name; a name that is not in the list is a mistake in this package.
func functionNamed(name string) function {
	i := slices.IndexFunc(functions, func(f function) bool { return f.name == name })
	return functions[i]
}

// settings are the values of all environment variables that functions may ask for.
func (b *backend) settings() map[string]*string {
	p := b.properties
	return map[string]*string{
		"CHARGE_POINT_TABLE":          b.tables["ChargePointTable"].TableName(),
		"CONNECTOR_TABLE":             b.tables["ConnectorTable"].TableName(),
		"TRANSACTION_TABLE":           b.tables["TransactionTable"].TableName(),
		"METER_VALUE_TABLE":           b.tables["MeterValueTable"].TableName(),
		"COMMAND_TABLE":               b.tables["CommandTable"].TableName(),
		"TOKEN_TABLE":                 b.tables["TokenTable"].TableName(),
		"MESSAGE_TABLE":               b.tables["MessageTable"].TableName(),
		"VARIABLE_TABLE":              b.tables["VariableTable"].TableName(),
		"REPORT_TABLE":                b.tables["ReportTable"].TableName(),
		"RESERVATION_TABLE":           b.tables["ReservationTable"].TableName(),
		"IDEMPOTENCY_TABLE":           b.tables["IdempotencyTable"].TableName(),
		"CAMPAIGN_TABLE":              b.tables["CampaignTable"].TableName(),
		"CAMPAIGNS_QUEUE_URL":         b.queues[campaigns].QueueUrl(),
		"DEAD_LETTER_QUEUE_URLS":      b.deadLetterQueueURLs(),
		"INCOMING_MESSAGES_QUEUE_URL": b.queues[incomingMessages].QueueUrl(),
		"TIMERS_QUEUE_URL":            b.queues[timers].QueueUrl(),
		"CONNECTIONS_ENDPOINT":        jsii.String("https://" + b.webSocketDomain() + "/" + webSocketStage),
		"WEBSOCKET_URL":               jsii.String("wss://" + *b.edgeDomain),
		"CLIENT_CERTIFICATES":         jsii.String(p.Domain.ClientCertificates),
		"EDGE_SECRET":                 b.edgeSecret,
		"FORMER_EDGE_SECRET":          b.formerEdgeSecret,
		"MIN_SECURITY_PROFILE":        jsii.String(strconv.Itoa(p.MinSecurityProfile)),
		"REGISTRATION_DEFAULT":        jsii.String(p.RegistrationDefault),
		"UNKNOWN_ID_TOKENS":           jsii.String(p.UnknownIDTokens),
		"HEARTBEAT_INTERVAL_SECONDS":  jsii.String(strconv.Itoa(int(p.HeartbeatInterval.Seconds()))),
		"JOURNAL_HEARTBEATS":          jsii.String(strconv.FormatBool(p.JournalHeartbeats)),
		"JOURNAL_READINGS":            jsii.String(strconv.FormatBool(p.JournalReadings)),
		"DATA_TRANSFER_VENDORS":       jsii.String(strings.Join(p.DataTransferVendors, ",")),
		"JWT_ISSUER":                  jsii.String(p.HTTP.JWTIssuer),
		"JWT_AUDIENCE":                jsii.String(strings.Join(p.HTTP.JWTAudience, ",")),
		"CONSOLE_CLIENT_ID":           jsii.String(p.Console.ClientID),
		"CONSOLE_SCOPES":              jsii.String(p.Console.Scopes),
		"EVENTS":                      jsii.String(strconv.FormatBool(p.Events)),
		"MIRROR":                      jsii.String(strconv.FormatBool(p.Mirror)),
		"MESSAGE_LOG":                 jsii.String(strconv.FormatBool(p.MessageLog)),
		"MESSAGE_LOG_DAYS":            jsii.String(strconv.Itoa(p.MessageLogDays)),
		"CERTIFICATE_SIGNER":          jsii.String(p.CertificateSigner),
		"VALIDATION":                  jsii.String(p.Validation),
		"GODEBUG":                     jsii.String(watchful),
		"STACK_NAME":                  &p.StackName,
		"LOG_LEVEL":                   jsii.String(p.LogLevel),
	}
}

// deadLetterQueueURLs are those of all dead letter queues, with commas between them.
func (b *backend) deadLetterQueueURLs() *string {
	var urls []string
	for _, queue := range []string{deadIncomingMessages, deadTimers, deadCampaigns, deadIoTEvents} {
		urls = append(urls, *b.queues[queue].QueueUrl())
	}
	return jsii.String(strings.Join(urls, ","))
}

func (b *backend) addFunctions() {
	b.functions = make(map[string]awslambda.Function, len(functions))
	b.logGroups = make(map[string]awslogs.LogGroup, len(functions))
	settings := b.settings()
	for _, f := range functions {
		environment := make(map[string]*string)
		for _, key := range slices.Concat(everywhere, f.environment) {
			value, known := settings[key]
			if !known {
				panic(fmt.Sprintf("function %s asks for %s, which is none of %v", f.name, key, slices.Sorted(maps.Keys(settings))))
			}
			environment[key] = value
		}
		b.functions[f.name] = b.addFunction(f, environment)
	}
}

// timeoutOf is the timeout of a function in seconds.
func (b *backend) timeoutOf(f function) float64 {
	return cmp.Or(f.timeoutSeconds, float64(b.properties.Timeout))
}

func (b *backend) addFunction(f function, environment map[string]*string) awslambda.Function {
	logGroup := b.addLogGroup(f.name+"LogGroup", "/aws/lambda/"+*b.name(f.name))
	b.logGroups[f.name] = logGroup
	props := &awslambda.FunctionProps{
		FunctionName: b.name(f.name),
		Description:  &f.description,
		Runtime:      awslambda.Runtime_PROVIDED_AL2023(),
		Architecture: b.properties.Architecture.lambda(),
		// The runtime ignores the handler: it starts `bootstrap`. It tells a reader which function this is.
		Handler:     &f.folder,
		Code:        awslambda.Code_FromAsset(jsii.String(codeFolder(b.properties, f)), nil),
		MemorySize:  jsii.Number(b.properties.Memory),
		Timeout:     seconds(b.timeoutOf(f)),
		Environment: &environment,
		// The role is finished: the CDK adds nothing to it, here or for an event source.
		Role:          immutable(b.addRole(f.name, logGroup, b.grantsOf(f.name))),
		LogGroup:      logGroup,
		LoggingFormat: awslambda.LoggingFormat_JSON,
		// LOG_LEVEL is the threshold of our lines. Lambda's own would drop those of the metrics, which have no level and
		// count as INFO.
		ApplicationLogLevelV2: awslambda.ApplicationLogLevel_DEBUG,
		// Without the report of each invocation, whose ingestion costs more than the invocation. Those of
		// invocations that failed have level WARN.
		SystemLogLevelV2: awslambda.SystemLogLevel_WARN,
	}
	if b.properties.Tracing {
		props.Tracing = awslambda.Tracing_ACTIVE
	}
	if f.asynchronous {
		props.DeadLetterQueue = b.queues[deadIoTEvents]
	}
	if f.recursive {
		// Lambda stops a chain of sixteen by default. Timer's is as long as the queue of a charge point that leaves its
		// commands unanswered, one deadline after the other; that of Campaign as long as the campaign.
		props.RecursiveLoop = awslambda.RecursiveLoop_ALLOW
	}
	return awslambda.NewFunction(b.stack, &f.name, props)
}

// addEventSources lets the queues invoke their functions. Messages that fail are named in the answer; the
// others of their batch are done.
//
// What waits in a queue can wait. Unbounded, Lambda would read it with as many functions as the account may run, 1,000 by default:
// when a service is slow, so that each batch takes until its timeout, or after an outage, nobody would be left for handshakes and messages.
// These numbers empty a queue faster than API Gateway lets an account fill it, at 10,000 requests a second.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
func (b *backend) addEventSources() {
	for _, source := range []struct {
		queue, function string
		atOnce          float64
	}{
		{incomingMessages, "OCPPMessageProcessor", 300},
		{timers, "Timer", 100},
		{campaigns, "Campaign", 20},
	} {
		queue := awslambdaeventsources.NewSqsEventSource(b.queues[source.queue], &awslambdaeventsources.SqsEventSourceProps{
			BatchSize:               jsii.Number(10), // the most that a FIFO queue allows
			MaxConcurrency:          &source.atOnce,
			ReportBatchItemFailures: jsii.Bool(true),
		})
		b.functions[source.function].AddEventSource(queue)
	}
}

// logicalID is the name of a resource without what CloudFormation does not allow in an id.
func logicalID(name string) *string {
	return jsii.String(strings.TrimSuffix(name, ".fifo"))
}
