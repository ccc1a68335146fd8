package template

import (
	"fmt"
	"strings"
	"time"
)

// A Function is a Lambda function of the stack's own: the ones that CDK adds to deploy custom resources are left out.
type Function struct {
	LogicalID   string
	Name        string
	ARN         string
	Handler     string // the folder of its binary, e.g. "message"
	RoleARN     string
	Environment map[string]string
	Timeout     time.Duration
	MemoryMB    int
	Concurrency *int   // reserved concurrent executions; nil = not limited, 0 = switched off
	LogFormat   string // "JSON", "Text" or "" = Lambda's default
	LogLevel    string // "INFO", … or ""

	// What happens to an asynchronous event that keeps failing.
	DeadLetterARN   string // a queue that gets the event as it was
	OnFailureARN    string // a destination that gets a record of the failure
	MaximumRetries  int    // after the first attempt: 0 to 2
	MaximumEventAge time.Duration
}

const (
	defaultTimeout  = 3 * time.Second // Lambda's
	defaultMemoryMB = 128
	defaultRetries  = 2
	maximumEventAge = 6 * time.Hour
	customRuntime   = "provided."
)

// Functions returns the stack's functions in the order of their logical ids.
func (t *Template) Functions() ([]Function, error) {
	providers := t.customProviders()
	var functions []Function
	for _, r := range t.ofType("AWS::Lambda::Function") {
		if providers[r.logicalID] {
			continue
		}
		function, err := t.function(r)
		if err != nil {
			return nil, err
		}
		functions = append(functions, function)
	}
	return functions, t.asyncConfigs(functions)
}

func (t *Template) function(r *resource) (Function, error) {
	var properties struct {
		Handler, Role, Runtime       string
		Timeout                      int
		MemorySize                   int
		ReservedConcurrentExecutions *int
		Environment                  struct{ Variables map[string]string }
		DeadLetterConfig             struct{ TargetArn string }
		LoggingConfig                struct{ LogFormat, ApplicationLogLevel string }
	}
	if err := t.decode(r, &properties); err != nil {
		return Function{}, err
	}
	if !strings.HasPrefix(properties.Runtime, customRuntime) {
		return Function{}, fmt.Errorf("resource %s (%s): the stand-in runs provided.al2023 functions only, this one's runtime is %q", r.logicalID, r.Type, properties.Runtime)
	}
	name, err := t.fill(r, "{name}")
	if err != nil {
		return Function{}, err
	}
	arn, err := t.fill(r, kinds[r.Type].attributes["Arn"])
	if err != nil {
		return Function{}, err
	}
	function := Function{
		LogicalID:       r.logicalID,
		Name:            name,
		ARN:             arn,
		Handler:         properties.Handler,
		RoleARN:         properties.Role,
		Environment:     properties.Environment.Variables,
		Timeout:         time.Duration(properties.Timeout) * time.Second,
		MemoryMB:        properties.MemorySize,
		Concurrency:     properties.ReservedConcurrentExecutions,
		LogFormat:       properties.LoggingConfig.LogFormat,
		LogLevel:        properties.LoggingConfig.ApplicationLogLevel,
		DeadLetterARN:   properties.DeadLetterConfig.TargetArn,
		MaximumRetries:  defaultRetries,
		MaximumEventAge: maximumEventAge,
	}
	if function.Timeout == 0 {
		function.Timeout = defaultTimeout
	}
	if function.MemoryMB == 0 {
		function.MemoryMB = defaultMemoryMB
	}
	return function, nil
}

// asyncConfigs adds what AWS::Lambda::EventInvokeConfig says about functions.
func (t *Template) asyncConfigs(functions []Function) error {
	for _, r := range t.ofType("AWS::Lambda::EventInvokeConfig") {
		var properties struct {
			FunctionName             string
			MaximumRetryAttempts     *int
			MaximumEventAgeInSeconds int
			DestinationConfig        struct{ OnFailure struct{ Destination string } }
		}
		if err := t.decode(r, &properties); err != nil {
			return err
		}
		for i := range functions {
			if functions[i].Name != functionName(properties.FunctionName) {
				continue
			}
			if properties.MaximumRetryAttempts != nil {
				functions[i].MaximumRetries = *properties.MaximumRetryAttempts
			}
			if age := properties.MaximumEventAgeInSeconds; age != 0 {
				functions[i].MaximumEventAge = time.Duration(age) * time.Second
			}
			functions[i].OnFailureARN = properties.DestinationConfig.OnFailure.Destination
		}
	}
	return nil
}

// A Permission lets a service invoke a function.
type Permission struct {
	Function  string // name
	Principal string // e.g. "apigateway.amazonaws.com"
	SourceARN string // may hold wildcards; "" = any
}

// Permissions returns every permission to invoke a function.
func (t *Template) Permissions() ([]Permission, error) {
	var permissions []Permission
	for _, r := range t.ofType("AWS::Lambda::Permission") {
		var properties struct{ Action, FunctionName, Principal, SourceArn string }
		if err := t.decode(r, &properties); err != nil {
			return nil, err
		}
		if properties.Action != "lambda:InvokeFunction" {
			return nil, fmt.Errorf("resource %s (%s): the stand-in knows the action lambda:InvokeFunction only, not %q", r.logicalID, r.Type, properties.Action)
		}
		permissions = append(permissions, Permission{
			Function:  functionName(properties.FunctionName),
			Principal: properties.Principal,
			SourceARN: properties.SourceArn,
		})
	}
	return permissions, nil
}

// An EventSourceMapping polls a queue for a function.
type EventSourceMapping struct {
	UUID               string
	Function           string // name
	QueueARN           string
	BatchSize          int
	Window             time.Duration // how long a batch is gathered
	PartialFailures    bool          // ReportBatchItemFailures
	MaximumConcurrency int           // 0 = not limited
	Disabled           bool
}

const defaultBatchSize = 10 // SQS

// EventSourceMappings returns the mappings of queues to functions.
func (t *Template) EventSourceMappings() ([]EventSourceMapping, error) {
	var mappings []EventSourceMapping
	for _, r := range t.ofType("AWS::Lambda::EventSourceMapping") {
		var properties struct {
			EventSourceArn, FunctionName   string
			BatchSize                      int
			MaximumBatchingWindowInSeconds int
			FunctionResponseTypes          []string
			ScalingConfig                  struct{ MaximumConcurrency int }
			Enabled                        *bool
			FilterCriteria                 any
		}
		if err := t.decode(r, &properties); err != nil {
			return nil, err
		}
		if properties.FilterCriteria != nil {
			return nil, fmt.Errorf("resource %s (%s): the stand-in does not filter events (FilterCriteria)", r.logicalID, r.Type)
		}
		mapping := EventSourceMapping{
			UUID:               t.generatedID(r),
			Function:           functionName(properties.FunctionName),
			QueueARN:           properties.EventSourceArn,
			BatchSize:          properties.BatchSize,
			Window:             time.Duration(properties.MaximumBatchingWindowInSeconds) * time.Second,
			MaximumConcurrency: properties.ScalingConfig.MaximumConcurrency,
			Disabled:           properties.Enabled != nil && !*properties.Enabled,
		}
		for _, responseType := range properties.FunctionResponseTypes {
			mapping.PartialFailures = mapping.PartialFailures || responseType == "ReportBatchItemFailures"
		}
		if mapping.BatchSize == 0 {
			mapping.BatchSize = defaultBatchSize
		}
		mappings = append(mappings, mapping)
	}
	return mappings, nil
}

// functionName takes a name, or an ARN with or without a qualifier.
func functionName(nameOrARN string) string {
	_, after, isARN := strings.Cut(nameOrARN, ":function:")
	if !isARN {
		return nameOrARN
	}
	name, _, _ := strings.Cut(after, ":")
	return name
}

// integrationFunction takes the URI by which API Gateway invokes a function: the function's ARN (HTTP APIs), or
// arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/ARN/invocations.
func integrationFunction(uri string) (string, error) {
	arn := uri
	if _, after, isPath := strings.Cut(uri, "/functions/"); isPath {
		arn = strings.TrimSuffix(after, "/invocations")
	}
	if !strings.HasPrefix(arn, "arn:"+partition+":lambda:") {
		return "", fmt.Errorf("the integration URI %q does not name a function", uri)
	}
	return functionName(arn), nil
}
