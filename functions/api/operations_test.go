package main

import (
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/operation"
)

// pathOf is the path of an operation at a charge point, with numbers as its members.
func pathOf(kind operation.Kind, chargePointID string) string {
	path := "/charge-points/" + chargePointID + "/" + kind.Path
	for _, member := range membersOf(path) {
		path = strings.ReplaceAll(path, "{"+member+"}", "7")
	}
	return path
}

// exampleFor is the documentation's example of an operation for a charge point of the rig.
func exampleFor(kind operation.Kind, chargePointID string) string {
	if example := exampleOf2x[kind.Name]; example != "" && chargePointID != "CP16" {
		return example
	}
	return exampleOf[kind.Name]
}

// TestEveryOperation places each operation at a charge point of each version, as the documentation shows it: it becomes
// commands, or it is said what to do in a version that does not have it.
func TestEveryOperation(t *testing.T) {
	r := newRig(t)
	for _, kind := range operation.Kinds {
		t.Run(kind.Name, func(t *testing.T) {
			r.T = t
			example := exampleOf[kind.Name]
			if example == "" {
				t.Fatal("the documentation has no example of its body: examples.go")
			}
			for _, cp := range []string{"CP16", "CP201", "CP21"} {
				if kind.Name == "get-charging-profiles" && cp == "CP16" {
					r.do(kind.Method, pathOf(kind, cp), exampleFor(kind, cp)).want(409, "composite-schedule")
					continue
				}
				r.checkCommands(r.do(kind.Method, pathOf(kind, cp), exampleFor(kind, cp)).want(202), kind, cp)
			}
			r.do(kind.Method, pathOf(kind, "CP404"), example).want(404, "CP404")
			r.do(kind.Method, pathOf(kind, "CP0"), example).want(409, `"code":"offline"`)
			r.do(kind.Method, pathOf(kind, "CP16"), `{"misspelt":1}`).want(400, "misspelt")
			r.do(kind.Method, pathOf(kind, "CP16"), `{"timeoutSeconds":0}`).want(422, "'timeoutSeconds'")
			r.do(kind.Method, pathOf(kind, "CP16"), `[]`).want(400, "JSON object")
		})
	}
}

// checkCommands reads the commands that an operation became.
func (r *rig) checkCommands(got response, kind operation.Kind, chargePointID string) {
	r.Helper()
	commands := []any{got.body}
	if several, ok := got.body["commands"].([]any); ok {
		commands = several
	}
	for i, told := range commands {
		id := told.(map[string]any)["commandId"].(string)
		path := "/charge-points/" + chargePointID + "/commands/" + id
		if i == 0 && got.header.Get("Location") != path {
			r.Errorf("Location %q, want %q", got.header.Get("Location"), path)
		}
		r.do("GET", path, "").want(200, `"operation":"`+kind.Name+`"`)
	}
}

// reserving is an operation with members in its path.
type reserving struct {
	operation.Operation
	ReservationID int    `json:"reservationId"`
	Serial        string `json:"serial"`
}

func TestMembersOfThePathBelongToTheOperation(t *testing.T) {
	for _, test := range []struct{ name, value, want, fails string }{
		{"reservationId", "7", "7", ""},
		{"reservationId", "seven", "", "whole number"},
		{"serial", "7", `"7"`, ""},
	} {
		got, err := pathMember(new(reserving), test.name, test.value)
		if test.fails != "" {
			if err == nil || !strings.Contains(err.Error(), test.fails) {
				t.Errorf("%s %s: %v", test.name, test.value, err)
			}
			continue
		}
		if err != nil || string(got) != test.want {
			t.Errorf("%s %s: %s, %v; want %s", test.name, test.value, got, err, test.want)
		}
	}
}

func TestAnyCommandKeepsTheKey(t *testing.T) {
	r := newRig(t)
	for cp, body := range map[string]string{
		"CP16":  `{"action":"ChangeConfiguration","payload":{"key":"AuthorizationKey","value":"0011223344556677889900112233445566778899"}}`,
		"CP201": `{"action":"SetVariables","payload":{"setVariableData":[{"component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"},"attributeValue":"0123456789abcdef"}]}}`,
	} {
		r.do("POST", "/charge-points/"+cp+"/commands", body).want(409, "key-rotation")
	}
	if len(r.posts) != 0 {
		t.Errorf("sent %s", r.posts)
	}
}

func TestSecretsAreMasked(t *testing.T) {
	r := newRig(t)
	r.onPost = func(id string) error {
		r.finishSoon("CP16", id, command.EventAccept, `{"configurationKey":[{"key":"AuthorizationKey","readonly":false,"value":"SECRETKEY"}]}`)
		return nil
	}
	got := r.do("POST", "/charge-points/CP16/commands", `{"action":"GetConfiguration","payload":{"key":["AuthorizationKey"]}}`, "Prefer: wait=20").want(200, `"***"`)
	again := r.do("GET", got.header.Get("Location"), "").want(200, `"***"`)
	if strings.Contains(got.text+again.text, "SECRETKEY") {
		t.Errorf("shown: %s %s", got.text, again.text)
	}
}
