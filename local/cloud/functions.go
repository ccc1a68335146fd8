package cloud

import (
	"cmp"
	"fmt"
	"maps"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/serverless-ocpp/backend/local/console"
	"github.com/serverless-ocpp/backend/local/iam"
	"github.com/serverless-ocpp/backend/local/lambda"
	"github.com/serverless-ocpp/backend/local/template"
)

// leastCrowd is how many instances of a function work at once on the smallest machine: enough that one works while others wait
// for the services.
const leastCrowd = 4

// startFunctions starts the Lambda host with every function of the template, each with credentials of its own role.
func (c *Cloud) startFunctions() error {
	functions, err := c.template.Functions()
	if err != nil {
		return err
	}
	config := lambda.Config{
		Region:    Region,
		AccountID: Account,
		Events:    c.stores.lambda.Bucket("async-events"),
		Logs:      c.logsOf(console.FunctionLog(c.log)),
		Logger:    c.log,
		Faults:    c.faults,
		Meter:     c.counter,
		Crowd:     cmp.Or(c.options.Crowd, max(leastCrowd, 2*runtime.NumCPU())),
	}
	for _, function := range functions {
		role, err := c.template.Role(function.RoleARN)
		if err != nil {
			return fmt.Errorf("function %s: %w", function.Name, err)
		}
		c.roles[function.Name] = role
		deadLetter, err := c.deadLetter(function, role)
		if err != nil {
			return err
		}
		credentials := c.directory.AssumeRole(role, function.Name)
		config.Functions = append(config.Functions, lambda.Function{
			Name:                 function.Name,
			Bootstrap:            filepath.Join(c.options.BuildDir, function.Handler, "bootstrap"),
			Handler:              function.Handler,
			Role:                 function.RoleARN,
			Timeout:              function.Timeout,
			MemoryMB:             function.MemoryMB,
			Env:                  c.environment(function),
			Credentials:          lambda.Credentials(credentials),
			LogFormat:            function.LogFormat,
			LogLevel:             function.LogLevel,
			ReservedConcurrency:  function.Concurrency,
			MaximumRetryAttempts: &function.MaximumRetries,
			DeadLetter:           deadLetter,
		})
	}
	if c.functions, err = lambda.New(config); err != nil {
		return err
	}
	c.onClose("functions", c.functions.Close)
	if err := c.functions.Verify(); err != nil {
		// One missing binary or all nine: the remedy is the same, so the first is enough.
		first, _, more := strings.Cut(err.Error(), "\n")
		if more {
			first += ", and others"
		}
		return fmt.Errorf("functions are not built for this machine (%s); if make run has not done it, make clean first: %s", runtime.GOARCH, first)
	}
	return nil
}

// environment is a function's own environment with everything that names a host of AWS pointed at this machine.
func (c *Cloud) environment(function template.Function) map[string]string {
	variables := maps.Clone(function.Environment)
	if variables == nil {
		variables = map[string]string{}
	}
	for name, value := range variables {
		for _, host := range c.hosts {
			value = strings.ReplaceAll(value, host.aws, host.local)
		}
		variables[name] = value
	}
	for name, value := range c.options.overrides() {
		if _, has := variables[name]; has {
			variables[name] = value
		}
	}
	variables["AWS_ENDPOINT_URL"] = c.addresses.AWS // read by the SDK, for every service but @connections
	return variables
}

// deadLetter is where a function's failed asynchronous events go: nil without a dead letter queue.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq
func (c *Cloud) deadLetter(function template.Function, role iam.Role) (func(lambda.DeadLetter), error) {
	if function.OnFailureARN != "" {
		return nil, fmt.Errorf("function %s has an on-failure destination, which the stand-in does not know; it knows dead letter queues", function.Name)
	}
	if function.DeadLetterARN == "" {
		return nil, nil
	}
	queue, ok := queueName(function.DeadLetterARN)
	if !ok {
		return nil, fmt.Errorf("function %s: its dead letters go to %s, which is no queue", function.Name, function.DeadLetterARN)
	}
	if err := mayDo(role, "sqs:SendMessage", function.DeadLetterARN); err != nil {
		return nil, fmt.Errorf("function %s cannot have its dead letter queue: %w", function.Name, err)
	}
	return func(letter lambda.DeadLetter) {
		c.directory.Used(function.Name, role, "sqs:SendMessage", function.DeadLetterARN)
		if err := c.sendDeadLetter(queue, letter); err != nil {
			c.log.Error("dead letter lost", "function", function.Name, "queue", queue, "error", err)
		}
	}, nil
}
