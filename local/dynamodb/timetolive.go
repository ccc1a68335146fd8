package dynamodb

// timeToLive is what the API calls TimeToLiveSpecification.
type timeToLive struct {
	AttributeName string
	Enabled       bool
}

func (s *Service) describeTimeToLive(body []byte) (any, error) {
	var in tableName
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	t, err := s.named(in.TableName)
	if err != nil {
		return nil, err
	}
	var answer struct {
		TimeToLiveDescription struct {
			AttributeName    string `json:",omitempty"`
			TimeToLiveStatus string
		}
	}
	answer.TimeToLiveDescription.TimeToLiveStatus = "DISABLED"
	if attribute := s.catalog.settingsOf(t).TimeToLiveAttribute; attribute != "" {
		answer.TimeToLiveDescription.AttributeName = attribute
		answer.TimeToLiveDescription.TimeToLiveStatus = "ENABLED"
	}
	return answer, nil
}

// updateTimeToLive takes effect at once. DynamoDB takes up to an hour, in which it refuses further changes.
func (s *Service) updateTimeToLive(body []byte) (any, error) {
	var in struct {
		TableName               string
		TimeToLiveSpecification *timeToLive
	}
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	var c constraints
	c.notNull(in.TimeToLiveSpecification == nil, "timeToLiveSpecification")
	if in.TimeToLiveSpecification != nil {
		c.notNull(in.TimeToLiveSpecification.AttributeName == "", "timeToLiveSpecification.attributeName")
	}
	if err := c.err(); err != nil {
		return nil, err
	}
	t, err := s.named(in.TableName)
	if err != nil {
		return nil, err
	}
	wanted := *in.TimeToLiveSpecification
	current := s.catalog.settingsOf(t).TimeToLiveAttribute
	switch {
	case current != "" && current != wanted.AttributeName:
		return nil, invalid("TimeToLive is active on a different AttributeName: current AttributeName is %s", current)
	case wanted.Enabled && current != "":
		return nil, invalid("TimeToLive is already enabled")
	case !wanted.Enabled && current == "":
		return nil, invalid("TimeToLive is already disabled")
	}
	err = s.catalog.change(t, func(changed *settings) {
		changed.TimeToLiveAttribute = ""
		if wanted.Enabled {
			changed.TimeToLiveAttribute = wanted.AttributeName
		}
	})
	return struct{ TimeToLiveSpecification timeToLive }{wanted}, err
}
