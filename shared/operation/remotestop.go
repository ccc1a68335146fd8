package operation

import (
	"encoding/json"
	"strconv"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// RemoteStop ends a transaction (OCPP 1.6 section 5.12, OCPP 2.0.1 F03).
type RemoteStop struct {
	// TransactionID is the one that the charge point, or in 1.6 this system, gave it.
	TransactionID TransactionID `json:"transactionId" required:"true"`
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

// in is the transaction as a version names it: a number in 1.6, a string in 2.x. fault.Invalid, naming the member, if it
// cannot be one.
func (id TransactionID) in(version ocppj.Version, member string) (any, error) {
	if version != ocppj.V16 {
		return string(id), nil
	}
	number, err := strconv.ParseInt(string(id), 10, 32)
	if err != nil {
		return nil, fault.New(fault.Invalid, "'%s' must be a number: the charge point speaks %s", member, version)
	}
	return number, nil
}

// Calls implements Operation.
func (s *RemoteStop) Calls(version ocppj.Version) ([]Call, error) {
	if s.TransactionID == "" {
		return nil, missing("transactionId")
	}
	transaction, err := s.TransactionID.in(version, "transactionId")
	if err != nil {
		return nil, err
	}
	action := "RequestStopTransaction"
	if version == ocppj.V16 {
		action = "RemoteStopTransaction"
	}
	return []Call{{action, map[string]any{"transactionId": transaction}}}, nil
}

// Said implements Telling.
func (s *RemoteStop) Said() Said { return Said{TransactionID: string(s.TransactionID)} }

// missing is the error for a required member that is not there, in the words of the system that this one replaces.
func missing(name string) error {
	return fault.New(fault.Malformed, "Missing required parameter: '%s'", name)
}
