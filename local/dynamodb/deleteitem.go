package dynamodb

import "github.com/serverless-ocpp/backend/local/dynamodb/attribute"

func (s *Service) deleteItem(body []byte) (any, error) {
	var in writeRequest
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	if err := in.check("key", in.Key == nil); err != nil {
		return nil, err
	}
	if err := in.onlyOld(); err != nil {
		return nil, err
	}
	said, err := s.bind(&in.expressionInput, "ConditionExpression")
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
	old, _, err := t.Write(key, in.guarded(said.condition, func(attribute.Map) (attribute.Map, error) { return nil, nil }))
	if err != nil {
		return nil, err
	}
	return in.answer(t, key, old, nil, ifAny(in.ReturnValues == "ALL_OLD", old)), nil
}
