package consequence

import "github.com/serverless-ocpp/backend/shared/command"

// settleKey ends a rotation by the charge point's word. After RebootRequired it goes on with the old key until it
// boots: both stay valid, until it shows one of them. So they do when it says nothing of the key.
func settleKey(asked command.Command, outcome command.Outcome) []Change {
	if asked.Operation != command.KeyRotation {
		return nil
	}
	if outcome.Event == command.EventError {
		return []Change{KeySettled{false}}
	}
	word := status(outcome) // SetNetworkProfile
	if asked.Action != "SetNetworkProfile" {
		key, _ := settingOf(settings(asked, outcome), "AuthorizationKey", "BasicAuthPassword")
		word = key.status
	}
	switch word {
	case "", rebootRequired:
		return nil
	}
	return []Change{KeySettled{word == accepted}}
}
