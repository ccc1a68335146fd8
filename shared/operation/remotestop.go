package operation

import (
	"encoding/json"
	"strconv"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// RemoteStop ends a transaction (OCPP 1.6 section 5.12, OCPP 2.0.1 F03).
type RemoteStop struct {
	TransactionID TransactionID `json:"transactionId"`
}

// TransactionID may be written as a string or as a number: 1.6 numbers its transactions.
type TransactionID string

// UnmarshalJSON implements json.Unmarshaler.
func (id *TransactionID) UnmarshalJSON(data []byte) error {
	if err := json.Unmarshal(data, (*string)(id)); err == nil {
		return nil
	}
	var number json.Number // takes strings, too, but only those of numbers
	if err := json.Unmarshal(data, &number); err != nil {
		return fault.New(fault.Malformed, "'transactionId' must be a string or a number")
	}
	*id = TransactionID(number)
	return nil
}

// Calls implements Operation.
func (s *RemoteStop) Calls(version ocppj.Version) ([]Call, error) {
	if s.TransactionID == "" {
		return nil, missing("transactionId")
	}
	if version != ocppj.V16 {
		return []Call{{"RequestStopTransaction", map[string]any{"transactionId": s.TransactionID}}}, nil
	}
	number, err := strconv.ParseInt(string(s.TransactionID), 10, 32)
	if err != nil {
		return nil, fault.New(fault.Invalid, "'transactionId' must be a number: the charge point speaks %s", version)
	}
	return []Call{{"RemoteStopTransaction", map[string]any{"transactionId": number}}}, nil
}

// Said implements Telling.
func (s *RemoteStop) Said() Said { return Said{TransactionID: string(s.TransactionID)} }

// missing is the error for a required member that is not there, in the words of the system that this one replaces.
func missing(name string) error {
	return fault.New(fault.Malformed, "Missing required parameter: '%s'", name)
}
