package consequence

import (
	"cmp"
	"encoding/json"

	"github.com/serverless-ocpp/backend/shared/command"
)

// sentList: SendLocalList (OCPP 1.6 section 5.15, OCPP 2.0.1 D01). The charge point has the version that it accepted.
func sentList(asked command.Command, outcome command.Outcome) []Change {
	if status(outcome) != accepted {
		return nil
	}
	return listVersion(asked.Payload)
}

// toldList: GetLocalListVersion (OCPP 1.6 section 5.10, OCPP 2.0.1 D02).
func toldList(_ command.Command, outcome command.Outcome) []Change {
	return listVersion(outcome.Result)
}

// listVersion reads the version in a message about the list. 0 is an empty list, and -1 none at all (1.6).
func listVersion(payload json.RawMessage) []Change {
	versions := read[struct {
		V16 int `json:"listVersion"`
		V2  int `json:"versionNumber"`
	}](payload)
	version := cmp.Or(versions.V2, versions.V16)
	if version < 1 {
		return nil
	}
	return []Change{ListVersionTold{version}}
}
