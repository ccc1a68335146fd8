package fleet

import (
	"fmt"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Each setting answers for itself, whatever else is asked with it.
func TestSettings16(t *testing.T) {
	run(t, ocppj.V16, nil, func(r *rig) {
		for _, test := range []struct{ key, value, want string }{
			{"HeartbeatInterval", "60", "Accepted"},
			{"HeartbeatInterval", "soon", "Rejected"},
			{"NumberOfConnectors", "9", "Rejected"},
			{"SecurityProfile", "2", "RebootRequired"},
			{"AuthorizationKey", "short", "Rejected"},
			{"Colour", "red", "NotSupported"},
		} {
			if got := r.order("ChangeConfiguration", fmt.Sprintf(`{"key":%q,"value":%q}`, test.key, test.value)); got["status"] != test.want {
				t.Errorf("%s = %s: %v, want %s", test.key, test.value, got, test.want)
			}
		}
		got := fmt.Sprint(r.order("GetConfiguration", `{"key":["HeartbeatInterval","NumberOfConnectors","Colour"]}`))
		for _, want := range []string{"key:HeartbeatInterval readonly:false value:60", "key:NumberOfConnectors readonly:true value:2", "unknownKey:[Colour]"} {
			if !strings.Contains(got, want) {
				t.Errorf("%s lacks %s", got, want)
			}
		}
		if all := r.order("GetConfiguration", `{}`)["configurationKey"].([]any); len(all) != len(factory16)-1 { // the key is a secret
			t.Errorf("%d of %d keys are told", len(all), len(factory16))
		}
	})
}

func TestSettings2x(t *testing.T) {
	run(t, ocppj.V201, nil, func(r *rig) {
		for _, test := range []struct{ component, variable, value, want string }{
			{"OCPPCommCtrlr", "HeartbeatInterval", "60", "Accepted"},
			{"OCPPCommCtrlr", "HeartbeatInterval", "-1", "Rejected"},
			{"SecurityCtrlr", "SecurityProfile", "3", "Rejected"},
			{"OCPPCommCtrlr", "NetworkConfigurationPriority", "2", "RebootRequired"},
			{"OCPPCommCtrlr", "Colour", "red", "UnknownVariable"},
			{"Paint", "Colour", "red", "UnknownComponent"},
		} {
			got := r.order("SetVariables", fmt.Sprintf(`{"setVariableData":[{"component":{"name":%q},"variable":{"name":%q},"attributeValue":%q}]}`, test.component, test.variable, test.value))
			if !strings.Contains(fmt.Sprint(got), "attributeStatus:"+test.want+" ") {
				t.Errorf("%s/%s = %s: %v, want %s", test.component, test.variable, test.value, got, test.want)
			}
		}
		r.order("GetBaseReport", `{"requestId":4,"reportBase":"FullInventory"}`)
		told := 0
		for _, report := range r.calls("NotifyReport") {
			told += strings.Count(string(report.Payload), `"variableAttribute"`)
		}
		if told != len(factory2x) {
			t.Errorf("%d of %d variables are told", told, len(factory2x))
		}
	})
}
