package fault

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/serverless-ocpp/backend/local/iam"
)

// A Rule says what goes wrong where, and how often. Patterns may hold * and ?, as those of IAM policies; one that names a
// function, a queue or a resource may leave out what stands before the last part of the name: Message is
// AwsOcppGatewayStack-Message.
type Rule struct {
	Name   string `json:"name,omitempty"` // for the counts and the log alone
	Target string `json:"target"`         // "dynamodb:UpdateItem", "function:Message", "websocket:connect", "queue:Timers", "topic:*/out"
	Kind   Kind   `json:"kind"`

	Function string `json:"function,omitempty"` // of AWS calls: the function that calls; default: anybody
	Resource string `json:"resource,omitempty"` // of AWS calls: an ARN; of websocket targets: the charge point; default: any

	// Every n fires the n-th time, the 2n-th time and so on. Neither Probability nor Every: always.
	Probability Probability `json:"probability,omitzero"`
	Every       int         `json:"every,omitzero"`
	Nth         int         `json:"nth,omitzero"`   // of AWS calls: only the n-th of an invocation, counting from 1 and counting retries
	Count       int         `json:"count,omitzero"` // not more often than this; default: no limit

	// The rule is active from After, counted from when the plan was set, for as long as For (default: for ever), and again
	// after each Repeat.
	After  Duration `json:"after,omitzero"`
	For    Duration `json:"for,omitzero"`
	Repeat Duration `json:"repeat,omitzero"`

	Delay Duration `json:"delay,omitzero"` // what it is, the kind says
	Code  string   `json:"code,omitempty"` // of throttle and error of AWS calls: one of the service's codes; default: its most common one
}

// A Fault is what a rule asks for. The zero Fault is none.
type Fault struct {
	Kind  Kind
	Delay time.Duration
	Code  string
}

// About is what is known at a point.
type About struct {
	Name      string   // "dynamodb:UpdateItem", a function's, a queue's or a topic's name; nothing at websocket points
	Function  string   // that makes an AWS call
	Resources []string // ARNs of an AWS call, charge point of a connection
	Nth       int      // which AWS call of its invocation this is, from 1; 0 when it is of none, or when nobody counted
}

// Codes are the codes of throttle and of error that a service knows, the default first. They are known here so that a plan with
// a wrong one is refused when it is set; their shapes belong to local/awsapi.
var Codes = map[string]map[Kind][]string{
	"dynamodb": {
		Throttle: {"ThrottlingException", "ProvisionedThroughputExceededException", "RequestLimitExceeded"},
		Error:    {"InternalServerError", "ServiceUnavailable"},
	},
	"sqs": {
		Throttle: {"RequestThrottled", "ThrottlingException", "OverLimit"},
		Error:    {"InternalFailure", "ServiceUnavailable"},
	},
	"iot": {
		Throttle: {"ThrottlingException"},
		Error:    {"InternalFailureException", "ServiceUnavailableException"},
	},
	"connections": {
		Throttle: {"LimitExceededException"},
		Error:    {"InternalServerErrorException"},
	},
	"lambda": {
		Throttle: {"TooManyRequestsException"},
		Error:    {"ServiceException"},
	},
	"cloudwatch": {
		Throttle: {"Throttling"},
		Error:    {"InternalFailure", "ServiceUnavailable"},
	},
	"sts": {
		Throttle: {"Throttling"},
		Error:    {"InternalFailure", "ServiceUnavailable"},
	},
}

// check finds what is wrong with a rule; nil when it is sound.
func (r Rule) check() error {
	found, pattern := placesOf(r.Target)
	if r.Target == "" || pattern == "" && strings.HasSuffix(r.Target, ":") {
		return fmt.Errorf("target %q names nothing: it is as dynamodb:UpdateItem, function:Message, websocket:connect, queue:Timers or topic:*/out", r.Target)
	}
	if strings.HasPrefix(r.Target, "websocket:") && found[0].point == Call {
		return fmt.Errorf("target %q: there are websocket:connect, websocket:connection, websocket:message, websocket:post and websocket:disconnect", r.Target)
	}
	if kinds := kindsOf(found); !slices.Contains(kinds, r.Kind) {
		return fmt.Errorf("kind %q cannot happen at %s: it is one of %v", r.Kind, r.Target, kinds)
	}
	isCall := found[0].point == Call
	if isCall {
		if err := r.checkCall(); err != nil {
			return err
		}
	}
	switch {
	case r.Probability < 0 || r.Probability > 1:
		return fmt.Errorf("probability %g is not from 0 to 1", r.Probability)
	case r.Every < 0 || r.Nth < 0 || r.Count < 0 || r.After < 0 || r.For < 0 || r.Repeat < 0 || r.Delay < 0:
		return fmt.Errorf("a number or a duration is negative")
	case r.Every > 0 && r.Probability != 0:
		return fmt.Errorf("every and probability exclude each other")
	case r.Repeat > 0 && (r.For == 0 || r.For > r.Repeat):
		return fmt.Errorf("repeat %v needs a for that is not longer", r.Repeat)
	case r.Delay == 0 && slices.Contains([]Kind{Slow, IdleLimit, LifeLimit}, r.Kind):
		return fmt.Errorf("kind %s needs a delay", r.Kind)
	case !isCall && (r.Function != "" || r.Nth > 0 || r.Code != ""):
		return fmt.Errorf("function, nth and code belong to AWS calls, not to %s", r.Target)
	case r.Resource != "" && !isCall && !strings.HasPrefix(r.Target, "websocket:"):
		return fmt.Errorf("resource belongs to AWS calls and websocket targets, not to %s", r.Target)
	case r.Resource != "" && r.Target == "websocket:connect":
		return fmt.Errorf("resource: at websocket:connect nobody has said yet which charge point it is")
	case r.Kind == Gone && !strings.HasPrefix(r.Target, "connections:"):
		return fmt.Errorf("kind gone belongs to connections:POST, connections:GET and connections:DELETE, not to %s", r.Target)
	case r.Kind == Partial && r.Target != "dynamodb:BatchWriteItem":
		return fmt.Errorf("kind partial belongs to dynamodb:BatchWriteItem, not to %s", r.Target)
	case r.Code != "":
		return r.checkCode()
	}
	return nil
}

// methods are what is done to a connection.
var methods = []string{"POST", "GET", "DELETE"}

// checkCall finds out whether any call can be meant: a rule that never fires shows that nothing is wrong where nothing was tried.
func (r Rule) checkCall() error {
	service, action, named := strings.Cut(r.Target, ":")
	services := slices.Sorted(maps.Keys(Codes))
	means := func(pattern string, names []string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return iam.Match(pattern, name) })
	}
	switch {
	case !named && strings.Contains(service, "*"):
		return nil // the * may stand for a colon, too
	case !named, !means(service, services):
		return fmt.Errorf("target %q is no call: services are %v, an action is as dynamodb:UpdateItem", r.Target, services)
	case service == "connections" && !means(action, methods):
		return fmt.Errorf("target %q: connections have %v", r.Target, methods)
	}
	return nil
}

func (r Rule) checkCode() error {
	service, _, _ := strings.Cut(r.Target, ":")
	known, ok := Codes[service]
	if !ok {
		return fmt.Errorf("code %s: a code needs a target of one service, not %s", r.Code, r.Target)
	}
	if !slices.Contains(known[r.Kind], r.Code) {
		return fmt.Errorf("code %q is not among those that %s knows of kind %s: %v", r.Code, service, r.Kind, known[r.Kind])
	}
	return nil
}

// matches tells whether a pattern means a name, or the last part of one.
func matches(pattern, name string) bool {
	return pattern == "" || iam.Match(pattern, name) || iam.Match("*-"+pattern, name) || iam.Match("*/"+pattern, name)
}
