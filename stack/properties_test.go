package main

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func read(t *testing.T, context map[string]any) (Properties, error) {
	t.Helper()
	return readProperties(func(key string) any { return context[key] }, func(string) string { return "" })
}

func TestPropertiesByDefault(t *testing.T) {
	got, err := read(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := Properties{
		StackName: "AwsOcppGatewayStack", Architecture: arm64, MinSecurityProfile: 1, RegistrationDefault: "Accepted",
		UnknownIDTokens: "Invalid", HeartbeatInterval: 5 * time.Minute, Validation: "tolerant",
		Events: true, Mirror: true, MessageLog: true, MessageLogDays: 7, Canary: true, LogLevel: "INFO", LogRetentionDays: 30,
		KeepTables: true, BuildFolder: "build",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestPropertiesFromContext(t *testing.T) {
	got, err := readProperties(func(key string) any {
		return map[string]any{
			"stackName": "Depot-2", "architecture": "X86_64", "minSecurityProfile": 0.0, "registrationDefault": "Rejected",
			"unknownIdTokens": "Accepted", "heartbeatInterval": "540", "journalHeartbeats": true, "logLevel": "ERROR",
			"dataTransferVendors": " com.example , org.example", "validation": "strict", "messageLogDays": 365.0,
			"logRetentionDays": 3653.0, "keepTables": false,
		}[key]
	}, func(key string) string {
		return map[string]string{"CDK_DEPLOY_ACCOUNT": "123456789012", "CDK_DEPLOY_REGION": "eu-west-1"}[key]
	})
	if err != nil {
		t.Fatal(err)
	}
	want := Properties{
		StackName: "Depot-2", Account: "123456789012", Region: "eu-west-1", Architecture: amd64, MinSecurityProfile: 0,
		RegistrationDefault: "Rejected", UnknownIDTokens: "Accepted", HeartbeatInterval: 9 * time.Minute, JournalHeartbeats: true,
		DataTransferVendors: []string{"com.example", "org.example"}, Validation: "strict",
		Events: true, Mirror: true, MessageLog: true, MessageLogDays: 365, Canary: true, LogLevel: "ERROR", LogRetentionDays: 3653, KeepTables: false, BuildFolder: "build",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// Specification: OCPP-J 1.6 section 5.3; G02.FR.07.
func TestPropertiesThatMakeNoSense(t *testing.T) {
	for _, test := range []struct {
		key   string
		value any
		want  string
	}{
		{"stackName", "2nd", `context value stackName is "2nd", but must be letters, digits and hyphens, beginning with a letter, at most 40 characters`},
		{"stackName", "Under_score", `"Under_score"`},
		{"stackName", strings.Repeat("x", 41), "at most 40 characters"},
		{"stackName", "", `stackName is ""`},
		{"architecture", "riscv", `context value architecture is "riscv", but must be arm64 or x86_64`},
		{"minSecurityProfile", "4", `context value minSecurityProfile is "4", but must be a whole number from 0 to 3`},
		{"minSecurityProfile", -1.0, `"-1"`},
		{"minSecurityProfile", 1.5, `"1.5"`},
		{"minSecurityProfile", "none", `"none"`},
		{"registrationDefault", "accepted", `context value registrationDefault is "accepted", but must be Accepted, Pending or Rejected`},
		{"unknownIdTokens", "Blocked", `context value unknownIdTokens is "Blocked", but must be Accepted or Invalid`},
		{"heartbeatInterval", "600", `context value heartbeatInterval is "600", but must be a whole number from 240 to 540`},
		{"heartbeatInterval", "239", `"239"`},
		{"heartbeatInterval", "5m", `"5m"`},
		{"journalHeartbeats", "yes", `context value journalHeartbeats is "yes", but must be true or false`},
		{"dataTransferVendors", "com.example,", `context value dataTransferVendors is "com.example,", but must be vendor ids with commas between them`},
		{"dataTransferVendors", "a/b", `"a/b"`},
		{"certificateSigner", "sign", `context value certificateSigner is "sign", but must be the ARN of a Lambda function`},
		{"dataTransferVendors", "a,#", `"a,#"`},
		{"dataTransferVendors", "+", `"+"`},
		{"dataTransferVendors", strings.Repeat("é", 102), "1 to 202 bytes"},
		{"validation", "Strict", `context value validation is "Strict", but must be tolerant or strict`},
		{"events", "on", `context value events is "on", but must be true or false`},
		{"mirror", 0.0, `"0"`},
		{"messageLog", "", `messageLog is ""`},
		{"messageLogDays", "0", `context value messageLogDays is "0", but must be a whole number from 1 to 365`},
		{"messageLogDays", "366", `"366"`},
		{"canary", "sometimes", `"sometimes"`},
		{"logLevel", "TRACE", `context value logLevel is "TRACE", but must be DEBUG, INFO, WARN or ERROR`},
		{"logRetentionDays", "31", `context value logRetentionDays is "31", but must be 1, 3, 7, 14, 30, 60, 90, 180, 365, 731, 1827 or 3653`},
		{"keepTables", "retain", `context value keepTables is "retain", but must be true or false`},
	} {
		_, err := read(t, map[string]any{test.key: test.value})
		if err == nil {
			t.Errorf("%s=%v is accepted", test.key, test.value)
			continue
		}
		if got := err.Error(); !strings.Contains(got, test.want) || strings.Contains(got, "\n") {
			t.Errorf("%s=%v is refused with %q, want one line with %q", test.key, test.value, got, test.want)
		}
	}
}
