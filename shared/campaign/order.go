package campaign

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/serverless-ocpp/backend/shared/exactjson"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/jsonpath"
	"github.com/serverless-ocpp/backend/shared/operation"
)

// Order is what every member is told: an operation in words of all versions, or a CALL in those of one.
type Order struct {
	Operation string          // name of an operation.Kind; "" for a CALL
	Request   json.RawMessage // its body
	Action    string          // of the CALL; "" for an operation
	Payload   json.RawMessage // its payload
}

// Body reads the order anew: preparing an operation for a charge point changes it. fault.Invalid names the member.
func (o Order) Body() (operation.Operation, error) {
	if o.Operation == "" {
		return &operation.Raw{Action: o.Action, Payload: o.Payload}, nil
	}
	kind, ok := operation.KindNamed(o.Operation)
	if !ok {
		return nil, fault.New(fault.Invalid, "'operation' must be one of %s, not %.40q", strings.Join(kinds(), ", "), o.Operation)
	}
	body := kind.New()
	if len(o.Request) == 0 {
		return body, nil
	}
	if err := exactjson.UnmarshalKnown(o.Request, body); err != nil { // a misspelt member would otherwise be ignored in silence, a thousand times
		if wrongType, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && wrongType.Field != "" {
			return nil, fault.New(fault.Invalid, "'request.%s' must not be a JSON %s", jsonpath.Of(body, wrongType), wrongType.Value)
		}
		return nil, fault.New(fault.Invalid, "'request' is no body of %s: %s", o.Operation, strings.TrimPrefix(err.Error(), "json: "))
	}
	return body, nil
}

func kinds() (names []string) {
	for _, kind := range operation.Kinds {
		names = append(names, kind.Name)
	}
	return names
}
