package dynamodb

import (
	"encoding/json"

	"github.com/serverless-ocpp/backend/local/dynamodb/attribute"
	"github.com/serverless-ocpp/backend/local/dynamodb/expression"
	"github.com/serverless-ocpp/backend/local/dynamodb/store"
)

// Limits from "Service, account, and table quotas" of the developer guide.
const (
	maximumHashKey  = 2048 // bytes
	maximumRangeKey = 1024
	maximumItem     = 400 << 10 // bytes, names included
)

// parseKey reads a key and checks it against the table's.
func parseKey(t *table, raw json.RawMessage) (attribute.Map, error) {
	key, err := attribute.ParseMap(raw)
	if err != nil {
		return nil, err
	}
	return key, checkKey(key, t.Keys)
}

// checkKey checks that key is made of exactly the given keys.
func checkKey(key attribute.Map, keys store.Keys) error {
	list := keys.List()
	if len(key) != len(list) {
		return invalid("The provided key element does not match the schema")
	}
	for i, k := range list {
		if err := checkKeyPart(key, k, i == 0); err != nil {
			return err
		}
	}
	return nil
}

func checkKeyPart(key attribute.Map, k store.Key, isHash bool) error {
	value := key[k.Name]
	if value == nil || value.Type() != k.Type {
		return invalid("The provided key element does not match the schema")
	}
	if kind := emptyKind(value); kind != "" {
		return invalid("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty %s value. Key: %s", kind, k.Name)
	}
	return checkKeySize(value, isHash)
}

// emptyKind is "string" or "binary" for such a value that is empty, which a key cannot be.
func emptyKind(value attribute.Value) string {
	switch value {
	case attribute.String(""):
		return "string"
	case attribute.Binary(""):
		return "binary"
	}
	return ""
}

func checkKeySize(value attribute.Value, isHash bool) error {
	if value.Type() == "N" {
		return nil
	}
	size, _ := attribute.Sortable(value) // text and bytes as they are
	switch {
	case isHash && len(size) > maximumHashKey:
		// The missing space is DynamoDB's.
		return invalid("One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes")
	case !isHash && len(size) > maximumRangeKey:
		return invalid("One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes")
	}
	return nil
}

// checkNested refuses paths that lead into keys, which are never lists or maps.
func checkNested(t *table, uses func(visit func(expression.Path))) error {
	nested := make(map[string]bool)
	uses(func(path expression.Path) {
		if len(path) > 1 {
			nested[path[0].Name] = true
		}
	})
	if len(nested) == 0 {
		return nil
	}
	const text = "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: "
	for _, k := range t.Keys.List() {
		if nested[k.Name] {
			return invalid(text+"Key: %s", k.Name)
		}
	}
	for i := range t.Indexes {
		for _, k := range t.Indexes[i].Keys.List() {
			if nested[k.Name] {
				return invalid(text+"IndexKey: %s", k.Name)
			}
		}
	}
	return nil
}

// checkItem checks the keys of an item that is to be put, and its size.
func checkItem(t *table, item attribute.Map) error {
	for i, k := range t.Keys.List() {
		value := item[k.Name]
		if value == nil {
			return invalid("One or more parameter values were invalid: Missing the key %s in the item", k.Name)
		}
		if value.Type() != k.Type {
			return invalid("One or more parameter values were invalid: Type mismatch for key %s expected: %s actual: %s", k.Name, k.Type, value.Type())
		}
		if kind := emptyKind(value); kind != "" {
			return invalid("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty %s value. Key: %s", kind, k.Name)
		}
		if err := checkKeySize(value, i == 0); err != nil {
			return err
		}
	}
	for i := range t.Indexes {
		if err := checkIndexKeys(&t.Indexes[i], item); err != nil {
			return err
		}
	}
	return nil
}

func checkIndexKeys(index *store.Index, item attribute.Map) error {
	for i, k := range index.Keys.List() {
		value := item[k.Name]
		if value == nil {
			continue // the index does not hold the item
		}
		if value.Type() != k.Type {
			return invalid("One or more parameter values were invalid: Type mismatch for Index Key %s Expected: %s Actual: %s IndexName: %s",
				k.Name, k.Type, value.Type(), index.Name)
		}
		if kind := emptyKind(value); kind != "" {
			return invalid("One or more parameter values are not valid. A value specified for a secondary index key is not supported. "+
				"The AttributeValue for a key attribute cannot contain an empty %s value. IndexName: %s, IndexKey: %s", kind, index.Name, k.Name)
		}
		if err := checkKeySize(value, i == 0); err != nil {
			return err
		}
	}
	return nil
}
