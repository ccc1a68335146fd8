package dynamodb

import (
	"encoding/json"
	"slices"

	"github.com/serverless-ocpp/backend/local/dynamodb/attribute"
	"github.com/serverless-ocpp/backend/local/dynamodb/expression"
	"github.com/serverless-ocpp/backend/local/dynamodb/store"
)

// pageBytes is how much Query and Scan read at most.
const pageBytes = 1 << 20

// pageRequest is a Query or Scan request.
type pageRequest struct {
	TableName              string
	IndexName              string
	Select                 string
	ConsistentRead         bool
	Limit                  *int
	ExclusiveStartKey      json.RawMessage
	ReturnConsumedCapacity string
	ScanIndexForward       *bool // of Query
	Segment, TotalSegments *int  // of Scan
	expressionInput
}

type pageAnswer struct {
	Items            *[]attribute.Map `json:",omitempty"`
	Count            int
	ScannedCount     int
	LastEvaluatedKey attribute.Map     `json:",omitempty"`
	ConsumedCapacity *consumedCapacity `json:",omitempty"`
}

func (in *pageRequest) check() error {
	var c constraints
	c.table(in.TableName)
	if in.IndexName != "" {
		c.name(in.IndexName, "indexName")
	}
	c.oneOf(in.Select, "select", "SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES")
	c.atLeast(in.Limit, "limit", 1)
	c.atLeast(in.Segment, "segment", 0)
	c.atLeast(in.TotalSegments, "totalSegments", 1)
	c.atMost(in.TotalSegments, "totalSegments", 1000000)
	c.capacity(in.ReturnConsumedCapacity)
	if err := c.err(); err != nil {
		return err
	}
	hasProjection := in.ProjectionExpression != nil
	switch {
	case in.Select == "SPECIFIC_ATTRIBUTES" && !hasProjection:
		return invalid("One or more parameter values were invalid: Must specify the ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES")
	case in.Select == "COUNT" && hasProjection:
		return invalid("Cannot specify the ProjectionExpression when choosing to get only the Count")
	case in.Select == "ALL_ATTRIBUTES" && hasProjection:
		return invalid("Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES")
	case in.Select == "ALL_PROJECTED_ATTRIBUTES" && hasProjection:
		return invalid("Cannot specify the ProjectionExpression when choosing to get ALL_PROJECTED_ATTRIBUTES")
	case in.Select == "ALL_PROJECTED_ATTRIBUTES" && in.IndexName == "":
		return invalid("One or more parameter values were invalid: ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName")
	}
	return nil
}

// index finds the index that is to be read; nil for the table itself.
func (in *pageRequest) index(t *table) (*store.Index, error) {
	if in.IndexName == "" {
		return nil, nil
	}
	index := t.Index(in.IndexName)
	if index == nil {
		return nil, invalid("The table does not have the specified index: %s", in.IndexName)
	}
	if index.Global && in.ConsistentRead {
		return nil, invalid("Consistent reads are not supported on global secondary indexes")
	}
	return index, nil
}

// startKey reads ExclusiveStartKey, which must be made of the keys of the table and the index; nil when there is none.
func (in *pageRequest) startKey(t *table, index *store.Index) (attribute.Map, error) {
	if in.ExclusiveStartKey == nil || string(in.ExclusiveStartKey) == "null" {
		return nil, nil
	}
	key, err := attribute.ParseMap(in.ExclusiveStartKey)
	if err != nil {
		return nil, err
	}
	const wrong = "The provided starting key is invalid"
	keys := t.StartKeys(index)
	if len(key) != len(keys) {
		if index != nil {
			return nil, invalid(wrong)
		}
		return nil, invalid("%s: The provided key element does not match the schema", wrong)
	}
	for _, k := range keys {
		if index != nil && key[k.Name] == nil {
			return nil, invalid(wrong)
		}
		if err := checkKeyPart(key, k, k == t.Keys.Hash || index != nil && k == index.Keys.Hash); err != nil {
			return nil, invalid("%s: %s", wrong, asError(err).Message)
		}
	}
	return key, nil
}

// whole says whether an index is to answer with whole items instead of what it holds: a local one can fetch them, a global one cannot.
func (in *pageRequest) whole(t *table, index *store.Index, said *expressions) (bool, error) {
	if index == nil || index.Projection == store.ProjectAll {
		return false, nil
	}
	if in.Select == "ALL_ATTRIBUTES" {
		if index.Global {
			return false, invalid("One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index %s "+
				"because its projection type is not ALL", index.Name)
		}
		return true, nil
	}
	if said.projection == nil {
		return false, nil
	}
	missing := slices.IndexFunc(said.projection.Paths, func(p expression.Path) bool { return !t.Projects(index, p[0].Name) })
	if missing >= 0 && index.Global {
		return false, invalid("One or more parameter values were invalid: Global secondary index %s does not project [%s]",
			index.Name, said.projection.Paths[missing][0].Name)
	}
	return missing >= 0, nil
}

// page reads a page, filters and projects it.
func (in *pageRequest) page(t *table, read store.Read, said *expressions) (any, error) {
	if said.projection != nil {
		if err := checkNested(t, said.projection.Uses); err != nil {
			return nil, err
		}
	}
	if said.filter != nil {
		if err := checkNested(t, said.filter.Uses); err != nil {
			return nil, err
		}
	}
	whole, err := in.whole(t, read.Index, said)
	if err != nil {
		return nil, err
	}
	if in.Limit != nil {
		read.Limit = *in.Limit
	}
	read.Bytes = pageBytes
	items, bytes, more := t.Page(read, !whole)
	answer := pageAnswer{ScannedCount: len(items), ConsumedCapacity: in.consumed(t, read.Index, items, bytes, whole)}
	if more {
		answer.LastEvaluatedKey = t.KeyOf(read.Index, items[len(items)-1])
	}
	if said.filter != nil {
		items = slices.DeleteFunc(items, func(item attribute.Map) bool { return !said.filter.Holds(item) })
	}
	answer.Count = len(items)
	if in.Select == "COUNT" {
		return answer, nil
	}
	if items == nil {
		items = []attribute.Map{}
	}
	if said.projection != nil {
		for i, item := range items {
			items[i] = said.projection.Of(item)
		}
	}
	answer.Items = &items
	return answer, nil
}

// consumed reckons with everything that was read, filtered out or not. What a local index does not hold is read from the table, item by
// item.
func (in *pageRequest) consumed(t *table, index *store.Index, items []attribute.Map, bytes int, whole bool) *consumedCapacity {
	if index == nil {
		return readCapacity(in.ReturnConsumedCapacity, t, readUnits(bytes, in.ConsistentRead))
	}
	ofTable := 0.0
	if whole {
		bytes = 0
		for _, item := range items {
			ofTable += readUnits(item.Size(), in.ConsistentRead)
			bytes += t.Projected(index, item).Size()
		}
	}
	return capacity(in.ReturnConsumedCapacity, t, ofTable, map[*store.Index]float64{index: readUnits(bytes, in.ConsistentRead)})
}
