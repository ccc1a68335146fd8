package cloud

import (
	"errors"
	"net"
	"reflect"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/local/iam"
	"github.com/serverless-ocpp/backend/local/template"
)

func TestStackName(t *testing.T) {
	tests := []struct{ file, want string }{
		{"stack/testdata/AwsOcppGatewayStack.template.json", "AwsOcppGatewayStack"},
		{"Test.template.json", "Test"},
		{"template.json", ""},
		{".template.json", ""},
	}
	for _, test := range tests {
		if got := (Options{Template: test.file}).StackName(); got != test.want {
			t.Errorf("StackName() of %q = %q, want %q", test.file, got, test.want)
		}
	}
}

func TestDifferencesAreAllThatIsOverridden(t *testing.T) {
	open := Options{}
	if want := []string{
		"MIN_SECURITY_PROFILE is 0 in the functions' environments.",
		"UNKNOWN_ID_TOKENS is Accepted in the functions' environments.",
		"The HTTP API takes calls without a signature.",
	}; !reflect.DeepEqual(open.Differences(), want) {
		t.Errorf("without auth: %q, want %q", open.Differences(), want)
	}
	if closed := (Options{Auth: true}); len(closed.Differences()) != 0 || len(closed.overrides()) != 0 {
		t.Errorf("with auth: %q, %v, want nothing", closed.Differences(), closed.overrides())
	}
	changed := Options{Auth: true, Environment: map[string]string{"LOG_LEVEL": "DEBUG"}}
	if want := []string{"LOG_LEVEL is DEBUG in the functions' environments."}; !reflect.DeepEqual(changed.Differences(), want) {
		t.Errorf("with an override: %q, want %q", changed.Differences(), want)
	}
}

func TestEnvironmentPointsHere(t *testing.T) {
	c := &Cloud{
		options:   Options{Environment: map[string]string{"LOG_LEVEL": "DEBUG", "OTHERS": "x"}},
		addresses: Addresses{AWS: "http://127.0.0.1:4566"},
		hosts:     []hostMapping{{"https://abc.execute-api.us-east-1.amazonaws.com", "http://127.0.0.1:8080"}},
	}
	declared := map[string]string{
		"CONNECTIONS_ENDPOINT": "https://abc.execute-api.us-east-1.amazonaws.com/ocpp",
		"LOG_LEVEL":            "INFO",
		"MIN_SECURITY_PROFILE": "1",
	}
	got := c.environment(template.Function{Environment: declared})
	want := map[string]string{
		"CONNECTIONS_ENDPOINT": "http://127.0.0.1:8080/ocpp",
		"LOG_LEVEL":            "DEBUG",
		"MIN_SECURITY_PROFILE": "0",
		"AWS_ENDPOINT_URL":     "http://127.0.0.1:4566",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("environment %v, want %v", got, want)
	}
	if declared["LOG_LEVEL"] != "INFO" {
		t.Error("the template's own map was changed")
	}
}

func TestPortInUseSaysWhatToDo(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := taken.Addr().(*net.TCPAddr).Port
	for name, try := range map[string]func() error{
		"listen": func() error { _, err := listen(port, "HTTP API"); return err },
		"free":   func() error { return free(port, "HTTP API") },
	} {
		if err := try(); err == nil || !strings.Contains(err.Error(), `make run ARGS="-port-offset 100"`) || !strings.Contains(err.Error(), "HTTP API") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := free(0, "HTTP API"); err != nil {
		t.Errorf("any free port: %v", err)
	}
}

func TestPermitted(t *testing.T) {
	permissions := []template.Permission{
		{Function: "Connect", Principal: apiGateway, SourceARN: "arn:aws:execute-api:us-east-1:000000000000:abc/*$connect"},
		{Function: "Registry", Principal: iotCore},
	}
	tests := []struct {
		function, principal, source string
		want                        bool
	}{
		{"Connect", apiGateway, "arn:aws:execute-api:us-east-1:000000000000:abc/ocpp/$connect", true},
		{"Connect", apiGateway, "arn:aws:execute-api:us-east-1:000000000000:abc/ocpp/$default", false},
		{"Connect", apiGateway, "arn:aws:execute-api:us-east-1:000000000000:other/ocpp/$connect", false},
		{"Connect", iotCore, "arn:aws:execute-api:us-east-1:000000000000:abc/ocpp/$connect", false},
		{"Message", apiGateway, "arn:aws:execute-api:us-east-1:000000000000:abc/ocpp/$connect", false},
		{"Registry", iotCore, "arn:aws:iot:us-east-1:000000000000:rule/any", true},
	}
	for _, test := range tests {
		if got := permitted(permissions, test.function, test.principal, test.source); got != test.want {
			t.Errorf("permitted(%s, %s, %s) = %t, want %t", test.function, test.principal, test.source, got, test.want)
		}
	}
}

func TestMayDo(t *testing.T) {
	role := iam.Role{Name: "R", Policies: []iam.Policy{{Statements: []iam.Statement{{Effect: "Allow", Action: iam.Patterns{"sqs:SendMessage"}, Resource: iam.Patterns{"q"}}}}}}
	if err := mayDo(role, "sqs:SendMessage", "q"); err != nil {
		t.Error(err)
	}
	if err := mayDo(role, "sqs:ReceiveMessage", "q"); err == nil || !strings.Contains(err.Error(), "R does not allow sqs:ReceiveMessage on q") {
		t.Errorf("error %v", err)
	}
}

func TestRandomPassword(t *testing.T) {
	parameters := map[string]any{"PasswordLength": 64.0, "ExcludePunctuation": true}
	first, err := randomPassword(parameters)
	second, err2 := randomPassword(parameters)
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	if len(first) != 64 || first == second || strings.ContainsAny(first, punctuation) {
		t.Errorf("passwords %q, %q", first, second)
	}
	for _, wrong := range []map[string]any{{"PasswordLength": 0.0}, {"PasswordLength": "64"}, {"RequireEachIncludedType": true}} {
		if _, err := randomPassword(wrong); err == nil {
			t.Errorf("%v was taken", wrong)
		}
	}
}
