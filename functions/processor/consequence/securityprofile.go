package consequence

import (
	"strconv"

	"github.com/serverless-ocpp/backend/shared/command"
)

// securityProfile is the name of the operation that raises the security profile of a charge point.
const securityProfile = "security-profile"

// raiseProfile takes the charge point at its word: from its next connection on it has to use the profile that it
// accepted (improved security for OCPP 1.6-J, A05.FR.04; OCPP 2.0.1 A05.FR.05). One that must boot first is left as it is, for it
// may connect with the old profile until then.
func raiseProfile(asked command.Command, outcome command.Outcome) []Change {
	if asked.Operation != securityProfile {
		return nil
	}
	switch asked.Action {
	case "SetNetworkProfile":
		profile := read[struct {
			Connection struct {
				SecurityProfile int `json:"securityProfile"`
			} `json:"connectionData"`
		}](asked.Payload).Connection.SecurityProfile
		if status(outcome) != accepted || profile < 1 {
			return nil
		}
		return []Change{ProfileRaised{profile}}
	default:
		set, found := settingOf(settings(asked, outcome), "SecurityProfile")
		profile, err := strconv.Atoi(set.variable.Value)
		if !found || err != nil || set.status != accepted {
			return nil
		}
		return []Change{ProfileRaised{profile}}
	}
}
