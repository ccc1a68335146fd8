package dynamodb

import (
	"github.com/serverless-ocpp/backend/local/dynamodb/attribute"
	"github.com/serverless-ocpp/backend/local/dynamodb/expression"
	"github.com/serverless-ocpp/backend/local/dynamodb/store"
)

func (s *Service) query(body []byte) (any, error) {
	var in pageRequest
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	if err := in.refuseLegacy(); err != nil {
		return nil, err
	}
	if in.KeyConditionExpression == nil {
		return nil, invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")
	}
	said, err := s.bind(&in.expressionInput, "ProjectionExpression", "FilterExpression", "KeyConditionExpression")
	if err != nil {
		return nil, err
	}
	conditions, err := said.key.KeyConditions()
	if err != nil {
		return nil, err
	}
	t, err := s.catalog.find(in.TableName)
	if err != nil {
		return nil, err
	}
	index, err := in.index(t)
	if err != nil {
		return nil, err
	}
	keys := t.Keys
	if index != nil {
		keys = index.Keys
	}
	read := store.Read{Index: index, Reverse: in.ScanIndexForward != nil && !*in.ScanIndexForward}
	if read.Start, err = in.startKey(t, index); err != nil {
		return nil, err
	}
	if read.Range, err = keyRange(keys, conditions); err != nil {
		return nil, err
	}
	if read.Start != nil && !t.Includes(read.Range, index, read.Start) {
		return nil, outside(keys, conditions, read.Start)
	}
	if err := filterOnKeys(keys, said.filter); err != nil {
		return nil, err
	}
	return in.page(t, read, said)
}

// keyRange is the range that the conditions describe: the partition key equal to a value, the sort key as it may be.
func keyRange(keys store.Keys, conditions []expression.KeyCondition) (store.Range, error) {
	var hash, sort *expression.KeyCondition
	for i := range conditions {
		switch condition := &conditions[i]; condition.Name {
		case keys.Hash.Name:
			hash = condition
		case keys.Range.Name:
			sort = condition
		}
	}
	switch {
	case keys.Range.Name == "" && len(conditions) > 1:
		return store.Range{}, invalid("Query key condition not supported")
	case hash == nil:
		return store.Range{}, invalid("Query condition missed key schema element: %s", keys.Hash.Name)
	case len(conditions) > 1 && sort == nil:
		return store.Range{}, invalid("Query condition missed key schema element: %s", keys.Range.Name)
	}
	for condition, key := range map[*expression.KeyCondition]store.Key{hash: keys.Hash, sort: keys.Range} {
		if condition == nil {
			continue
		}
		for _, value := range condition.Values {
			if value.Type() != key.Type {
				return store.Range{}, invalid("One or more parameter values were invalid: Condition parameter type does not match schema type")
			}
			if kind := emptyKind(value); kind != "" {
				return store.Range{}, invalid("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty %s value. Key: %s", kind, key.Name)
			}
		}
	}
	if hash.Operator != "=" {
		return store.Range{}, invalid("Query key condition not supported")
	}
	return store.Partition(hash.Values[0], sort), nil
}

// outside is the error of a start key that the conditions do not describe.
func outside(keys store.Keys, conditions []expression.KeyCondition, start attribute.Map) error {
	sorted, samePartition := false, false
	for _, condition := range conditions {
		sorted = sorted || condition.Name == keys.Range.Name
		samePartition = samePartition || condition.Name == keys.Hash.Name && attribute.Equal(condition.Values[0], start[keys.Hash.Name])
	}
	switch {
	case !sorted:
		return invalid("The provided starting key is outside query boundaries based on provided conditions")
	case samePartition:
		return invalid("The provided starting key does not match the range key predicate")
	}
	return invalid("The query can return at most one row and cannot be restarted")
}

// filterOnKeys refuses a filter on what the key condition is for.
func filterOnKeys(keys store.Keys, filter *expression.BoundCondition) error {
	if filter == nil {
		return nil
	}
	used := make(map[string]bool)
	filter.Uses(func(path expression.Path) { used[path[0].Name] = true })
	for _, key := range keys.List() {
		if used[key.Name] {
			return invalid("Filter Expression can only contain non-primary key attributes: Primary key attribute: %s", key.Name)
		}
	}
	return nil
}
