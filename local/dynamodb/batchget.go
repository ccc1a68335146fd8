package dynamodb

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/serverless-ocpp/backend/local/dynamodb/attribute"
)

const (
	// maximumBatchGet is how many keys one request may have, over all tables.
	maximumBatchGet = 100
	// batchGetBytes is how much one answer holds; what is beyond is left unprocessed.
	batchGetBytes = 16 << 20
)

type batchGetTable struct {
	Keys           []json.RawMessage
	ConsistentRead bool `json:",omitempty"`
	expressionInput
}

type batchGetAnswer struct {
	Responses        map[string][]attribute.Map
	UnprocessedKeys  map[string]json.RawMessage
	ConsumedCapacity []*consumedCapacity `json:",omitempty"`
}

func (s *Service) batchGetItem(body []byte) (any, error) {
	var in struct {
		RequestItems           map[string]json.RawMessage
		ReturnConsumedCapacity string
	}
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	var c constraints
	c.notNull(in.RequestItems == nil, "requestItems")
	if in.RequestItems != nil && len(in.RequestItems) == 0 {
		c.add("{}", "requestItems", "Member must have length greater than or equal to 1")
	}
	c.capacity(in.ReturnConsumedCapacity)
	if err := c.err(); err != nil {
		return nil, err
	}
	requests, total := make(map[string]batchGetTable), 0
	for name, raw := range in.RequestItems {
		var request batchGetTable
		if err := decode(raw, &request); err != nil {
			return nil, err
		}
		if len(request.Keys) == 0 {
			c.add("[]", "requestItems."+name+".member.keys", "Member must have length greater than or equal to 1")
			return nil, c.err()
		}
		requests[name] = request
		total += len(request.Keys)
	}
	if total > maximumBatchGet {
		return nil, invalid("Too many items requested for the BatchGetItem call")
	}
	answer := batchGetAnswer{Responses: map[string][]attribute.Map{}, UnprocessedKeys: map[string]json.RawMessage{}}
	left := batchGetBytes
	for _, name := range slices.Sorted(maps.Keys(requests)) {
		consumed, err := s.batchGet(name, requests[name], in.RequestItems[name], in.ReturnConsumedCapacity, &left, &answer)
		if err != nil {
			return nil, err
		}
		if consumed != nil {
			answer.ConsumedCapacity = append(answer.ConsumedCapacity, consumed)
		}
	}
	return answer, nil
}

// batchGet reads from one table as long as there is room left in the answer.
func (s *Service) batchGet(name string, in batchGetTable, raw json.RawMessage, mode string, left *int, answer *batchGetAnswer) (*consumedCapacity, error) {
	said, err := s.bind(&in.expressionInput, "ProjectionExpression")
	if err != nil {
		return nil, err
	}
	t, err := s.catalog.find(name)
	if err != nil {
		return nil, err
	}
	keys, err := distinctKeys(t, in.Keys)
	if err != nil {
		return nil, err
	}
	found, consumed := []attribute.Map{}, 0.0
	for i, key := range keys {
		item := t.Get(key)
		size := item.Size()
		if *left -= size; *left < 0 {
			if answer.UnprocessedKeys[name], err = withKeys(raw, in.Keys[i:]); err != nil {
				return nil, err
			}
			break
		}
		consumed += readUnits(size, in.ConsistentRead)
		if item == nil {
			continue
		}
		if said.projection != nil {
			item = said.projection.Of(item)
		}
		found = append(found, item)
	}
	answer.Responses[name] = found
	return readCapacity(mode, t, consumed), nil
}

// withKeys is a table's request with other keys.
func withKeys(raw json.RawMessage, keys []json.RawMessage) (json.RawMessage, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		return nil, err
	}
	var err error
	if fields["Keys"], err = json.Marshal(keys); err != nil {
		return nil, err
	}
	return json.Marshal(fields)
}

const duplicates = "Provided list of item keys contains duplicates"

// distinctKeys reads keys, of which no two may be the same.
func distinctKeys(t *table, raw []json.RawMessage) ([]attribute.Map, error) {
	keys := make([]attribute.Map, len(raw))
	for i := range raw {
		var err error
		if keys[i], err = parseKey(t, raw[i]); err != nil {
			return nil, err
		}
		if slices.ContainsFunc(keys[:i], func(earlier attribute.Map) bool { return attribute.Equal(earlier, keys[i]) }) {
			return nil, invalid(duplicates)
		}
	}
	return keys, nil
}
