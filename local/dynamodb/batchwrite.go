package dynamodb

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/serverless-ocpp/backend/local/dynamodb/attribute"
)

// maximumBatchWrite is how many writes one request may have, over all tables.
const maximumBatchWrite = 25

type batchWriteRequest struct {
	PutRequest    *struct{ Item json.RawMessage }
	DeleteRequest *struct{ Key json.RawMessage }
}

// batchWrite is a checked write; item is nil for a deletion.
type batchWrite struct {
	table     *table
	key, item attribute.Map
}

type batchWriteAnswer struct {
	UnprocessedItems      map[string]json.RawMessage          // always empty: nothing is throttled here
	ConsumedCapacity      []*consumedCapacity                 `json:",omitempty"`
	ItemCollectionMetrics map[string][]*itemCollectionMetrics `json:",omitempty"`
}

// batchWriteItem checks all writes before it makes the first. They are no transaction.
func (s *Service) batchWriteItem(body []byte) (any, error) {
	var in struct {
		RequestItems                                        map[string][]batchWriteRequest
		ReturnConsumedCapacity, ReturnItemCollectionMetrics string
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
	c.oneOf(in.ReturnItemCollectionMetrics, "returnItemCollectionMetrics", "SIZE", "NONE")
	total := 0
	for _, requests := range in.RequestItems {
		total += len(requests)
		if len(requests) == 0 || len(requests) > maximumBatchWrite {
			c.add("{"+nameOfFirst(in.RequestItems)+"=[…]}", "requestItems",
				"Map value must satisfy constraint: [Member must have length less than or equal to 25, Member must have length greater than or equal to 1]")
			break
		}
	}
	if err := c.err(); err != nil {
		return nil, err
	}
	if total > maximumBatchWrite {
		return nil, invalid("Too many items requested for the BatchWriteItem call")
	}
	names := slices.Sorted(maps.Keys(in.RequestItems))
	writes := make([][]batchWrite, len(names))
	for i, name := range names {
		var err error
		if writes[i], err = s.checkBatch(name, in.RequestItems[name]); err != nil {
			return nil, err
		}
	}
	answer := batchWriteAnswer{UnprocessedItems: map[string]json.RawMessage{}}
	for i, name := range names {
		var consumed *consumedCapacity
		for _, w := range writes[i] {
			old, _, err := w.table.Write(w.key, func(attribute.Map) (attribute.Map, error) { return w.item, nil })
			if err != nil {
				return nil, err
			}
			consumed = consumed.plus(writeCapacity(in.ReturnConsumedCapacity, w.table, old, w.item))
			if metrics := collectionMetrics(in.ReturnItemCollectionMetrics, w.table, w.key); metrics != nil {
				if answer.ItemCollectionMetrics == nil {
					answer.ItemCollectionMetrics = make(map[string][]*itemCollectionMetrics)
				}
				answer.ItemCollectionMetrics[name] = append(answer.ItemCollectionMetrics[name], metrics)
			}
		}
		if consumed != nil {
			answer.ConsumedCapacity = append(answer.ConsumedCapacity, consumed)
		}
	}
	return answer, nil
}

func nameOfFirst[V any](m map[string]V) string { return slices.Min(slices.Collect(maps.Keys(m))) }

func (s *Service) checkBatch(name string, requests []batchWriteRequest) ([]batchWrite, error) {
	writes := make([]batchWrite, len(requests))
	for i, request := range requests {
		switch {
		case request.PutRequest != nil && request.DeleteRequest == nil:
			item, err := attribute.ParseMap(request.PutRequest.Item)
			if err != nil {
				return nil, err
			}
			if item.Size() > maximumItem {
				return nil, invalid(tooLarge)
			}
			writes[i] = batchWrite{key: item, item: item}
		case request.DeleteRequest != nil && request.PutRequest == nil:
			key, err := attribute.ParseMap(request.DeleteRequest.Key)
			if err != nil {
				return nil, err
			}
			writes[i] = batchWrite{key: key}
		default:
			return nil, invalid("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes")
		}
	}
	t, err := s.catalog.find(name)
	if err != nil {
		return nil, err
	}
	for i, w := range writes {
		if w.item != nil {
			err = checkItem(t, w.item)
			w.key = t.KeyOf(nil, w.item)
		} else {
			err = checkKey(w.key, t.Keys)
		}
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(writes[:i], func(earlier batchWrite) bool { return attribute.Equal(earlier.key, w.key) }) {
			return nil, invalid(duplicates)
		}
		writes[i] = batchWrite{t, w.key, w.item}
	}
	return writes, nil
}

// plus adds what two requests took from one table.
func (c *consumedCapacity) plus(other *consumedCapacity) *consumedCapacity {
	if c == nil || other == nil {
		return other
	}
	sum := &consumedCapacity{TableName: c.TableName, CapacityUnits: c.CapacityUnits + other.CapacityUnits}
	if c.Table != nil {
		sum.Table = &units{c.Table.CapacityUnits + other.Table.CapacityUnits}
	}
	sum.LocalSecondaryIndexes = addUnits(c.LocalSecondaryIndexes, other.LocalSecondaryIndexes)
	sum.GlobalSecondaryIndexes = addUnits(c.GlobalSecondaryIndexes, other.GlobalSecondaryIndexes)
	return sum
}

func addUnits(a, b map[string]units) map[string]units {
	if a == nil && b == nil {
		return nil
	}
	sum := make(map[string]units)
	for _, part := range []map[string]units{a, b} {
		for name, n := range part {
			sum[name] = units{sum[name].CapacityUnits + n.CapacityUnits}
		}
	}
	return sum
}
