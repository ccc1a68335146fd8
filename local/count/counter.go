package count

import (
	"cmp"
	"maps"
	"slices"
	"sync"
)

// A Counter counts. Its methods may be called by any number of goroutines; a nil Counter counts nothing.
type Counter struct {
	rules func(topic string) int

	mu          sync.Mutex
	lines       map[Key]*amounts
	answers     map[string]map[int]int // by cause: how many answers came after so many round trips
	invocations map[string]*invocation // by trace id and by request id
	order       []string               // of what invocations holds, the oldest first
	running     int                    // invocations
	received    map[string]share       // by receipt handle: what a deletion is about
}

// New returns a Counter. rules says how many IoT rules a message on a topic triggers; nil means none.
func New(rules func(topic string) int) *Counter {
	if rules == nil {
		rules = func(string) int { return 0 }
	}
	return &Counter{
		rules: rules, lines: map[Key]*amounts{}, answers: map[string]map[int]int{},
		invocations: map[string]*invocation{}, received: map[string]share{},
	}
}

// A Key is what a line is about.
type Key struct {
	Cause     string `json:"cause"`
	Function  string `json:"function,omitempty"` // that calls or runs; "" for what AWS itself does
	Service   string `json:"service"`
	Operation string `json:"operation"`
}

// amounts are the figures of a line.
type amounts struct {
	count, bytes, milliseconds float64
	billed                     [items]float64
}

// A Line says how often an operation took place for a cause, and what of it AWS bills.
type Line struct {
	Key
	Count        float64          `json:"count"` // a fraction where causes share an operation
	Bytes        float64          `json:"bytes,omitempty"`
	Milliseconds float64          `json:"milliseconds,omitempty"` // of invocations
	Billed       map[Item]float64 `json:"billed,omitempty"`
}

// A Snapshot is all that was counted so far.
type Snapshot struct {
	Lines []Line `json:"lines"` // ordered by cause, function, service and operation
	// Answers says for each cause how many answers to a charge point came after how many round trips to AWS.
	Answers map[string]map[int]int `json:"answers"`
}

// Snapshot returns what was counted so far.
func (c *Counter) Snapshot() Snapshot {
	if c == nil {
		return Snapshot{}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	s := Snapshot{Lines: make([]Line, 0, len(c.lines)), Answers: map[string]map[int]int{}}
	for k, a := range c.lines {
		s.Lines = append(s.Lines, a.line(k))
	}
	s.order()
	for cause, trips := range c.answers {
		s.Answers[cause] = maps.Clone(trips)
	}
	return s
}

func (a *amounts) line(k Key) Line {
	line := Line{Key: k, Count: a.count, Bytes: a.bytes, Milliseconds: a.milliseconds, Billed: map[Item]float64{}}
	for item, amount := range a.billed {
		if amount != 0 {
			line.Billed[Item(item)] = amount
		}
	}
	return line
}

func (s *Snapshot) order() {
	slices.SortFunc(s.Lines, func(a, b Line) int {
		return cmp.Or(cmp.Compare(a.Cause, b.Cause), cmp.Compare(a.Function, b.Function), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Operation, b.Operation))
	})
}

// Since is what happened between an earlier snapshot of the same Counter and this one.
func (s Snapshot) Since(earlier Snapshot) Snapshot {
	before := make(map[Key]Line, len(earlier.Lines))
	for _, line := range earlier.Lines {
		before[line.Key] = line
	}
	between := Snapshot{Answers: map[string]map[int]int{}}
	for _, line := range s.Lines {
		was := before[line.Key]
		if line.Count == was.Count && line.Bytes == was.Bytes {
			continue
		}
		line.Count, line.Bytes, line.Milliseconds = line.Count-was.Count, line.Bytes-was.Bytes, line.Milliseconds-was.Milliseconds
		line.Billed = maps.Clone(line.Billed)
		for item, amount := range was.Billed {
			line.Billed[item] -= amount
		}
		between.Lines = append(between.Lines, line)
	}
	for cause, trips := range s.Answers {
		for number, times := range trips {
			if times -= earlier.Answers[cause][number]; times == 0 {
				continue
			}
			if between.Answers[cause] == nil {
				between.Answers[cause] = map[int]int{}
			}
			between.Answers[cause][number] = times
		}
	}
	return between
}

// amount is one kind of what is billed.
type amount struct {
	item Item
	of   float64
}

// Whoever connects can name actions that there are not, and paths, without end. What OCPP and the HTTP API have needs some hundred causes of
// about ten lines each.
const (
	mostLines  = 10_000
	mostCauses = 1_000
)

// add adds an operation to its line; c.mu is held. operations is 0 for what only goes with an operation.
func (c *Counter) add(k Key, operations, bytes, milliseconds float64, billed ...amount) {
	line := c.lines[k]
	if line == nil && len(c.lines) >= mostLines {
		k.Cause = Others // a line for each service and operation
		line = c.lines[k]
	}
	if line == nil {
		line = &amounts{}
		c.lines[k] = line
	}
	line.count += operations
	line.bytes += bytes
	line.milliseconds += milliseconds
	for _, b := range billed {
		line.billed[b.item] += b.of
	}
}

// answered adds an answer that came after so many round trips; c.mu is held.
func (c *Counter) answered(cause string, trips int) {
	if c.answers[cause] == nil && len(c.answers) >= mostCauses {
		cause = Others
	}
	if c.answers[cause] == nil {
		c.answers[cause] = map[int]int{}
	}
	c.answers[cause][trips]++
}

// spread adds an operation to the lines of all its causes, to each its share; c.mu is held.
func (c *Counter) spread(shares []share, k Key, operations, bytes, milliseconds float64, billed ...amount) {
	if len(shares) == 1 && shares[0].of == 1 {
		k.Cause = shares[0].cause
		c.add(k, operations, bytes, milliseconds, billed...)
		return
	}
	parts := make([]amount, len(billed))
	for _, s := range shares {
		for i, b := range billed {
			parts[i] = amount{b.item, b.of * s.of}
		}
		k.Cause = s.cause
		c.add(k, operations*s.of, bytes*s.of, milliseconds*s.of, parts...)
	}
}
