package main

import (
	"fmt"
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

	// Canary (context canary, true or false, default true) lets a synthetic charge point, the Thing <stack name>-Canary,
	// connect, boot and leave every five minutes, and an alarm tell when it was not served. It costs a few cents a month.
	Canary bool

	// LogLevel (context logLevel, DEBUG, INFO, WARN or ERROR, default INFO) is the least level that functions log.
	LogLevel string

	// LogRetentionDays (context logRetentionDays, default 30) is how long CloudWatch keeps the log lines: 1, 3, 7,
	// 14, 30, 60, 90, 180, 365, 731, 1827 or 3653 days.
	LogRetentionDays int

	// KeepTables (context keepTables, true or false, default true) leaves the tables and their data in the account
	// when the stack is destroyed. They then keep their names: before a stack of the same name can be deployed
	// again they have to be deleted or imported. Set it to false for a stack that comes and goes.
	KeepTables bool

	// BuildFolder holds the built functions as <goarch>/<function>/bootstrap. It is no context value: `make build`
	// writes to build/ beside cdk.json.
	BuildFolder string
}

// stackNames leaves room for the longest suffix: names of queues end at 80 characters, and
// -DeadLetterQueueForIncomingMessages.fifo takes 40 of them.
var stackNames = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,39}$`)

var functionARN = regexp.MustCompile(`^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]+(:[A-Za-z0-9_-]+)?$`)

// readProperties takes the context values that are set, and the defaults for the others. The error names the
// first context value that is nonsense, and what it may be. context answers nil for a key that is not set.
func readProperties(context func(key string) any, getenv func(string) string) (Properties, error) {
	r := reader{context: context}
	p := Properties{
		StackName:           r.text("stackName", "AwsOcppGatewayStack"),
		Account:             getenv("CDK_DEPLOY_ACCOUNT"),
		Region:              getenv("CDK_DEPLOY_REGION"),
		Architecture:        architectures[strings.ToLower(r.text("architecture", "arm64"))],
		MinSecurityProfile:  r.number("minSecurityProfile", 1, 0, 3),
		RegistrationDefault: r.choice("registrationDefault", "Accepted", "Accepted", "Pending", "Rejected"),
		UnknownIDTokens:     r.choice("unknownIdTokens", "Invalid", "Accepted", "Invalid"),
		HeartbeatInterval:   time.Duration(r.number("heartbeatInterval", 300, 240, 540)) * time.Second,
		JournalHeartbeats:   r.flag("journalHeartbeats", false),
		DataTransferVendors: r.vendors("dataTransferVendors"),
		CertificateSigner:   r.text("certificateSigner", ""),
		Validation:          r.choice("validation", "tolerant", "tolerant", "strict"),
		Events:              r.flag("events", true),
		Mirror:              r.flag("mirror", true),
		MessageLog:          r.flag("messageLog", true),
		MessageLogDays:      r.number("messageLogDays", 7, 1, 365),
		Canary:              r.flag("canary", true),
		LogLevel:            r.choice("logLevel", "INFO", "DEBUG", "INFO", "WARN", "ERROR"),
		LogRetentionDays:    r.numberOf("logRetentionDays", 30, slices.Sorted(maps.Keys(retentions))),
		KeepTables:          r.flag("keepTables", true),
		BuildFolder:         "build",
	}
	if !stackNames.MatchString(p.StackName) {
		r.refuse("stackName", p.StackName, "letters, digits and hyphens, beginning with a letter, at most 40 characters")
	}
	if p.CertificateSigner != "" && !functionARN.MatchString(p.CertificateSigner) {
		r.refuse("certificateSigner", p.CertificateSigner, "the ARN of a Lambda function")
	}
	if p.Architecture == "" {
		r.refuse("architecture", r.text("architecture", ""), "arm64 or x86_64")
	}
	return p, r.err
}

// reader reads context values and keeps the first error, so that the list of properties reads as a list.
type reader struct {
	context func(key string) any
	err     error
}

// text is the value as written: the command line gives strings, cdk.json also numbers and booleans.
func (r *reader) text(key, byDefault string) string {
	switch value := r.context(key).(type) {
	case nil:
		return byDefault
	case float64: // any number that came through JSON
		return strconv.FormatFloat(value, 'f', -1, 64)
	default:
		return fmt.Sprint(value)
	}
}

func (r *reader) choice(key, byDefault string, allowed ...string) string {
	value := r.text(key, byDefault)
	if !slices.Contains(allowed, value) {
		r.refuse(key, value, enumeration(allowed))
	}
	return value
}

func (r *reader) flag(key string, byDefault bool) bool {
	return r.choice(key, strconv.FormatBool(byDefault), "true", "false") == "true"
}

func (r *reader) number(key string, byDefault, least, most int) int {
	value := r.text(key, strconv.Itoa(byDefault))
	n, err := strconv.Atoi(value)
	if err != nil || n < least || n > most {
		r.refuse(key, value, fmt.Sprintf("a whole number from %d to %d", least, most))
	}
	return n
}

func (r *reader) numberOf(key string, byDefault int, allowed []int) int {
	value := r.text(key, strconv.Itoa(byDefault))
	n, err := strconv.Atoi(value)
	if err != nil || !slices.Contains(allowed, n) {
		r.refuse(key, value, enumeration(allowed))
	}
	return n
}

// maxVendorID is what AWS IoT leaves for the last level of a topic: of 256 bytes, 48 may be a charge point's name.
// OCPP allows 255 characters.
const maxVendorID = 256 - 48 - len("/data/")

func (r *reader) vendors(key string) []string {
	value := r.text(key, "")
	if value == "" {
		return nil
	}
	var vendors []string
	for id := range strings.SplitSeq(value, ",") {
		id = strings.TrimSpace(id)
		if id == "" || len(id) > maxVendorID || strings.ContainsAny(id, "/+#") {
			r.refuse(key, value, fmt.Sprintf("vendor ids with commas between them, each of 1 to %d bytes without / + #: it ends the name of a topic", maxVendorID))
		}
		vendors = append(vendors, id)
	}
	return vendors
}

func (r *reader) refuse(key, value, allowed string) {
	if r.err == nil {
		r.err = fmt.Errorf("context value %s is %q, but must be %s", key, value, allowed)
	}
}

// enumeration is "a, b or c".
func enumeration[T any](allowed []T) string {
	var words []string
	for _, a := range allowed {
		words = append(words, fmt.Sprint(a))
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
