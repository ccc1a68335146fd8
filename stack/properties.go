package main

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Properties are the choices an operator makes for one stack. Each is a context value of the CDK, given
// as `npx cdk deploy --context heartbeatInterval=480` or under "context" in cdk.json. A value that makes
// no sense stops the synthesis.
type Properties struct {
	// StackName (context stackName, default AwsOcppGatewayStack) names the stack and begins the name of
	// every resource in it, so that stacks of different names live side by side in one account.
	// Letters, digits and hyphens, beginning with a letter, at most 40 characters.
	StackName string

	// Account and Region (environment variables CDK_DEPLOY_ACCOUNT and CDK_DEPLOY_REGION) pin the stack to
	// one place. Without them it goes wherever the credentials in use belong.
	Account, Region string

	// Architecture (context architecture, arm64 or x86_64, default arm64) is the processor of the
	// functions. arm64 costs a fifth less.
	Architecture architecture

	// MinSecurityProfile (context minSecurityProfile, 0 to 3, default 1) is the lowest OCPP security profile
	// that a charge point may connect with. 1 asks for Basic authentication, which with the TLS of the edge is
	// profile 2. 0 lets everybody in who knows the name of a charge point: for trials only.
	MinSecurityProfile int

	// RegistrationDefault (context registrationDefault, Accepted, Pending or Rejected, default Accepted) is the
	// answer to the BootNotification of a charge point for which no operator has decided otherwise. With Pending
	// every new charge point waits for an operator.
	RegistrationDefault string

	// UnknownIDTokens (context unknownIdTokens, Accepted or Invalid, default Invalid) is the authorization of an id
	// token that is not in TokenTable. Accepted lets anybody charge.
	UnknownIDTokens string

	// HeartbeatInterval (context heartbeatInterval, 240 to 540 seconds, default 300) is what a charge point is told
	// at its boot. API Gateway cuts a connection after ten idle minutes; a shorter interval costs more messages.
	HeartbeatInterval time.Duration

	// JournalHeartbeats (context journalHeartbeats, true or false, default false) sends heartbeats through the
	// journal like every other message, so that they appear on the IoT topic of the charge point. It multiplies
	// the price of a heartbeat.
	JournalHeartbeats bool

	// JournalReadings (context journalReadings, true or false, default false) sends all meter readings through the journal like
	// every other message, not those of one minute in fifteen alone: they come to the IoT topic of the charge point in their
	// order, and each updates the device shadow and is told as an event. It doubles the price of a reading.
	JournalReadings bool

	// DataTransferVendors (context dataTransferVendors, vendor ids with commas between them, default none) are those
	// whose DataTransfer is accepted and published on the IoT topic <charge point>/data/<vendor id>. A charge point is
	// told of every other vendor that it is not known.
	DataTransferVendors []string

	// CertificateSigner (context certificateSigner, the ARN of a Lambda function, default none) signs the certificate
	// requests of charge points: it gets {"chargePointId","csr","certificateType","requestId"} and answers
	// {"certificateChain"}. Without it a request waits for the operator, who sends CertificateSigned.
	CertificateSigner string

	// Validation (context validation, tolerant or strict, default tolerant) is what becomes of a message that can be
	// understood in spite of being against its schema, such as one with a field too many: tolerant takes it, strict
	// refuses it as the specification says.
	Validation string

	// Events (context events, true or false, default true) publishes what happens to charge points, in words of all
	// OCPP versions, on the IoT topics ocpp/<charge point>/<event>. Campaigns hear of their commands by these events: without
	// them a campaign learns the fate of a command only when it looks at it again.
	Events bool

	// Mirror (context mirror, true or false, default true) publishes the frames of charge points on the IoT topics
	// <charge point>/in and <charge point>/out. Without it the messages of IoT Core that nobody reads cost nothing; CALLs
	// that integrators publish on <charge point>/out are still sent.
	Mirror bool

	// MessageLog (context messageLog, true or false, default true) keeps the frames of charge points, secrets masked, for
	// GET /charge-points/{id}/messages. Refused connections are kept there in any case.
	MessageLog bool

	// MessageLogDays (context messageLogDays, 1 to 365, default 7) is for how long.
	MessageLogDays int

	// EdgeSecretVersion (context edgeSecretVersion, 1 to 1000000, default 1) is the number of the secret by which the edge
	// shows itself to the authorizer. The next number draws another; the one before is taken until the number grows again.
	// A step of two voids both at once, for the minutes that CloudFront needs to hear of it at the price of refused handshakes.
	EdgeSecretVersion int

	// Domain is where charge points connect, and with what certificates: by default the name that CloudFront gives.
	Domain Domain

	// WebACL (context webAclArn, default none) is a web access control list of AWS WAF, of scope CLOUDFRONT and so in us-east-1,
	// that the edge asks about each handshake, for instance to bound those from one address. It costs by the month.
	WebACL string

	// WebSocketAccessLog (context webSocketAccessLog, true or false, default false) has API Gateway write a line for each handshake,
	// message and end of a connection. It needs a role in the settings of API Gateway, which are the account's
	// in a Region and not the stack's: without it the deployment fails (docs/security.md). The HTTP API's log needs none and is always there.
	WebSocketAccessLog bool

	// WebSocketRequestsPerSecond (context webSocketRequestsPerSecond, 0 to 1000000, default 0 for what the account
	// allows) bounds handshakes and messages of all charge points together, with bursts of as many. Charge points beyond it
	// are refused with 429, and their messages lost: it protects the rest of the account, not this stack.
	WebSocketRequestsPerSecond int

	// HTTP is who may call the HTTP API, and from where: by default signed requests of the account.
	HTTP HTTP

	// Console is how people sign in to the console.
	Console Console

	// Memory (context memory, 128 to 10240, default 256) is the memory of each function in MB. The share of a processor
	// grows with it: at 128 MB the TLS handshake with DynamoDB would dominate a cold start.
	Memory int

	// Timeout (context timeout, 10 to 29, default 20) is how many seconds the functions behind queues and rules may take.
	// The queues hide what they read for six times as long. Most of these functions send commands, and one that takes over
	// the turn of another relies on that having ended within 30 seconds (shared/command). Those that answer charge points
	// and operators have fixed timeouts below the 29 and 30 seconds of API Gateway.
	Timeout int

	// Tracing (context tracing, true or false, default true) has functions record traces in X-Ray: of the first request of
	// a second and of 5 % of the others.
	Tracing bool

	// Canary (context canary, true or false, default true) lets a synthetic charge point, the Thing <stack name>-Canary,
	// connect, boot and leave every five minutes, and an alarm tell when it was not served. It costs a few cents a month.
	// It has no certificate, and so makes no visits where charge points need one.
	Canary bool

	// Alarms (context alarms, true or false, default true) makes alarms of CloudWatch, at ten cents a month each.
	Alarms bool

	// AlarmEmail (context alarmEmail, default none) is written to when an alarm goes off and when it is over, after whoever
	// reads it has confirmed that. Without it the topic <stack name>-Alarms waits for other subscribers.
	AlarmEmail string

	// LogLevel (context logLevel, DEBUG, INFO, WARN or ERROR, default INFO) is the least level that functions log.
	LogLevel string

	// LogRetentionDays (context logRetentionDays, default 30) is how long CloudWatch keeps the log lines: 1, 3, 7,
	// 14, 30, 60, 90, 180, 365, 731, 1827 or 3653 days.
	LogRetentionDays int

	// KeepTables (context keepTables, true or false, default true) leaves the tables and their data in the account
	// when the stack is destroyed. They then keep their names: before a stack of the same name can be deployed
	// again they have to be deleted or imported. Set it to false for a stack that comes and goes.
	KeepTables bool

	// TerminationProtection (context terminationProtection, true or false, default false) keeps CloudFormation from
	// destroying the stack until it is switched off.
	TerminationProtection bool

	// BuildFolder holds the built functions as <goarch>/<function>/bootstrap. It is no context value: `make build`
	// writes to build/ beside cdk.json.
	BuildFolder string
}

// basicAuthOverTLS is security profile 2, the highest for which a charge point needs no certificate.
const basicAuthOverTLS = 2

// highestRate is beyond any quota of API Gateway.
const highestRate = 1_000_000

// highestSecret is more than anybody ever draws.
const highestSecret = 1_000_000

// stackNames leaves room for the longest suffix: names of queues end at 80 characters, and
// -DeadLetterQueueForIncomingMessages.fifo takes 40 of them.
var stackNames = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,39}$`)

var functionARN = regexp.MustCompile(`^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]+(:[A-Za-z0-9_-]+)?$`)

var webACLs = regexp.MustCompile(`^arn:aws[a-z-]*:wafv2:us-east-1:[0-9]{12}:global/webacl/[A-Za-z0-9_-]+/[a-f0-9-]+$`)

var emailAddress = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)

// readProperties takes the context values that are set, and the defaults for the others. The error names the
// first context value that is nonsense, and what it may be. context answers nil for a key that is not set.
func readProperties(context func(key string) any, getenv func(string) string) (Properties, error) {
	r := reader{context: context}
	p := Properties{
		StackName:           r.text("stackName", defaultStack),
		Account:             getenv("CDK_DEPLOY_ACCOUNT"),
		Region:              getenv("CDK_DEPLOY_REGION"),
		Architecture:        architectures[strings.ToLower(r.text("architecture", "arm64"))],
		MinSecurityProfile:  r.number("minSecurityProfile", 1, 0, 3),
		RegistrationDefault: r.choice("registrationDefault", "Accepted", "Accepted", "Pending", "Rejected"),
		UnknownIDTokens:     r.choice("unknownIdTokens", "Invalid", "Accepted", "Invalid"),
		HeartbeatInterval:   time.Duration(r.number("heartbeatInterval", 300, 240, 540)) * time.Second,
		JournalHeartbeats:   r.flag("journalHeartbeats", false),
		JournalReadings:     r.flag("journalReadings", false),
		DataTransferVendors: r.vendors("dataTransferVendors"),
		CertificateSigner:   r.matching("certificateSigner", functionARN, "the ARN of a Lambda function"),
		Validation:          r.choice("validation", "tolerant", "tolerant", "strict"),
		Events:              r.flag("events", true),
		Mirror:              r.flag("mirror", true),
		MessageLog:          r.flag("messageLog", true),
		MessageLogDays:      r.number("messageLogDays", 7, 1, 365),
		EdgeSecretVersion:   r.number("edgeSecretVersion", 1, 1, highestSecret),
		Domain:              r.domain(getenv("CDK_DEPLOY_REGION")),
		WebACL:              r.matching("webAclArn", webACLs, "the ARN of a web ACL of AWS WAF for CloudFront, in us-east-1"),
		WebSocketAccessLog:  r.flag("webSocketAccessLog", false),
		HTTP:                r.http(),
		Console:             r.console(),
		Memory:              r.number("memory", 256, 128, 10240),
		Timeout:             r.number("timeout", 20, 10, 29),
		Tracing:             r.flag("tracing", true),
		Canary:              r.flag("canary", true),
		Alarms:              r.flag("alarms", true),
		AlarmEmail:          r.matching("alarmEmail", emailAddress, "an e-mail address"),
		LogLevel:            r.choice("logLevel", "INFO", "DEBUG", "INFO", "WARN", "ERROR"),
		LogRetentionDays:    r.numberOf("logRetentionDays", 30, slices.Sorted(maps.Keys(retentions))),
		KeepTables:          r.flag("keepTables", true),
		BuildFolder:         "build",

		WebSocketRequestsPerSecond: r.number("webSocketRequestsPerSecond", 0, 0, highestRate),
		TerminationProtection:      r.flag("terminationProtection", false),
	}
	if !stackNames.MatchString(p.StackName) {
		r.refuse("stackName", p.StackName, "letters, digits and hyphens, beginning with a letter, at most 40 characters")
	}
	if p.MinSecurityProfile > basicAuthOverTLS && p.Domain.ClientCertificates == noCertificates {
		r.refuse("minSecurityProfile", strconv.Itoa(p.MinSecurityProfile), "at most 2 where clientCertificates is none: profile 3 asks for a certificate")
	}
	if p.Domain.ClientCertificates == certificatesRequired || p.MinSecurityProfile > basicAuthOverTLS {
		p.Canary = false // it has no certificate
	}
	if p.AlarmEmail != "" && !p.Alarms {
		r.refuse("alarmEmail", p.AlarmEmail, "left out where alarms is false")
	}
	if p.Architecture == "" {
		r.refuse("architecture", r.text("architecture", ""), "arm64 or x86_64")
	}
	return p, r.err
}
