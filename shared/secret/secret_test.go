package secret

import (
	"encoding/json"
	"strings"
	"testing"
)

// Specification: OCPP-J 1.6 errata 3.12; OCPP 2.0.1 part 2, SecurityCtrlr.BasicAuthPassword and NetworkConnectionProfileType.
func TestMasked(t *testing.T) {
	for _, test := range []struct{ name, json, want string }{
		{"ChangeConfiguration",
			`[2, "1","ChangeConfiguration",{"key":"AuthorizationKey","value":"0102"}]`,
			`[2, "1","ChangeConfiguration",{"key":"AuthorizationKey","value":"***"}]`},
		{"names without case, the value first",
			`{"value": "0102" ,"key":"authorizationKEY"}`,
			`{"value": "***" ,"key":"authorizationKEY"}`},
		{"members without case", `{"Key":"AuthorizationKey","Value":"0102"}`, `{"Key":"AuthorizationKey","Value":"***"}`},
		{"an escaped name", `{"key":"Authorization\u004bey","value":"0102"}`, `{"key":"Authorization\u004bey","value":"***"}`},
		{"a repeated member", `{"key":"AuthorizationKey","key":"X","value":"a","value":"b"}`, `{"key":"AuthorizationKey","key":"X","value":"***","value":"***"}`},
		{"GetConfiguration result",
			`[3,"1",{"configurationKey":[{"key":"A","readonly":true,"value":"1"},{"key":"AuthorizationKey","readonly":false,"value":"0\"2"},{"key":"B","value":"2"}]}]`,
			`[3,"1",{"configurationKey":[{"key":"A","readonly":true,"value":"1"},{"key":"AuthorizationKey","readonly":false,"value":"***"},{"key":"B","value":"2"}]}]`},
		{"SetVariables",
			`{"setVariableData":[{"attributeValue":"pw","component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}},{"attributeValue":"5","component":{"name":"C"},"variable":{"name":"V"}}]}`,
			`{"setVariableData":[{"attributeValue":"***","component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}},{"attributeValue":"5","component":{"name":"C"},"variable":{"name":"V"}}]}`},
		{"GetVariables result",
			`{"getVariableResult":[{"attributeStatus":"Accepted","attributeValue":"pw","component":{"name":"SecurityCtrlr"},"variable":{"name":"basicauthpassword"}}]}`,
			`{"getVariableResult":[{"attributeStatus":"Accepted","attributeValue":"***","component":{"name":"SecurityCtrlr"},"variable":{"name":"basicauthpassword"}}]}`},
		{"NotifyReport",
			`{"reportData":[{"component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"},"variableAttribute":[{"type":"Actual","value":"pw"},{"type":"Target","value":"pw2"}]}]}`,
			`{"reportData":[{"component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"},"variableAttribute":[{"type":"Actual","value":"***"},{"type":"Target","value":"***"}]}]}`},
		{"NotifyEvent",
			`{"eventData":[{"actualValue":"pw","component":{"name":"NetworkConfiguration"},"variable":{"name":"VpnKey"}}]}`,
			`{"eventData":[{"actualValue":"***","component":{"name":"NetworkConfiguration"},"variable":{"name":"VpnKey"}}]}`},
		{"SetNetworkProfile of 2.0.1",
			`{"configurationSlot":1,"connectionData":{"apn":{"apn":"a","apnUserName":"u","apnPassword":"p","simPin":1234},"vpn":{"server":"s","user":"u","group":"g","password":"p","key":"k","type":"IKEv2"}}}`,
			`{"configurationSlot":1,"connectionData":{"apn":{"apn":"a","apnUserName":"u","apnPassword":"***","simPin":"***"},"vpn":{"server":"s","user":"u","group":"g","password":"***","key":"***","type":"IKEv2"}}}`},
		{"SetNetworkProfile of 2.1",
			`[2,"1","SetNetworkProfile",{"connectionData":{"identity":"CP001","basicAuthPassword":"pw"}}]`,
			`[2,"1","SetNetworkProfile",{"connectionData":{"identity":"CP001","basicAuthPassword":"***"}}]`},
		{"GetDiagnostics",
			`[2,"1","GetDiagnostics",{"location":"ftp://depot:p%40ss:word@files.example.com:2121/logs?a=1&b=2","retries":1}]`,
			`[2,"1","GetDiagnostics",{"location":"ftp://depot:***@files.example.com:2121/logs?a=1&b=2","retries":1}]`},
		{"GetLog, with escaped slashes", `{"log":{"remoteLocation":"sftp:\/\/u:pw@host\/x"}}`, `{"log":{"remoteLocation":"sftp://u:***@host/x"}}`},
		{"UpdateFirmware of 2.x, without a user", `{"firmware":{"location":"https://:pw@host"}}`, `{"firmware":{"location":"https://:***@host"}}`},
		{"a password with an @", `{"location":"ftp://u:a@b@host/"}`, `{"location":"ftp://u:***@host/"}`},
		{"an escaped @", `{"location":"ftp://u:pw\u0040host/"}`, `{"location":"ftp://u:***@host/"}`},
		{"SetNetworkProfile with both",
			`{"connectionData":{"ocppCsmsUrl":"wss://CP001:pw@host/","basicAuthPassword":"x://y:z@w"}}`,
			`{"connectionData":{"ocppCsmsUrl":"wss://CP001:***@host/","basicAuthPassword":"***"}}`},
		{"a URL among other values", `{"key":"UploadURL","value":"https://u:pw@host"}`, `{"key":"UploadURL","value":"https://u:***@host"}`},
		{"a value of another kind", `{"key":"AuthorizationKey","value":{"hidden":["pw"]}}`, `{"key":"AuthorizationKey","value":"***"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := Masked([]byte(test.json))
			if string(got) != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if !json.Valid(got) {
				t.Error("this is no JSON any more")
			}
		})
	}
}

func TestMaskedLeavesTheRestAlone(t *testing.T) {
	for _, same := range []string{
		``, `null`, `{}`,
		`{"key":"AuthorizationKey"}`,                    // GetConfiguration names keys, too
		`{"key":["AuthorizationKey","Other"]}`,          // so
		`{"key":"HeartbeatInterval","value":"300"}`,     // no secret
		`{"unknownKey":["AuthorizationKey"]}`,           // no value
		`{"data":"the password and the vpn, unsafe"}`,   // words only
		`{"key":"AuthorizationKey","value":"0102"`,      // no JSON
		`{"key":"AuthorizationKey" "value":"0102"}`,     // no JSON
		`[2,"1","DataTransfer",{"data":"caf\u00e9"}]`,   // an escape
		`{"location":"https://user@host/a:b@c"}`,        // no password
		`{"location":"https://host:80/a:b@c?d=:e@f"}`,   // no user
		`{"contact":"a:b@c"}`,                           // no URL
		`["@","://","://@",":@://:@"]`,                  // nothing
		`{"configurationKey":[{"key":"k","vpn":"no"}]}`, // a hint
	} {
		given := []byte(same)
		got := Masked(given)
		if string(got) != same || len(got) > 0 && &got[0] != &given[0] {
			t.Errorf("%s became %s, or a copy", same, got)
		}
	}
}

func TestMaskedText(t *testing.T) {
	for text, want := range map[string]string{
		"ftp://depot:word@files.example.com/logs": "ftp://depot:***@files.example.com/logs",
		"https://example.com/a:b@c":               "https://example.com/a:b@c",
		"300":                                     "300",
		"":                                        "",
	} {
		if got := MaskedText(text); got != want {
			t.Errorf("%s became %s", text, got)
		}
	}
}

func TestDepthIsBounded(t *testing.T) {
	inner := `{"key":"AuthorizationKey","value":"0102"}`
	nested := func(levels int) string { return strings.Repeat("[", levels) + inner + strings.Repeat("]", levels) }
	if got := string(Masked([]byte(nested(64)))); strings.Contains(got, "0102") {
		t.Error("a secret as deep as a frame may be is shown")
	}
	if deep := nested(100_000); string(Masked([]byte(deep))) != deep {
		t.Error("a document that no frame can be was changed")
	}
}

func TestNothingSecretCostsNoAllocation(t *testing.T) {
	frame := []byte(`[2,"1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Charging","timestamp":"2026-03-01T12:00:00Z"}]`)
	if allocations := testing.AllocsPerRun(100, func() { Masked(frame) }); allocations != 0 {
		t.Errorf("%v allocations", allocations)
	}
}

func TestSets(t *testing.T) {
	for _, test := range []struct {
		name, action, payload string
		want                  bool
	}{
		{"1.6", "ChangeConfiguration", `{"key":"authorizationkey","value":"x"}`, true},
		{"1.6 another key", "ChangeConfiguration", `{"key":"HeartbeatInterval","value":"300"}`, false},
		{"1.6 read", "GetConfiguration", `{"key":["AuthorizationKey"]}`, false},
		{"2.x", "SetVariables", `{"setVariableData":[{"attributeValue":"1","component":{"name":"C"},"variable":{"name":"V"}},{"attributeValue":"x","component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}}]}`, true},
		{"2.x another variable", "SetVariables", `{"setVariableData":[{"attributeValue":"1","component":{"name":"C"},"variable":{"name":"V"}}]}`, false},
		{"2.x read", "GetVariables", `{"getVariableData":[{"component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}}]}`, false},
		{"2.0.1 profile", "SetNetworkProfile", `{"connectionData":{"vpn":{"password":"x"}}}`, false},
		{"2.1 profile", "SetNetworkProfile", `{"connectionData":{"basicAuthPassword":"x"}}`, true},
		{"an action of another meaning", "DataTransfer", `{"key":"AuthorizationKey","value":"x"}`, false},
		{"no JSON", "ChangeConfiguration", `{"key":"AuthorizationKey"`, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := Sets(test.action, []byte(test.payload)); got != test.want {
				t.Errorf("%v", got)
			}
		})
	}
}

func TestNamed(t *testing.T) {
	for name, want := range map[string]bool{"AuthorizationKey": true, "basicAuthPassword": true, "HeartbeatInterval": false, "": false} {
		if Named(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
}

func FuzzMasked(f *testing.F) {
	f.Add([]byte(`[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"0102"}]`))
	f.Add([]byte(`{"variable":{"name":"vpnKey"},"variableAttribute":[{"value":"a"}]}`))
	f.Fuzz(func(t *testing.T, document []byte) {
		if masked := Masked(document); json.Valid(document) && !json.Valid(masked) {
			t.Errorf("%s became %s", document, masked)
		}
	})
}
