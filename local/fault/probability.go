package fault

import (
	"encoding/json"
	"fmt"
	"math"
)

// A Probability is how often a rule fires, up to 1. Its zero value is that of a rule which does not say, and fires always;
// the 0 of a plan in JSON is Never.
type Probability float64

// Never is a Probability of 0 that was asked for. It stands at the least number above 0, so that a plan cannot mean both.
const Never Probability = math.SmallestNonzeroFloat64

// probably is a Probability that was reckoned: 0 is Never, and more than 1 is 1.
func probably(chance float64) Probability { return min(1, max(Never, Probability(chance))) }

// MarshalJSON implements json.Marshaler.
func (p Probability) MarshalJSON() ([]byte, error) {
	if p == Never {
		p = 0
	}
	return json.Marshal(float64(p))
}

// UnmarshalJSON implements json.Unmarshaler. null says nothing.
func (p *Probability) UnmarshalJSON(text []byte) error {
	var said *float64
	if json.Unmarshal(text, &said) != nil {
		return fmt.Errorf("probability %s is not a number from 0 to 1", text)
	}
	if said == nil {
		return nil
	}
	if *p = Probability(*said); *p == 0 {
		*p = Never
	}
	return nil
}
