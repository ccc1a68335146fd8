package dynamodb

import (
	"encoding/json"

	"github.com/serverless-ocpp/backend/local/dynamodb/attribute"
)

type getAnswer struct {
	Item             *attribute.Map    `json:",omitempty"`
	ConsumedCapacity *consumedCapacity `json:",omitempty"`
}

func (s *Service) getItem(body []byte) (any, error) {
	var in struct {
		TableName              string
		Key                    json.RawMessage
		ConsistentRead         bool
		ReturnConsumedCapacity string
		expressionInput
	}
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	var c constraints
	c.table(in.TableName)
	c.notNull(in.Key == nil, "key")
	c.capacity(in.ReturnConsumedCapacity)
	if err := c.err(); err != nil {
		return nil, err
	}
	said, err := s.bind(&in.expressionInput, "ProjectionExpression")
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
	if said.projection != nil {
		if err := checkNested(t, said.projection.Uses); err != nil {
			return nil, err
		}
	}
	item := t.Get(key)
	answer := getAnswer{ConsumedCapacity: readCapacity(in.ReturnConsumedCapacity, t, readUnits(item.Size(), in.ConsistentRead))}
	if item != nil && said.projection != nil {
		item = said.projection.Of(item)
	}
	answer.Item = ifAny(true, item)
	return answer, nil
}
