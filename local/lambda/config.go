package lambda

import (
	"cmp"
	"fmt"
	"log/slog"
	"time"

	"github.com/serverless-ocpp/backend/local/fault"
)

const (
	defaultProcesses   = 16               // the account's 1,000 would be 11 GB of processes
	defaultIdleTimeout = 5 * time.Minute  // AWS: unspecified, minutes in practice
	defaultInitTimeout = 10 * time.Second // Lambda's limit of the init phase
	defaultTimeout     = 3 * time.Second  // Lambda's default of a function's Timeout
	defaultMemoryMB    = 128              // Lambda's default of MemorySize
	defaultRetries     = 2                // Lambda's default of MaximumRetryAttempts
)

// Config says which functions exist and within which limits they run.
type Config struct {
	Region    string // of the functions' ARNs and of AWS_REGION
	AccountID string // twelve digits

	Functions []Function

	// MaxProcesses is how many child processes live at once over all functions; the
	// default is 16. What does not fit waits: the machine is smaller than an AWS
	// account, and that must not look like throttling. Those whose event lingers do
	// not count.
	MaxProcesses int
	// Crowd is how many instances of one function work at once, as long as their events take no longer than a quarter of a
	// second; the default is any number. A machine of few processors does no more work with more of them, but changes
	// between them all the time, which costs a fifth of it. Lambda has no such limit.
	Crowd int
	// IdleTimeout is how long an instance without an event is kept; the default is 5 minutes.
	IdleTimeout time.Duration
	// InitTimeout is how long a process may take from its start to its first
	// request for an event; the default is Lambda's 10 seconds.
	InitTimeout time.Duration
	// AsyncRetryDelays are the pauses before the repetitions of a failed asynchronous
	// event; the default is Lambda's one minute, then two.
	AsyncRetryDelays []time.Duration
	// Events, when not nil, keeps asynchronous events beyond the end of the host; see Host.Resume.
	Events EventStore

	// Logs receives every line that a function writes to stdout or stderr, without
	// its newline; requestID is empty before the first event. It is called by one
	// goroutine per instance and must not block. Nil drops the lines.
	Logs func(function, requestID, line string)
	// Logger receives what the host itself has to say; nil means slog.Default().
	Logger *slog.Logger
	// Meter, when not nil, is told of every invocation.
	Meter Meter
	// Faults, when not nil, are asked about every invocation.
	Faults *fault.Injector
}

// A Meter learns what functions do. Its methods are called by many goroutines.
type Meter interface {
	// Began is called before a function gets an event. The trace is that which the SDK sends along with every call.
	Began(trace, requestID, function string, event []byte)
	// Ended is called once for every Began: when the function has answered or died, which took that long without the waiting for
	// an instance; or after no time, when no instance took the event or nobody waits for the answer any more.
	Ended(trace string, memoryMB int, took time.Duration)
}

// Function is one Lambda function.
type Function struct {
	Name        string        // physical name, as callers know it
	Bootstrap   string        // path of the executable, absolute or below the working directory
	Handler     string        // becomes _HANDLER
	Role        string        // ARN of the execution role; shown by GetFunctionConfiguration only
	Description string        // shown by GetFunctionConfiguration only
	Timeout     time.Duration // of one invocation, then the process is killed; the default is 3 s
	MemoryMB    int           // announced to the function, not enforced; the default is 128

	// Env is the function's own environment. Together with the variables that Lambda
	// sets it is all that the process sees: nothing is inherited from the host.
	Env         map[string]string
	Credentials Credentials // of the role, as AWS_ACCESS_KEY_ID and so on
	LogFormat   string      // AWS_LAMBDA_LOG_FORMAT when not empty: "JSON" or "Text"
	LogLevel    string      // AWS_LAMBDA_LOG_LEVEL when not empty: "DEBUG", "INFO", …

	// ReservedConcurrency, when not nil, is how many events may run at once; one
	// more is throttled. Zero switches the function off, as on AWS.
	ReservedConcurrency *int
	// MaximumRetryAttempts, when not nil, replaces the two retries of a failed
	// asynchronous event.
	MaximumRetryAttempts *int
	// DeadLetter, when not nil, takes an asynchronous event that failed for good.
	DeadLetter func(DeadLetter)
}

// Credentials are handed to a function's process for calls to AWS services.
type Credentials struct {
	AccessKeyID     string
	SecretAccessKey string
	SessionToken    string // left out of the environment when empty
}

// DeadLetter is an asynchronous event that was given up. Lambda sends Event as the
// body of an SQS message and the rest as its message attributes RequestID,
// ErrorCode and ErrorMessage.
type DeadLetter struct {
	Event        []byte
	RequestID    string
	ErrorCode    int    // 200 when the function answered with an error, 429 when it was throttled
	ErrorMessage string // the first kilobyte of the error
}

func (c Config) withDefaults() Config {
	c.MaxProcesses = cmp.Or(c.MaxProcesses, defaultProcesses)
	c.IdleTimeout = cmp.Or(c.IdleTimeout, defaultIdleTimeout)
	c.InitTimeout = cmp.Or(c.InitTimeout, defaultInitTimeout)
	c.Logger = cmp.Or(c.Logger, slog.Default())
	if c.AsyncRetryDelays == nil {
		c.AsyncRetryDelays = []time.Duration{time.Minute, 2 * time.Minute}
	}
	if c.Logs == nil {
		c.Logs = func(string, string, string) {}
	}
	return c
}

func (f Function) withDefaults() Function {
	f.Timeout = cmp.Or(f.Timeout, defaultTimeout)
	f.MemoryMB = cmp.Or(f.MemoryMB, defaultMemoryMB)
	return f
}

func (f Function) retries() int {
	if f.MaximumRetryAttempts != nil {
		return *f.MaximumRetryAttempts
	}
	return defaultRetries
}

func (c Config) arn(function string) string {
	return fmt.Sprintf("arn:aws:lambda:%s:%s:function:%s", c.Region, c.AccountID, function)
}
