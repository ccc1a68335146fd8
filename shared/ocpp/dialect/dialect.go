// Package dialect names the versions that are spoken and the actions of each. A new version is a
// package beside shared/ocpp/v21 and a row here.
package dialect

import (
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/ocpp/v16"
	"github.com/serverless-ocpp/backend/shared/ocpp/v201"
	"github.com/serverless-ocpp/backend/shared/ocpp/v21"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Versions are the subprotocols that a charge point may choose from. The order does not matter: the
// charge point's own order of preference decides.
var Versions = []ocppj.Version{ocppj.V16, ocppj.V201, ocppj.V21}

var actions = map[ocppj.Version]ocpp.Actions{
	ocppj.V16:  v16.Actions,
	ocppj.V201: v201.Actions,
	ocppj.V21:  v21.Actions,
}

// Actions returns the actions of a version by name; nil for a version that is not spoken.
func Actions(version ocppj.Version) ocpp.Actions { return actions[version] }
