package iot_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/local/iot"
)

func TestAccess(t *testing.T) {
	w := start(t)
	const arn = "arn:aws:iot:us-east-1:000000000000:"
	for _, test := range []struct {
		api                         *iot.API
		method, path, action, wants string
	}{
		{w.core.Control, "POST", "/things/CP001", "iot:CreateThing", arn + "thing/CP001"},
		{w.core.Control, "GET", "/things/CP%3A001", "iot:DescribeThing", arn + "thing/CP:001"},
		{w.core.Control, "PATCH", "/things/CP001", "iot:UpdateThing", arn + "thing/CP001"},
		{w.core.Control, "DELETE", "/things/CP001?expectedVersion=1", "iot:DeleteThing", arn + "thing/CP001"},
		{w.core.Control, "GET", "/things?maxResults=1", "iot:ListThings", "*"},
		{w.core.Control, "GET", "/thing-types/a", "iot:DescribeThingType", arn + "thingtype/a"},
		{w.core.Control, "GET", "/endpoint", "iot:DescribeEndpoint", "*"},
		{w.core.Control, "PATCH", "/event-configurations", "iot:UpdateEventConfigurations", "*"},
		{w.core.Control, "GET", "/policies/p", "iot:GetPolicy", arn + "policy/p"},
		{w.core.Control, "POST", "/thing-groups/g", "", ""},
		{w.core.Data, "POST", "/topics/CP001%2Fin?qos=1", "iot:Publish", arn + "topic/CP001/in"},
		{w.core.Data, "POST", "/topics/CP001/in", "iot:Publish", arn + "topic/CP001/in"},
		{w.core.Data, "GET", "/things/CP001/shadow", "iot:GetThingShadow", arn + "thing/CP001"},
		{w.core.Data, "POST", "/things/CP001/shadow?name=diag", "iot:UpdateThingShadow", arn + "thing/CP001/diag"},
		{w.core.Data, "DELETE", "/things/CP001/shadow", "iot:DeleteThingShadow", arn + "thing/CP001"},
		{w.core.Data, "GET", "/api/things/shadow/ListNamedShadowsForThing/CP001", "iot:ListNamedShadowsForThing", arn + "thing/CP001"},
		{w.core.Data, "POST", "/topics/", "", ""},
	} {
		action, resources := test.api.Access(httptest.NewRequest(test.method, test.path, nil), nil)
		if action != test.action || strings.Join(resources, " ") != test.wants {
			t.Errorf("%s %s: %s on %v", test.method, test.path, action, resources)
		}
	}
}

func TestDeny(t *testing.T) {
	w := start(t)
	const reason = "User: arn:aws:sts::000000000000:assumed-role/Api is not authorized to perform: iot:CreateThing"
	for name, test := range map[string]struct {
		api         *iot.API
		code, words string
	}{
		"control": {w.core.Control, "AccessDeniedException", reason},
		"data":    {w.core.Data, "ForbiddenException", `"message":"Forbidden"`},
	} {
		recorder := httptest.NewRecorder()
		test.api.Deny(recorder, httptest.NewRequest("POST", "/things/CP001", nil), reason)
		if recorder.Code != http.StatusForbidden || recorder.Header().Get("x-amzn-ErrorType") != test.code ||
			!strings.Contains(recorder.Body.String(), test.words) {
			t.Errorf("%s: %d %v %s", name, recorder.Code, recorder.Header(), recorder.Body)
		}
	}
}

func TestServiceOf(t *testing.T) {
	for path, want := range map[string]string{
		"/things":                  iot.ControlService,
		"/things/CP001":            iot.ControlService,
		"/things/shadow":           iot.ControlService,
		"/things/CP001/principals": iot.ControlService,
		"/things/CP001/shadow":     iot.DataService,
		"/things/a%2Fb/shadow":     iot.DataService,
		"/topics/CP001/out":        iot.DataService,
		"/topics/%24aws%2Fthings":  iot.DataService,
		"/api/things/shadow/ListNamedShadowsForThing/CP001": iot.DataService,
		"/event-configurations":                             iot.ControlService,
		"/endpoint":                                         iot.ControlService,
		"/policies/p":                                       iot.ControlService,
		"/":                                                 "",
		"/2015-03-31/functions":                             "",
		"/api/other":                                        "",
	} {
		u, err := url.Parse(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := iot.ServiceOf(u); got != want {
			t.Errorf("%s is for %q, want %q", path, got, want)
		}
	}
}
