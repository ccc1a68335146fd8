package dynamodb

import "github.com/serverless-ocpp/backend/local/dynamodb/attribute"

const tooLarge = "Item size has exceeded the maximum allowed size"

func (s *Service) putItem(body []byte) (any, error) {
	var in writeRequest
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	if err := in.check("item", in.Item == nil); err != nil {
		return nil, err
	}
	item, err := attribute.ParseMap(in.Item)
	if err != nil {
		return nil, err
	}
	if err := in.onlyOld(); err != nil {
		return nil, err
	}
	if item.Size() > maximumItem {
		return nil, invalid(tooLarge)
	}
	said, err := s.bind(&in.expressionInput, "ConditionExpression")
	if err != nil {
		return nil, err
	}
	t, err := s.catalog.find(in.TableName)
	if err != nil {
		return nil, err
	}
	if err := checkItem(t, item); err != nil {
		return nil, err
	}
	old, _, err := t.Write(item, in.guarded(said.condition, func(attribute.Map) (attribute.Map, error) { return item, nil }))
	if err != nil {
		return nil, err
	}
	return in.answer(t, item, old, item, ifAny(in.ReturnValues == "ALL_OLD", old)), nil
}
