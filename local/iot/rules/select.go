package rules

import (
	"errors"
	"fmt"
	"time"
)

// errNotJSON is why a statement that needs JSON made nothing of a message.
var errNotJSON = errors.New("the payload is not JSON, and the statement needs it to be")

// run evaluates the statement on a message that its filter took. taken is false when WHERE was not true. The output is JSON,
// or the payload as it came for SELECT * alone, which may be anything.
func (s statement) run(c *context) (output []byte, taken bool, err error) {
	c.payload = raw(c.original)
	if v, isJSON := decode(c.original); isJSON {
		c.payload = v
	}
	if s.where != nil {
		verdict := s.where.eval(c)
		if yes, isBool := verdict.(bool); !isBool || !yes {
			return nil, false, s.whyUndefined(c, verdict)
		}
	}
	if s.isPassThrough() {
		return c.original, true, nil
	}
	v, err := s.output(c)
	if err != nil {
		return nil, false, err
	}
	if _, isRaw := v.(raw); isRaw {
		return nil, false, errNotJSON
	}
	if isUndefined(v) { // Undefined by itself is serialized to nothing
		return []byte{}, true, nil
	}
	output, err = encode(v)
	return output, err == nil, err
}

// isPassThrough tells if the output is the payload itself.
func (s statement) isPassThrough() bool {
	return len(s.items) == 1 && s.items[0] == item{payload{}, ""}
}

// whyUndefined explains a WHERE that could not be decided because the payload is not JSON; AWS logs that as an error too.
func (s statement) whyUndefined(c *context, verdict value) error {
	if _, isRaw := c.payload.(raw); isRaw && isUndefined(verdict) {
		return errNotJSON
	}
	return nil
}

func (s statement) output(c *context) (value, error) {
	if s.value {
		return s.items[0].expression.eval(c), nil
	}
	members := make(map[string]any, len(s.items))
	for _, it := range s.items {
		switch v := it.expression.eval(c).(type) {
		case undefined:
		case raw:
			return nil, errNotJSON
		case map[string]any:
			if it.name != "" {
				members[it.name] = v
				continue
			}
			for name, member := range v {
				members[name] = member
			}
		default:
			if it.name == "" {
				return nil, fmt.Errorf("* beside other items needs a payload that is a JSON object: give it a name with AS")
			}
			members[it.name] = v
		}
	}
	return members, nil
}

// newContext is the context of one message.
func newContext(m Message, account string) *context {
	client := m.ClientID
	if client == "" {
		client = noClient
	}
	return &context{topic: m.Topic, original: m.Payload, clientID: client, account: account, now: time.Now()}
}

// noClient is what clientid() is for a message that came over HTTP or from AWS itself.
const noClient = "n/a"
