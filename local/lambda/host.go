package lambda

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/serverless-ocpp/backend/local/fault"
)

// Host runs functions. Its methods may be called by any number of goroutines.
type Host struct {
	config    Config
	functions map[string]*function

	mu        sync.Mutex
	processes int  // instances that are not gone
	looking   bool // startInstances will be called in a moment
	closed    bool

	children sync.WaitGroup // one for each child process, until it has been waited for
	events   sync.WaitGroup // one for each asynchronous event
	ctx      context.Context
	cancel   context.CancelFunc
}

// function is a Function and what the host knows about it; guarded by Host.mu.
type function struct {
	Function
	arn       string
	instances map[*instance]struct{} // not gone
	idle      []*instance            // the one used last stands last
	coming    int                    // instances that will ask for an event: starting or answered
	waiting   []*invocation          // oldest first
	running   int                    // admitted and not finished, waiting ones included
}

// New returns a host for config.Functions; no process is started before the first
// event. An error names a function without a name or one that is named twice.
func New(config Config) (*Host, error) {
	h := &Host{config: config.withDefaults(), functions: map[string]*function{}}
	for _, f := range config.Functions {
		if f.Name == "" {
			return nil, fmt.Errorf("lambda: the function of %q has no name", f.Bootstrap)
		}
		if h.functions[f.Name] != nil {
			return nil, fmt.Errorf("lambda: two functions are named %s", f.Name)
		}
		h.functions[f.Name] = &function{
			Function:  f.withDefaults(),
			arn:       h.config.arn(f.Name),
			instances: map[*instance]struct{}{},
		}
	}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	return h, nil
}

// Verify tells which functions have no executable, all in one error, so that a
// forgotten build is noticed before the first event.
func (h *Host) Verify() error {
	var missing []error
	for _, name := range slices.Sorted(maps.Keys(h.functions)) {
		if err := checkBootstrap(h.functions[name].Bootstrap); err != nil {
			missing = append(missing, fmt.Errorf("function %s: %w", name, err))
		}
	}
	return errors.Join(missing...)
}

func checkBootstrap(path string) error {
	info, err := os.Stat(path)
	if err != nil || info.IsDir() || info.Mode()&0o111 == 0 {
		return fmt.Errorf("%w at %s: `make run` builds it", errBootstrapMissing, path)
	}
	return nil
}

// Close kills every child process and waits until none is left. Invocations that
// have not finished fail with ErrClosed; asynchronous events that are
// not done stay in Config.Events, or are lost without it.
func (h *Host) Close() error {
	h.mu.Lock()
	h.closed = true
	for _, fn := range h.functions {
		for _, inv := range fn.waiting {
			inv.done <- outcome{err: ErrClosed}
		}
		fn.waiting = nil
		for inst := range fn.instances {
			h.discard(inst, outcome{err: ErrClosed})
		}
	}
	h.mu.Unlock()
	h.cancel()
	h.children.Wait()
	h.events.Wait()
	return nil
}

// invocation is one event on its way through an instance.
type invocation struct {
	requestID string
	traceID   string
	event     []byte
	arrived   time.Time
	began     time.Time    // set when an instance takes it
	deadline  time.Time    // likewise
	fault     fault.Kind   // of those that happen to an instance; "" for none
	calls     int          // AWS calls that have arrived while there was a plan of faults; guarded by Host.mu
	done      chan outcome // buffered: exactly one outcome is sent
}
