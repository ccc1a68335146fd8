package operation

import "github.com/serverless-ocpp/backend/shared/ocppj"

// ClearCache empties the authorization cache, in which a charge point remembers id tokens that it asked for (OCPP 1.6
// section 5.4, OCPP 2.x part 2 use case C11). Its body is {}.
type ClearCache struct{}

// Calls implements Operation.
func (*ClearCache) Calls(ocppj.Version) ([]Call, error) {
	return []Call{{"ClearCache", struct{}{}}}, nil
}
