// Package eventsource is Lambda's event source mapping for Amazon SQS: it receives messages of a queue, invokes a function
// with them in batches, and deletes those that the function has dealt with. Its behaviour is that of "Using Lambda with Amazon
// SQS" in the Lambda Developer Guide:
//
//   - What a failed invocation, or the function's batchItemFailures, leaves undone stays in flight until the
//     visibility timeout is over. The mapping never shortens it.
//   - A throttled invocation is repeated, ever more slowly, until the visibility timeout is over.
//   - Of a FIFO queue one batch of a message group is under way at a time, because the queue gives out nothing
//     of a group of which a message is in flight. A batch may hold several groups.
package eventsource

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/serverless-ocpp/backend/local/fault"
	"github.com/serverless-ocpp/backend/local/sqs"
)

// Queues is where messages come from; *sqs.Service is one.
type Queues interface {
	Receive(ctx context.Context, queue string, max int, wait time.Duration) ([]sqs.Message, error)
	Delete(queue string, handles ...string) error
	ChangeVisibility(queue, handle string, timeout time.Duration) error
}

// Invoker runs functions. An invocation that the function answered with an error has a functionError; err says that the
// function could not be invoked.
type Invoker interface {
	Invoke(ctx context.Context, function string, event []byte) (answer []byte, functionError string, err error)
}

// Config is one mapping. The names are those of the CloudFormation resource AWS::Lambda::EventSourceMapping.
type Config struct {
	Queue    string // name
	QueueARN string
	Function string // name
	// BatchSize is the most messages of one invocation: 1 to 10,000, on FIFO queues to 10. Default 10.
	BatchSize int
	// BatchingWindow is how long to wait for a batch to fill, up to 5 minutes. Not on FIFO queues. Default 0:
	// what is there is taken at once. A BatchSize over 10 needs at least 1 second, as on AWS.
	BatchingWindow time.Duration
	// ReportBatchItemFailures makes the function's answer count: it names the messages that failed. Without it every answer is
	// success for the whole batch.
	ReportBatchItemFailures bool
	// MaximumConcurrency is how many invocations may be under way at once. Default 1,000, the most that the ScalingConfig
	// of a mapping allows. A mapping begins with 5 and finds out what the function can take: see concurrency.go.
	MaximumConcurrency int
	// BriskConcurrency is how many of them may be so at once while they take no longer than a quarter of a second: those share the
	// processors of this machine with everything else, and slower ones wait. Default 0: MaximumConcurrency.
	BriskConcurrency int
	// VisibilityTimeout is the queue's, for which a throttled invocation is repeated. Default 30 s, as of a queue.
	VisibilityTimeout time.Duration
	// Throttled says whether an error of Invoke is that of a throttled invocation. Default: none is.
	Throttled func(error) bool
	// Logger gets failures at WARN, batches at DEBUG. Default slog.Default().
	Logger *slog.Logger
	// Faults, when not nil, are asked about batches and messages.
	Faults *fault.Injector
}

// check fills in defaults and returns an error that names the setting that cannot be.
func (c *Config) check() error {
	fifo := strings.HasSuffix(c.Queue, ".fifo")
	if c.BatchSize == 0 {
		c.BatchSize = receiveSize
	}
	if c.MaximumConcurrency == 0 {
		c.MaximumConcurrency = 1000
	}
	if c.VisibilityTimeout == 0 {
		c.VisibilityTimeout = 30 * time.Second
	}
	if c.Throttled == nil {
		c.Throttled = func(error) bool { return false }
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	c.Logger = c.Logger.With("queue", c.Queue, "function", c.Function)
	refuse := func(format string, args ...any) error {
		return fmt.Errorf("event source mapping of %s to %s: %s", c.Queue, c.Function, fmt.Sprintf(format, args...))
	}
	switch {
	case c.Queue == "" || c.QueueARN == "" || c.Function == "":
		return refuse("Queue, QueueARN and Function must be set")
	case c.BatchSize < 1 || c.BatchSize > 10_000 || fifo && c.BatchSize > receiveSize:
		return refuse("BatchSize %d is not between 1 and 10,000 (FIFO queues: 10)", c.BatchSize)
	case fifo && c.BatchingWindow != 0:
		return refuse("a FIFO queue has no batching window")
	case c.BatchingWindow < 0 || c.BatchingWindow > 5*time.Minute:
		return refuse("the batching window %v is not between 0 and 5 minutes", c.BatchingWindow)
	case c.BatchSize > receiveSize && c.BatchingWindow < time.Second:
		return refuse("a BatchSize of more than 10 needs a batching window of at least 1 second")
	case c.MaximumConcurrency < 1:
		return refuse("MaximumConcurrency %d is less than 1", c.MaximumConcurrency)
	case c.BriskConcurrency < 0:
		return refuse("BriskConcurrency %d is less than 0", c.BriskConcurrency)
	}
	return nil
}

// Mapping is a running event source mapping.
type Mapping struct {
	config  Config
	queues  Queues
	invoker Invoker

	polling context.Context // ends with Close: nothing is received any more
	stop    context.CancelFunc
	slots   *concurrency
	work    sync.WaitGroup
}

// Start checks the config and begins to receive.
func Start(config Config, queues Queues, invoker Invoker) (*Mapping, error) {
	if err := config.check(); err != nil {
		return nil, err
	}
	m := &Mapping{config: config, queues: queues, invoker: invoker, slots: newConcurrency(config.MaximumConcurrency, config.BriskConcurrency)}
	m.polling, m.stop = context.WithCancel(context.Background())
	m.work.Go(m.poll)
	return m, nil
}

// Close stops receiving and returns when the invocations that are under way have ended. Batches that wait to be invoked
// again stay in flight.
func (m *Mapping) Close() {
	m.stop()
	m.work.Wait()
}
