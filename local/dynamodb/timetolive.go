package dynamodb

import (
	"context"
	"encoding/json"
)

// timeToLive is what the API calls TimeToLiveSpecification.
type timeToLive struct {
	AttributeName string
	Enabled       bool
}

func (s *Service) describeTimeToLive(ctx context.Context, body []byte) (any, error) {
	var in tableName
	if err := s.decodeForTable(ctx, body, &in, &in.TableName); err != nil {
		return nil, err
	}
	var answer struct {
		TimeToLiveDescription struct {
			AttributeName    string `json:",omitempty"`
			TimeToLiveStatus string
		}
	}
	answer.TimeToLiveDescription.TimeToLiveStatus = "DISABLED"
	if attribute := s.settings.of(in.TableName).TimeToLiveAttribute; attribute != "" {
		answer.TimeToLiveDescription.AttributeName = attribute
		answer.TimeToLiveDescription.TimeToLiveStatus = "ENABLED"
	}
	return answer, nil
}

// updateTimeToLive takes effect at once. DynamoDB takes up to an hour, in which it refuses further changes.
func (s *Service) updateTimeToLive(ctx context.Context, body []byte) (any, error) {
	var in struct {
		TableName               string
		TimeToLiveSpecification timeToLive
	}
	if err := s.decodeForTable(ctx, body, &in, &in.TableName); err != nil {
		return nil, err
	}
	wanted := in.TimeToLiveSpecification
	current := s.settings.of(in.TableName)
	switch {
	case wanted.AttributeName == "":
		return nil, invalid("1 validation error detected: Value null at 'timeToLiveSpecification.attributeName' failed to satisfy constraint: Member must not be null")
	case current.TimeToLiveAttribute != "" && current.TimeToLiveAttribute != wanted.AttributeName:
		return nil, invalid("TimeToLive is active on a different AttributeName: current AttributeName is %s", current.TimeToLiveAttribute)
	case wanted.Enabled && current.TimeToLiveAttribute != "":
		return nil, invalid("TimeToLive is already enabled")
	case !wanted.Enabled && current.TimeToLiveAttribute == "":
		return nil, invalid("TimeToLive is already disabled")
	}
	err := s.settings.change(in.TableName, func(t *tableSettings) {
		t.PointInTimeRecovery = current.PointInTimeRecovery
		if wanted.Enabled {
			t.TimeToLiveAttribute = wanted.AttributeName
		}
	})
	return struct{ TimeToLiveSpecification timeToLive }{wanted}, err
}

// decodeForTable decodes a request and looks whether its table exists. The name of the table may be its ARN.
func (s *Service) decodeForTable(ctx context.Context, body []byte, in any, name *string) error {
	if err := json.Unmarshal(body, in); err != nil {
		return &Error{400, "com.amazon.coral.service#SerializationException", err.Error()}
	}
	*name = nameInARN(*name)
	if *name == "" {
		return invalid("The parameter 'TableName' is required but was not present in the request")
	}
	_, err := s.describeTable(ctx, *name)
	return err
}
