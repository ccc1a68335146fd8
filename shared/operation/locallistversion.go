package operation

import "github.com/serverless-ocpp/backend/shared/ocppj"

// LocalListVersion asks for the version of the local authorization list that the charge point has (OCPP 1.6 section 5.10,
// OCPP 2.x part 2 use case D02). It answers 0 when the list is empty, and in 1.6 -1 when it supports none. Its body is {}.
type LocalListVersion struct{}

// Calls implements Operation.
func (*LocalListVersion) Calls(ocppj.Version) ([]Call, error) {
	return []Call{{"GetLocalListVersion", struct{}{}}}, nil
}
