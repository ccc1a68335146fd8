package operation_test

import (
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/operation"
)

// Specification: Improved security for OCPP 1.6-J A05; OCPP 2.x A05 and B09.
func TestSecurityProfile(t *testing.T) {
	const network = `"csmsUrl":"wss://example.com/ocpp","slot":2,"interface":"Wired0"`
	translations[operation.SecurityProfile]{
		{ocppj.V16, `{"profile":2}`, `ChangeConfiguration {"key":"SecurityProfile","value":"2"}`, ""},
		{ocppj.V16, `{"profile":3}`, `ChangeConfiguration {"key":"SecurityProfile","value":"3"}`, ""},
		{ocppj.V16, `{"profile":0}`, "", fault.Invalid},
		{ocppj.V16, `{"profile":4}`, "", fault.Invalid},
		{ocppj.V16, `{"profile":2,"slot":1}`, "", fault.Invalid},
		{ocppj.V16, `{"profile":2,"csmsUrl":"wss://example.com"}`, "", fault.Invalid},
		{ocppj.V201, `{"profile":2,` + network + `}`,
			`SetNetworkProfile {"configurationSlot":2,"connectionData":{"messageTimeout":30,"ocppCsmsUrl":"wss://example.com/ocpp","ocppInterface":"Wired0","ocppTransport":"JSON","ocppVersion":"OCPP20","securityProfile":2}}` + "\n" +
				`SetVariables {"setVariableData":[{"attributeValue":"2","component":{"name":"OCPPCommCtrlr"},"variable":{"name":"NetworkConfigurationPriority"}}]}`, ""},
		{ocppj.V21, `{"profile":1,"csmsUrl":"ws://example.com","slot":1,"fallbackSlots":[3,0],"interface":"Any","messageTimeoutSeconds":60}`,
			`SetNetworkProfile {"configurationSlot":1,"connectionData":{"messageTimeout":60,"ocppCsmsUrl":"ws://example.com","ocppInterface":"Any","ocppTransport":"JSON","securityProfile":1}}` + "\n" +
				`SetVariables {"setVariableData":[{"attributeValue":"1,3,0","component":{"name":"OCPPCommCtrlr"},"variable":{"name":"NetworkConfigurationPriority"}}]}`, ""},
		{ocppj.V201, `{"profile":2}`, "", fault.Malformed},
		{ocppj.V201, `{"profile":2,"csmsUrl":"wss://example.com","interface":"Wired0"}`, "", fault.Malformed},
		{ocppj.V201, `{"profile":2,"csmsUrl":"wss://example.com","slot":1}`, "", fault.Malformed},
		{ocppj.V201, `{"profile":2,"csmsUrl":"wss://example.com","slot":-1,"interface":"Wired0"}`, "", fault.Invalid},
		{ocppj.V201, `{"profile":2,"csmsUrl":"ws://example.com","slot":1,"interface":"Wired0"}`, "", fault.Invalid},
		{ocppj.V201, `{"profile":1,"csmsUrl":"https://example.com","slot":1,"interface":"Wired0"}`, "", fault.Invalid},
		{ocppj.V201, `{"profile":2,"fallbackSlots":[2],` + network + `}`, "", fault.Invalid},
		{ocppj.V201, `{"profile":2,"fallbackSlots":[1,1],` + network + `}`, "", fault.Invalid},
		{ocppj.V201, `{"profile":2,"fallbackSlots":[-1],` + network + `}`, "", fault.Invalid},
		{ocppj.V21, `{"profile":2,"messageTimeoutSeconds":-1,` + network + `}`, "", fault.Invalid},
		{ocppj.V21, `{"profile":7,` + network + `}`, "", fault.Invalid},
	}.test(t)
}

// What is said of the network is for 2.x alone; the error names the member and the version.
func TestSecurityProfileNamesWhatAVersionWants(t *testing.T) {
	for _, test := range []struct {
		version ocppj.Version
		body    string
		names   string
	}{
		{ocppj.V16, `{"profile":2,"csmsUrl":"wss://example.com"}`, "'csmsUrl'"},
		{ocppj.V16, `{"profile":2,"slot":1}`, "'slot'"},
		{ocppj.V16, `{"profile":2,"fallbackSlots":[1]}`, "'fallbackSlots'"},
		{ocppj.V16, `{"profile":2,"interface":"Wired0"}`, "'interface'"},
		{ocppj.V16, `{"profile":2,"messageTimeoutSeconds":30}`, "'messageTimeoutSeconds'"},
		{ocppj.V201, `{"profile":2}`, "'csmsUrl'"},
		{ocppj.V201, `{"profile":2,"csmsUrl":"wss://example.com"}`, "'slot'"},
		{ocppj.V21, `{"profile":2,"csmsUrl":"wss://example.com","slot":1}`, "'interface'"},
	} {
		_, err := body[operation.SecurityProfile](t, test.body).Calls(test.version)
		if err == nil || !strings.Contains(err.Error(), test.names) || !strings.Contains(err.Error(), string(test.version)) {
			t.Errorf("%s %s: error %v", test.version, test.body, err)
		}
	}
}

// Specification: OCPP 2.x A00.FR.005 and A05.FR.02.
func TestSecurityProfileIsComparedWithTheChargePoint(t *testing.T) {
	for _, test := range []struct {
		name  string
		body  string
		cp    chargepoint.ChargePoint
		want  fault.Code
		names string
	}{
		{"raised", `{"profile":2}`, chargepoint.ChargePoint{SecurityProfile: 1, Credential: "hash"}, "", ""},
		{"the same", `{"profile":2}`, chargepoint.ChargePoint{SecurityProfile: 2, Credential: "hash"}, "", ""},
		{"lowered", `{"profile":1}`, chargepoint.ChargePoint{SecurityProfile: 2, Credential: "hash"}, fault.Invalid, "at least 2"},
		{"no key", `{"profile":1}`, chargepoint.ChargePoint{ID: "CP001"}, fault.Conflict, "POST /charge-points/CP001/key"},
		{"a key that it may not have", `{"profile":2}`, chargepoint.ChargePoint{ID: "CP001", PendingKeys: []chargepoint.PendingKey{{Hash: "h", CommandID: "c"}}}, fault.Conflict, "CP001"},
		{"certificates need no key", `{"profile":3}`, chargepoint.ChargePoint{}, "", ""},
	} {
		whom := target(ocppj.V16)
		whom.ChargePoint = test.cp
		err := body[operation.SecurityProfile](t, test.body).Prepare(t.Context(), operation.Desk{}, whom)
		if fault.CodeOf(err) != test.want || err != nil && !strings.Contains(err.Error(), test.names) {
			t.Errorf("%s: error %v, want %q", test.name, err, test.want)
		}
	}
}
