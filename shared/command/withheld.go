package command

import "github.com/serverless-ocpp/backend/shared/chargepoint"

// Withheld says why a charge point must not be sent an action as it is registered, in words that follow its name;
// "" when it may. One that is Rejected is sent nothing; one that is Pending may be read and configured, but not told to
// start or stop charging (OCPP 1.6 section 4.2, OCPP 2.0.1 B02.FR.05 and B03.FR.03).
func Withheld(cp chargepoint.ChargePoint, action string) string {
	switch {
	case cp.Registration == chargepoint.Rejected:
		return "is Rejected, and must not be sent anything"
	case chargesRemotely[action] && (cp.Registration == chargepoint.Pending || cp.BootStatus == chargepoint.Pending):
		return "is Pending, and must not be told to start or stop charging"
	}
	return ""
}

var chargesRemotely = map[string]bool{
	"RemoteStartTransaction":  true, // 1.6
	"RemoteStopTransaction":   true,
	"RequestStartTransaction": true,
	"RequestStopTransaction":  true,
}
