package dynamodb

import (
	"encoding/json"

	"github.com/serverless-ocpp/backend/local/dynamodb/attribute"
	"github.com/serverless-ocpp/backend/local/dynamodb/expression"
	"github.com/serverless-ocpp/backend/local/dynamodb/store"
)

// writeRequest is a PutItem, UpdateItem or DeleteItem request.
type writeRequest struct {
	TableName                           string
	Item                                json.RawMessage // of PutItem
	Key                                 json.RawMessage // of the others
	ReturnValues                        string
	ReturnValuesOnConditionCheckFailure string
	ReturnConsumedCapacity              string
	ReturnItemCollectionMetrics         string
	expressionInput
}

type writeAnswer struct {
	Attributes            *attribute.Map         `json:",omitempty"`
	ConsumedCapacity      *consumedCapacity      `json:",omitempty"`
	ItemCollectionMetrics *itemCollectionMetrics `json:",omitempty"`
}

// check checks the parameters that all three have; missing says that Item or Key is.
func (in *writeRequest) check(parameter string, missing bool) error {
	var c constraints
	c.table(in.TableName)
	c.notNull(missing, parameter)
	c.oneOf(in.ReturnValues, "returnValues", "ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW")
	c.oneOf(in.ReturnValuesOnConditionCheckFailure, "returnValuesOnConditionCheckFailure", "ALL_OLD", "NONE")
	c.oneOf(in.ReturnItemCollectionMetrics, "returnItemCollectionMetrics", "SIZE", "NONE")
	c.capacity(in.ReturnConsumedCapacity)
	return c.err()
}

// onlyOld refuses ReturnValues that make sense for UpdateItem alone.
func (in *writeRequest) onlyOld() error {
	switch in.ReturnValues {
	case "", "NONE", "ALL_OLD":
		return nil
	}
	return invalid("ReturnValues can only be ALL_OLD or NONE")
}

// guarded makes a change that fails unless the condition holds.
func (in *writeRequest) guarded(condition *expression.BoundCondition, change store.Change) store.Change {
	if condition == nil {
		return change
	}
	return func(old attribute.Map) (attribute.Map, error) {
		if condition.Holds(old) {
			return change(old)
		}
		if in.ReturnValuesOnConditionCheckFailure == "ALL_OLD" {
			return nil, conditionFailed(old)
		}
		return nil, conditionFailed(nil)
	}
}

// answer tells what was asked for of a write.
func (in *writeRequest) answer(t *table, key, old, updated attribute.Map, attributes *attribute.Map) writeAnswer {
	return writeAnswer{
		Attributes:            attributes,
		ConsumedCapacity:      writeCapacity(in.ReturnConsumedCapacity, t, old, updated),
		ItemCollectionMetrics: collectionMetrics(in.ReturnItemCollectionMetrics, t, key),
	}
}

// ifAny is nil for the attributes of an item that is not there.
func ifAny(wanted bool, item attribute.Map) *attribute.Map {
	if !wanted || item == nil {
		return nil
	}
	return &item
}
