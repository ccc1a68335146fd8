package operation

import (
	"encoding/json"

	"github.com/serverless-ocpp/backend/shared/exactjson"
)

// readShorthand reads a JSON string into name, or a JSON object into whole, for members of which the name alone may be
// written. Members that the object should not have, or has twice, are refused here, for a decoder forgets to within an UnmarshalJSON.
func readShorthand(data []byte, name *string, whole any) error {
	if data[0] == '"' {
		return json.Unmarshal(data, name)
	}
	return exactjson.UnmarshalKnown(data, whole)
}
