package fault

import (
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// A Plan is what goes wrong from when it is set until another one is.
type Plan struct {
	Seed  uint64 `json:"seed"`
	Rules []Rule `json:"rules"` // the first one that fires at a point decides
}

// Check finds what is wrong with a plan, and names the rule.
func (p Plan) Check() error {
	for i, rule := range p.Rules {
		if err := rule.check(); err != nil {
			return fmt.Errorf("rule %d%s: %w", i, quoted(rule.Name), err)
		}
	}
	return nil
}

func quoted(name string) string {
	if name == "" {
		return ""
	}
	return fmt.Sprintf(" (%s)", name)
}

// Read reads a plan in JSON and checks it. In the place of rules there may be "mix", the intensity of a Mix of that seed.
func Read(r io.Reader) (Plan, error) {
	var document struct {
		Plan
		Mix *float64 `json:"mix"`
	}
	decoder := json.NewDecoder(r)
	decoder.DisallowUnknownFields() // a misspelt limit must not make a fault unlimited
	if err := decoder.Decode(&document); err != nil {
		return Plan{}, fmt.Errorf("the plan cannot be read: %w", err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return Plan{}, fmt.Errorf("the plan cannot be read: there is something behind it")
	}
	if document.Mix == nil {
		return document.Plan, document.Check()
	}
	if len(document.Rules) > 0 {
		return Plan{}, fmt.Errorf("a plan has either rules or mix, not both")
	}
	if *document.Mix < 0 || *document.Mix > 1 {
		return Plan{}, fmt.Errorf("mix %g is not from 0 to 1", *document.Mix)
	}
	return Mix(document.Seed, *document.Mix), nil
}

// A Duration is a time.Duration that JSON shows as "1.5s".
type Duration time.Duration

func (d Duration) String() string { return time.Duration(d).String() }

// MarshalText implements encoding.TextMarshaler.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	*d = Duration(parsed)
	return err
}
