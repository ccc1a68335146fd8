package dynamodb

import (
	"github.com/serverless-ocpp/backend/local/dynamodb/attribute"
	"github.com/serverless-ocpp/backend/local/dynamodb/expression"
	"github.com/serverless-ocpp/backend/local/dynamodb/store"
)

func (s *Service) updateItem(body []byte) (any, error) {
	var in writeRequest
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	if err := in.check("key", in.Key == nil); err != nil {
		return nil, err
	}
	said, err := s.bind(&in.expressionInput, "UpdateExpression", "ConditionExpression")
	if err != nil {
		return nil, err
	}
	t, err := s.catalog.find(in.TableName)
	if err != nil {
		return nil, err
	}
	key, err := parseKey(t, in.Key)
	if err != nil {
		return nil, err
	}
	if said.update != nil {
		if err := checkUpdate(t, said.update); err != nil {
			return nil, err
		}
	}
	old, updated, err := t.Write(key, in.guarded(said.condition, func(old attribute.Map) (attribute.Map, error) {
		return update(t, said.update, key, old)
	}))
	if err != nil {
		return nil, err
	}
	return in.answer(t, key, old, updated, in.returned(said.update, old, updated)), nil
}

// update makes the new item; without an old one it begins as the key alone.
func update(t *table, change *expression.BoundUpdate, key, old attribute.Map) (attribute.Map, error) {
	item := old
	if item == nil {
		item = key
	}
	if change == nil {
		return item, nil
	}
	updated, err := change.Apply(item)
	if err != nil {
		return nil, err
	}
	if updated.Size() > maximumItem {
		return nil, invalid("Item size to update has exceeded the maximum allowed size")
	}
	for i := range t.Indexes {
		if err := checkUpdatedKeys(&t.Indexes[i], updated); err != nil {
			return nil, err
		}
	}
	return updated, nil
}

// checkUpdatedKeys refuses what an index cannot hold, with other words than for a value of the request.
func checkUpdatedKeys(index *store.Index, item attribute.Map) error {
	for i, k := range index.Keys.List() {
		value := item[k.Name]
		if value == nil {
			continue
		}
		if value.Type() != k.Type {
			return invalid("The update expression attempted to update the secondary index key to unsupported type")
		}
		if kind := emptyKind(value); kind != "" {
			return invalid("The update expression attempted to update the secondary index key to a value that is not supported. "+
				"The AttributeValue for a key attribute cannot contain an empty %s value.", kind)
		}
		if err := checkKeySize(value, i == 0); err != nil {
			return err
		}
	}
	return nil
}

// checkUpdate checks what can be said of an update without the item: keys are not changed, keys of indexes get their type.
func checkUpdate(t *table, update *expression.BoundUpdate) error {
	for _, k := range t.Keys.List() {
		for _, path := range update.Paths() {
			if path[0].Name == k.Name {
				return invalid("One or more parameter values were invalid: Cannot update attribute %s. This attribute is part of the key", k.Name)
			}
		}
	}
	for i := range t.Indexes {
		index := &t.Indexes[i]
		for _, k := range index.Keys.List() {
			var mismatch error
			update.Types(func(name, valueType string) {
				if mismatch == nil && name == k.Name && valueType != k.Type {
					mismatch = invalid("One or more parameter values were invalid: Type mismatch for Index Key %s Expected: %s Actual: %s IndexName: %s",
						k.Name, k.Type, valueType, index.Name)
				}
			})
			if mismatch != nil {
				return mismatch
			}
		}
	}
	return checkNested(t, update.Uses)
}

// returned is what ReturnValues asks for.
func (in *writeRequest) returned(update *expression.BoundUpdate, old, updated attribute.Map) *attribute.Map {
	var paths []expression.Path
	if update != nil {
		paths = update.Paths()
	}
	switch in.ReturnValues {
	case "ALL_OLD":
		return ifAny(true, old)
	case "ALL_NEW":
		return &updated
	case "UPDATED_OLD":
		if old == nil {
			return nil
		}
		selected := expression.Select(old, paths)
		return &selected
	case "UPDATED_NEW":
		selected := expression.Select(updated, paths)
		return &selected
	}
	return nil
}
