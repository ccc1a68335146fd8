// Package metric counts and measures what operators watch, and writes it as lines of the CloudWatch embedded
// metric format to the log, where CloudWatch makes metrics of them: no call of AWS, and nothing to wait for.
//
// What comes with every message is gathered for some seconds, so that a function writes a line for many of them. What is out of the
// ordinary, with what was gathered by then, is written at once, and once a second by a function that has much of it: Lambda freezes an
// instance when an invocation is over, and what it holds is told with the next one, minutes later, or never. So of the last ten seconds
// of an instance the ordinary may be lost.
package metric

import (
	"cmp"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// Namespace is where CloudWatch shows the metrics.
const Namespace = "OCPP/Gateway"

// Name of a metric. Each has the dimension Stack alone, and those that say so a second one, whose values are few:
// there is never one per charge point.
type Name string

const (
	ActiveConnections  Name = "ActiveConnections"  // now, counted every five minutes
	Messages           Name = "Messages"           // from charge points; by Protocol
	Answers            Name = "Answers"            // to CALLs; by Result
	AnswerLatency      Name = "AnswerLatency"      // ms from the gateway's receipt of a CALL to our answer
	HandlerLatency     Name = "HandlerLatency"     // ms of that within the function
	ProcessingLatency  Name = "ProcessingLatency"  // ms from the gateway's receipt of a message until its effects are stored
	Commands           Name = "Commands"           // that became final; by State
	RefusedConnections Name = "RefusedConnections" // handshakes; by Status
	Violations         Name = "Violations"         // messages against their schema that were taken; by Protocol
	Excess             Name = "Excess"             // messages of charge points that flood, which were not taken
	Disconnects        Name = "Disconnects"        // by Code
	Canary             Name = "Canary"             // 1 when the synthetic charge point was served, else 0
	CanaryLatency      Name = "CanaryLatency"      // ms from its connecting to its last answer
)

// CallResult is the Result of those Answers that are no error.
const CallResult = "CALLRESULT"

// ordinary tells whether a value is one that comes with every message, so that nobody waits for it.
func (n Name) ordinary(by By) bool {
	switch n {
	case Messages, AnswerLatency, HandlerLatency, ProcessingLatency, Violations:
		return true
	case Answers:
		return by.Value == CallResult
	case ActiveConnections, Commands, RefusedConnections, Excess, Disconnects, Canary, CanaryLatency:
	}
	return false
}

// unit is CloudWatch's word for what a metric counts in.
func (n Name) unit() string {
	if strings.HasSuffix(string(n), "Latency") {
		return "Milliseconds"
	}
	return "Count"
}

// By is the second dimension of a value; the zero value is none.
type By struct{ Dimension, Value string }

// Recorder gathers values. A nil Recorder ignores them.
type Recorder struct {
	stack string
	out   io.Writer
	now   func() time.Time

	mu       sync.Mutex
	values   map[By]map[Name][]float64
	urgent   bool      // some are not ordinary
	gathered time.Time // since when
	paid     time.Time // until when the lines last, each for rest
}

// New makes a recorder for the functions of a stack; it writes lines to out.
func New(stack string, out io.Writer, now func() time.Time) *Recorder {
	return &Recorder{stack: stack, out: out, now: now, values: make(map[By]map[Name][]float64)}
}

// CanaryOf is the name of the synthetic charge point of a stack.
func CanaryOf(stack string) string { return stack + "-Canary" }

// For is the recorder of what a charge point does. For the synthetic one it is nil: its visits are no use of the stack, and
// each metric that occurs costs thirty cents a month, which a stack at rest is not to pay.
func (r *Recorder) For(chargePointID string) *Recorder {
	if r == nil || chargePointID == CanaryOf(r.stack) {
		return nil
	}
	return r
}

const (
	gathering = 10 * time.Second
	rest      = time.Second // between two writings of a busy function
	atOnce    = 10          // writings of one that was not: a boot, or a batch of timers
	mostKept  = 100         // values of one metric in one line, the limit of the format
	lineStart = `_aws`
)

// Count counts one event.
func (r *Recorder) Count(name Name, by By) { r.Add(name, by, 1) }

// Duration measures how long something took.
func (r *Recorder) Duration(name Name, by By, d time.Duration) {
	r.Add(name, by, float64(d.Microseconds())/1000)
}

// Add records one value.
func (r *Recorder) Add(name Name, by By, value float64) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	of := r.values[by]
	if of == nil {
		of = make(map[Name][]float64)
		r.values[by] = of
	}
	of[name] = append(of[name], value)
	r.urgent = r.urgent || !name.ordinary(by)
	if len(of[name]) == mostKept {
		r.write()
	}
}

// Settle writes what was gathered, if it is time. Handlers call it at the end of an invocation.
func (r *Recorder) Settle() {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	if r.urgent && r.paid.Sub(now) <= (atOnce-1)*rest || now.Sub(r.gathered) >= gathering {
		r.write()
	}
}

// write writes what was gathered, in as few lines as can be: a line is paid for by its bytes, most of which say what it is.
func (r *Recorder) write() {
	now := r.now()
	for _, group := range r.groups() {
		line, err := r.line(now, group)
		if err != nil {
			slog.Error("metrics are lost", "error", err)
		} else if _, err := r.out.Write(line); err != nil {
			slog.Error("metrics are lost", "error", err)
		}
	}
	for _, of := range r.values {
		clear(of)
	}
	if r.paid.Before(now) {
		r.paid = now
	}
	r.urgent, r.gathered, r.paid = false, now, r.paid.Add(rest)
}

// groups are the values that go into each line, which has one value of each dimension, and each metric once.
func (r *Recorder) groups() (lines [][]By) {
	gathered := slices.DeleteFunc(slices.Collect(maps.Keys(r.values)), func(by By) bool { return len(r.values[by]) == 0 })
	slices.SortFunc(gathered, func(a, b By) int {
		return cmp.Or(strings.Compare(a.Dimension, b.Dimension), strings.Compare(a.Value, b.Value))
	})
	for _, by := range gathered {
		i := slices.IndexFunc(lines, func(line []By) bool {
			return !slices.ContainsFunc(line, func(other By) bool { return r.collide(by, other) })
		})
		if i < 0 {
			i, lines = len(lines), append(lines, nil)
		}
		lines[i] = append(lines[i], by)
	}
	return lines
}

// collide tells whether two cannot stand in one line.
func (r *Recorder) collide(a, b By) bool {
	if a.Dimension == b.Dimension {
		return true
	}
	for name := range r.values[a] {
		if _, has := r.values[b][name]; has {
			return true
		}
	}
	return false
}

// directive is a MetricDirective of the embedded metric format.
type directive struct {
	Namespace  string
	Dimensions [][]string
	Metrics    []definition
}

// definition is a MetricDefinition of it.
type definition struct{ Name, Unit string }

// line is one document of the embedded metric format (CloudWatch user guide, "Specification: Embedded metric format").
func (r *Recorder) line(now time.Time, group []By) ([]byte, error) {
	document := map[string]any{"Stack": r.stack}
	var directives []directive
	for _, by := range group {
		d := directive{Namespace: Namespace, Dimensions: [][]string{{"Stack"}}}
		if by.Dimension != "" {
			d.Dimensions = append(d.Dimensions, []string{"Stack", by.Dimension})
			document[by.Dimension] = by.Value
		}
		for _, name := range slices.Sorted(maps.Keys(r.values[by])) {
			d.Metrics = append(d.Metrics, definition{string(name), name.unit()})
			document[string(name)] = r.values[by][name]
		}
		directives = append(directives, d)
	}
	document[lineStart] = map[string]any{"Timestamp": now.UnixMilli(), "CloudWatchMetrics": directives}
	line, err := json.Marshal(document)
	return append(line, '\n'), err
}
