package operation

import "github.com/serverless-ocpp/backend/shared/command"

// Kind is one row of the table of operations.
type Kind struct {
	Name    string           // in the record of its commands and in campaigns
	Method  string           // of its HTTP route
	Path    string           // of its HTTP route, below /charge-points/{id}/
	Summary string           // one line for the API's documentation
	New     func() Operation // an empty body to read the request into; members of the path, such as {reservationId}, are read into the member of that JSON name
}

// Kinds are all operations. An operation is a line here and a file beside this one.
var Kinds = []Kind{
	{"remote-start", "POST", "remote-start", "Start charging", func() Operation { return new(RemoteStart) }},
	{"remote-stop", "POST", "remote-stop", "Stop a transaction", func() Operation { return new(RemoteStop) }},
	{"reset", "POST", "reset", "Restart the charge point, or one EVSE of it", func() Operation { return new(Reset) }},
	{"unlock", "POST", "unlock", "Open the lock of a connector", func() Operation { return new(Unlock) }},
	{"availability", "POST", "availability", "Take the charge point, or a connector of it, into or out of service", func() Operation { return new(Availability) }},
	{"trigger", "POST", "trigger", "Have the charge point send a message now", func() Operation { return new(Trigger) }},
	{"get-variables", "POST", "variables/get", "Read variables of the device model, or configuration keys", func() Operation { return new(GetVariables) }},
	{"set-variables", "POST", "variables/set", "Write variables of the device model, or configuration keys", func() Operation { return new(SetVariables) }},
	{"report", "POST", "report", "Have the charge point report its device model, or all configuration keys", func() Operation { return new(Report) }},
	{"clear-cache", "POST", "clear-cache", "Empty the authorization cache", func() Operation { return new(ClearCache) }},
	{"local-list", "POST", "local-list", "Send the local authorization list, or changes to it", func() Operation { return new(LocalList) }},
	{"local-list-version", "POST", "local-list/version", "Ask for the version of the local authorization list", func() Operation { return new(LocalListVersion) }},
	{"reserve", "POST", "reservations", "Keep a connector free for an id token", func() Operation { return new(Reserve) }},
	{"cancel-reservation", "DELETE", "reservations/{reservationId}", "Give a reserved connector free", func() Operation { return new(CancelReservation) }},
	{"set-charging-profile", "POST", "charging-profiles", "Limit charging over time", func() Operation { return new(SetChargingProfile) }},
	{"clear-charging-profile", "POST", "charging-profiles/clear", "Take limits of charging away", func() Operation { return new(ClearChargingProfile) }},
	{"get-charging-profiles", "POST", "charging-profiles/get", "Have the charge point report its charging profiles", func() Operation { return new(GetChargingProfiles) }},
	{"composite-schedule", "POST", "composite-schedule", "Ask what all charging profiles together amount to", func() Operation { return new(CompositeSchedule) }},
	{"firmware", "POST", "firmware", "Have the charge point fetch and install firmware", func() Operation { return new(Firmware) }},
	{"log", "POST", "log", "Have the charge point upload a log", func() Operation { return new(Log) }},
	{"install-certificate", "POST", "certificates", "Give the charge point a root certificate to trust", func() Operation { return new(InstallCertificate) }},
	{"list-certificates", "POST", "certificates/list", "Ask which certificates are installed", func() Operation { return new(ListCertificates) }},
	{"delete-certificate", "POST", "certificates/delete", "Take a certificate away from the charge point", func() Operation { return new(DeleteCertificate) }},
	{command.KeyRotation, "POST", "key-rotation", "Give the charge point a new key to log in with", func() Operation { return new(KeyRotation) }},
	{"security-profile", "POST", "security-profile", "Raise the security profile", func() Operation { return new(SecurityProfile) }},
}

// KindNamed returns the row of an operation.
func KindNamed(name string) (Kind, bool) {
	for _, kind := range Kinds {
		if kind.Name == name {
			return kind, true
		}
	}
	return Kind{}, false
}
