// Command stack is the CDK app of the OCPP backend: one stack of API Gateway, Lambda, DynamoDB, SQS, IoT
// Core and CloudFront, without a server. `npx cdk deploy` runs it by way of cdk.json.
//
// What an operator may choose stands in properties.go, what each function may do in grants.go, and the
// way of a message through the resources in websocket.go, functions.go and iot.go.
package main

import (
	"fmt"
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
)

func main() {
	status := 0
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "cannot build the stack:", err)
		status = 1
	}
	jsii.Close()
	os.Exit(status)
}

func run() error {
	app := awscdk.NewApp(nil)
	properties, err := readProperties(contextOf(app), os.Getenv)
	if err != nil {
		return err
	}
	if _, err := newBackend(app, properties); err != nil {
		return err
	}
	app.Synth(nil)
	return nil
}

// contextOf looks context values up in an app: those of --context on the command line and of cdk.json.
func contextOf(app awscdk.App) func(key string) any {
	return func(key string) any { return app.Node().TryGetContext(jsii.String(key)) }
}
