package main

import (
	"encoding/json"
	"log"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"
)

// testFolder holds the dummy builds and the cloud assemblies of all tests, because synthesized stacks are
// shared by tests: the kernel of the CDK is one process, and a synthesis takes seconds.
var testFolder string

func TestMain(m *testing.M) {
	var err error
	if testFolder, err = os.MkdirTemp("", "stack"); err != nil {
		log.Fatal(err)
	}
	code := m.Run()
	jsii.Close()
	if err := os.RemoveAll(testFolder); err != nil {
		log.Print(err)
	}
	os.Exit(code)
}

// synthesized is a stack and the template that became of it.
type synthesized struct {
	*backend
	template template
}

// byDefault is the stack without any context value, checked by cdk-nag.
var byDefault = sync.OnceValue(func() synthesized { return synthesize(nil, nil) })

// other is a stack that differs from the default in every property that changes the template.
var other = sync.OnceValue(func() synthesized {
	return synthesize(map[string]any{
		"stackName":           "Other-Stack",
		"architecture":        "X86_64",
		"minSecurityProfile":  "3",
		"registrationDefault": "Pending",
		"unknownIdTokens":     "Accepted",
		"heartbeatInterval":   480.0, // a number, as cdk.json gives it
		"journalHeartbeats":   true,
		"dataTransferVendors": "com.example, org.example", "certificateSigner": "arn:aws:lambda:eu-west-1:123456789012:function:sign",
		"validation":     "strict",
		"events":         "false",
		"mirror":         "false",
		"messageLog":     false,
		"messageLogDays": "30", "edgeSecretVersion": "4",
		"domainName": "ocpp.example.com", "certificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1-2", "hostedZoneId": "Z0123456789",
		"clientCertificates": "required", "clientAuthorities": "s3://depot/authorities/ocpp.pem",
		"webSocketRequestsPerSecond": "500", "httpRequestsPerSecond": 50.0,
		"httpApiJwtIssuer": "https://login.example.com/pool", "httpApiJwtAudience": "depot, fleet", "corsOrigins": "https://console.example.com",
		"webAclArn": "arn:aws:wafv2:us-east-1:123456789012:global/webacl/Depot/1a2b", "webSocketAccessLog": "true",
		"consoleClientId": "console", "consoleScopes": "openid,ocpp/read",
		"memory": "512", "timeout": "29", "tracing": "false", "canary": "false", "alarmEmail": "watch@example.com", "terminationProtection": "true",
		"logLevel":         "DEBUG",
		"logRetentionDays": "7",
		"keepTables":       "false",
	}, map[string]string{"CDK_DEPLOY_ACCOUNT": "123456789012", "CDK_DEPLOY_REGION": "eu-central-1"})
})

// synthesize panics on an error, because it runs once for many tests.
func synthesize(context map[string]any, environment map[string]string) synthesized {
	properties, err := readProperties(func(key string) any { return context[key] }, func(key string) string { return environment[key] })
	if err != nil {
		panic(err)
	}
	properties.BuildFolder = dummyBuild(properties.Architecture)
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: jsii.String(filepath.Join(testFolder, properties.StackName))})
	b, err := newBackend(app, properties)
	if err != nil {
		panic(err)
	}
	awscdk.Aspects_Of(app).Add(cdknag.NewAwsSolutionsChecks(&cdknag.NagPackProps{Verbose: jsii.Bool(true)}), nil)

	// Through JSON text, because the kernel of the CDK hands over its own types.
	text, err := json.Marshal(assertions.Template_FromStack(b.stack, nil).ToJSON())
	if err != nil {
		panic(err)
	}
	var t template
	if err := json.Unmarshal(text, &t); err != nil {
		panic(err)
	}
	return synthesized{b, t}
}

// dummyBuild makes a bootstrap for every function. Its contents end only in asset hashes.
func dummyBuild(built architecture) string {
	folder := filepath.Join(testFolder, "build")
	for _, f := range functions {
		code := codeFolder(Properties{BuildFolder: folder, Architecture: built}, f)
		if err := os.MkdirAll(code, 0o755); err != nil {
			panic(err)
		}
		if err := os.WriteFile(filepath.Join(code, "bootstrap"), []byte(f.folder), 0o755); err != nil {
			panic(err)
		}
	}
	return folder
}

// template is a CloudFormation template as JSON has it.
type template map[string]any

type templateResource struct {
	kind       string // such as AWS::Lambda::Function
	properties map[string]any
	attributes map[string]any // what stands beside the properties, such as DeletionPolicy
}

// resources are all resources by logical id. Their maps are the template's own.
func (t template) resources() map[string]templateResource {
	found := make(map[string]templateResource)
	for id, value := range t["Resources"].(map[string]any) {
		attributes := value.(map[string]any)
		properties, _ := attributes["Properties"].(map[string]any) // some resources have none
		found[id] = templateResource{attributes["Type"].(string), properties, attributes}
	}
	return found
}

// ofType are the resources of one type, by logical id.
func (t template) ofType(name string) map[string]templateResource {
	found := make(map[string]templateResource)
	for id, r := range t.resources() {
		if r.kind == name {
			found[id] = r
		}
	}
	return found
}

// function is the Lambda function of a folder.
func (t template) function(test *testing.T, folder string) map[string]any {
	test.Helper()
	for _, r := range t.ofType("AWS::Lambda::Function") {
		if r.properties["Handler"] == folder {
			return r.properties
		}
	}
	test.Fatalf("the template has no function with the handler %s", folder)
	return nil
}

// indented is JSON as the snapshot has it, and as failures show it.
func indented(value any) string {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // <, > and & of the JavaScript stay readable
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		panic(err) // the value came out of JSON
	}
	return text.String()
}
