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
		Events: true, Mirror: true, MessageLog: true, MessageLogDays: 7, EdgeSecretVersion: 1, Domain: Domain{ClientCertificates: "none"}, Console: Console{Scopes: defaultScopes}, Memory: 256, Timeout: 20, Tracing: true, Canary: true, Alarms: true,
		LogLevel: "INFO", LogRetentionDays: 30,
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
			"unknownIdTokens": "Accepted", "heartbeatInterval": "540", "journalHeartbeats": true, "journalReadings": "true", "logLevel": "ERROR",
			"dataTransferVendors": " com.example , org.example", "validation": "strict", "messageLogDays": 365.0, "edgeSecretVersion": "3",
			"domainName": "ocpp.example.com", "certificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1-2",
			"clientCertificates": "optional", "clientAuthorities": "s3://depot/ocpp.pem",
			"httpApiJwtIssuer": "https://login.example.com", "httpApiJwtAudience": "a,b", "corsOrigins": "https://a.example.com, http://localhost:3000",
			"consoleClientId": "console", "consoleScopes": "openid,ocpp/read",
			"httpRequestsPerSecond": "10", "webSocketRequestsPerSecond": 100.0, "memory": "128", "timeout": 29.0, "tracing": "false",
			"alarmEmail": "watch@example.com", "terminationProtection": true,
			"webAclArn": "arn:aws:wafv2:us-east-1:123456789012:global/webacl/Depot/1a2b", "webSocketAccessLog": true,
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
		RegistrationDefault: "Rejected", UnknownIDTokens: "Accepted", HeartbeatInterval: 9 * time.Minute, JournalHeartbeats: true, JournalReadings: true,
		DataTransferVendors: []string{"com.example", "org.example"}, Validation: "strict",
		Events: true, Mirror: true, MessageLog: true, MessageLogDays: 365, EdgeSecretVersion: 3,
		Domain:  Domain{"ocpp.example.com", "arn:aws:acm:us-east-1:123456789012:certificate/1-2", "", "optional", "s3://depot/ocpp.pem"},
		HTTP:    HTTP{"https://login.example.com", []string{"a", "b"}, []string{"https://a.example.com", "http://localhost:3000"}, 10},
		Console: Console{"console", "openid,ocpp/read"},
		WebACL:  "arn:aws:wafv2:us-east-1:123456789012:global/webacl/Depot/1a2b", WebSocketAccessLog: true,
		WebSocketRequestsPerSecond: 100, Memory: 128, Timeout: 29, Canary: true, Alarms: true, AlarmEmail: "watch@example.com", TerminationProtection: true,
		LogLevel: "ERROR", LogRetentionDays: 3653, KeepTables: false, BuildFolder: "build",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// Specification: OCPP-J 1.6 section 5.3; G02.FR.07.
func TestPropertiesThatMakeNoSense(t *testing.T) {
	untried := make(map[string]bool)
	if _, err := readProperties(func(key string) any { untried[key] = true; return nil }, func(string) string { return "" }); err != nil {
		t.Fatal(err)
	}
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
		{"journalReadings", "no", `context value journalReadings is "no", but must be true or false`},
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
		{"edgeSecretVersion", "0", `but must be a whole number from 1 to 1000000`},
		{"canary", "sometimes", `"sometimes"`},
		{"domainName", "OCPP", `context value domainName is "OCPP", but must be a host name in lower case`},
		{"domainName", "ocpp.example.com", `but must be given together with certificateArn, unless hostedZoneId is given and CDK_DEPLOY_REGION is us-east-1`},
		{"certificateArn", "arn:aws:acm:eu-west-1:123456789012:certificate/1", `a certificate of ACM in us-east-1`},
		{"certificateArn", "arn:aws:acm:us-east-1:123456789012:certificate/1", `but must be left out where domainName is not given`},
		{"hostedZoneId", "example.com", `but must be the id of a hosted zone of Route 53`},
		{"hostedZoneId", "Z123", `but must be left out where domainName is not given`},
		{"clientCertificates", "yes", `but must be none, optional or required`},
		{"clientCertificates", "optional", `but must be none where clientAuthorities is not given`},
		{"clientAuthorities", "bucket/key", `but must be s3://<bucket>/<key>`},
		{"clientAuthorities", "s3://bucket/key", `but must be left out where domainName is not given`},
		{"minSecurityProfile", "3", `but must be at most 2 where clientCertificates is none: profile 3 asks for a certificate`},
		{"httpApiJwtIssuer", "http://login.example.com", `but must be the URL of an issuer, beginning with https://`},
		{"httpApiJwtIssuer", "https://login.example.com", `but must be left out where httpApiJwtAudience is not given`},
		{"httpApiJwtAudience", "a", `but must be left out where httpApiJwtIssuer is not given`},
		{"consoleClientId", "a b", `but must be an id of a client, without spaces and commas`},
		{"consoleClientId", "console", `but must be left out where httpApiJwtIssuer is not given`},
		{"consoleScopes", "openid ocpp/read", `but must be scopes with commas between them`},
		{"webAclArn", "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/Depot/1a2b", `but must be the ARN of a web ACL of AWS WAF for CloudFront, in us-east-1`},
		{"webSocketAccessLog", "json", `"json"`},
		{"corsOrigins", "*", `but must be origins such as https://console.example.com, with commas between them`},
		{"corsOrigins", "https://a.example.com/", `"https://a.example.com/"`},
		{"httpRequestsPerSecond", "-1", `"-1"`},
		{"webSocketRequestsPerSecond", "many", `but must be a whole number from 0 to 1000000`},
		{"memory", "127", `but must be a whole number from 128 to 10240`},
		{"timeout", "30", `but must be a whole number from 10 to 29`},
		{"tracing", "some", `"some"`},
		{"alarms", "loud", `"loud"`},
		{"alarmEmail", "nobody", `but must be an e-mail address`},
		{"terminationProtection", "", `terminationProtection is ""`},
		{"logLevel", "TRACE", `context value logLevel is "TRACE", but must be DEBUG, INFO, WARN or ERROR`},
		{"logRetentionDays", "31", `context value logRetentionDays is "31", but must be 1, 3, 7, 14, 30, 60, 90, 180, 365, 731, 1827 or 3653`},
		{"keepTables", "retain", `context value keepTables is "retain", but must be true or false`},
	} {
		delete(untried, test.key)
		_, err := read(t, map[string]any{test.key: test.value})
		if err == nil {
			t.Errorf("%s=%v is accepted", test.key, test.value)
			continue
		}
		if got := err.Error(); !strings.Contains(got, test.want) || strings.Contains(got, "\n") {
			t.Errorf("%s=%v is refused with %q, want one line with %q", test.key, test.value, got, test.want)
		}
	}
	for key := range untried {
		t.Errorf("no nonsense is tried for %s", key)
	}
}
