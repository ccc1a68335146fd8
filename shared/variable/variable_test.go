package variable

import "testing"

func TestKey(t *testing.T) {
	for want, v := range map[string]Variable{
		"/heartbeatinterval":              {Variable: Name{Name: "HeartbeatInterval"}},
		"securityctrlr/basicauthpassword": {Component: Component{Name: "SecurityCtrlr"}, Variable: Name{Name: "BasicAuthPassword"}},
		"connector@1.2/availabilitystate": {Component: Component{Name: "Connector", EVSE: &EVSE{ID: 1, ConnectorID: 2}}, Variable: Name{Name: "AvailabilityState"}},
		"evse#main@1/power#max":           {Component: Component{Name: "EVSE", Instance: "main", EVSE: &EVSE{ID: 1}}, Variable: Name{Name: "Power", Instance: "max"}},
	} {
		if got := v.Key(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
