package dynamodb

import "github.com/serverless-ocpp/backend/local/dynamodb/store"

func (s *Service) scan(body []byte) (any, error) {
	var in pageRequest
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	if err := in.checkSegment(); err != nil {
		return nil, err
	}
	said, err := s.bind(&in.expressionInput, "ProjectionExpression", "FilterExpression")
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
	read := store.Read{Index: index}
	if read.Start, err = in.startKey(t, index); err != nil {
		return nil, err
	}
	if in.TotalSegments != nil {
		read.Range = store.Segment(*in.Segment, *in.TotalSegments)
	}
	if read.Start != nil && !t.Includes(read.Range, index, read.Start) {
		return nil, invalid("The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. "+
			"TotalSegments: %d Segment: %d", *in.TotalSegments, *in.Segment)
	}
	return in.page(t, read, said)
}

// checkSegment: the number of a segment and how many there are come together.
func (in *pageRequest) checkSegment() error {
	switch {
	case in.Segment != nil && in.TotalSegments == nil:
		return invalid("The TotalSegments parameter is required but was not present in the request when Segment parameter is present")
	case in.Segment == nil && in.TotalSegments != nil:
		return invalid("The Segment parameter is required but was not present in the request when parameter TotalSegments is present")
	case in.Segment != nil && *in.Segment >= *in.TotalSegments:
		return invalid("The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: %d is not less than TotalSegments: %d",
			*in.Segment, *in.TotalSegments)
	}
	return nil
}
