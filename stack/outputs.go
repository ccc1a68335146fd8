package main

import "github.com/aws/aws-cdk-go/awscdk/v2"

// addOutputs tells an operator the addresses at the end of a deployment.
func (b *backend) addOutputs() {
	for _, output := range []struct{ id, value, description string }{
		{"WebSocketURL", "wss://" + *b.edgeDomain, "Where charge points connect; each appends a slash and its identity"},
		{"WebSocketStageURL", "wss://" + b.webSocketDomain() + "/" + webSocketStage, "The same without the edge: the identity is the query parameter chargePointId or the Basic-auth user"},
		{"HttpApiUrl", *b.httpURL, "HTTP API of operators and integrators"},
		{"ConsoleUrl", *b.httpURL + "/console", "Where operators open the console in a browser"},
		{"RemoteStartUrl", *b.httpURL + "/remote-start", "POST here to start a transaction"},
		{"RemoteStopUrl", *b.httpURL + "/remote-stop", "POST here to stop a transaction"},
	} {
		b.addOutput(output.id, output.value, output.description)
	}
}

func (b *backend) addOutput(id, value, description string) {
	awscdk.NewCfnOutput(b.stack, &id, &awscdk.CfnOutputProps{Value: &value, Description: &description})
}
