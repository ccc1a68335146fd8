package memory

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/serverless-ocpp/backend/local/cloud"
	"github.com/serverless-ocpp/backend/local/template"
)

const (
	region  = cloud.Region
	account = cloud.Account
)

// environmentsOf are the variables of each function of the committed template, by its folder, with every endpoint at services.
func environmentsOf(root, services string) (map[string]map[string]string, error) {
	file := filepath.Join(root, "stack", "testdata", "AwsOcppGatewayStack.template.json")
	document, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("the binaries are not in build/ of the repository, beside which the template is looked for: %w", err)
	}
	stack := cloud.Options{Template: file}.StackName()
	parsed, err := template.Parse(document, template.Options{StackName: stack, Region: region, AccountID: account, QueueEndpoint: services})
	if err != nil {
		return nil, err
	}
	calls, err := parsed.CustomCalls()
	if err != nil {
		return nil, err
	}
	for _, call := range calls {
		parsed.Supply(call.LogicalID, map[string]string{"RandomPassword": "secret"}) // of which the edge's secret is made
	}
	functions, err := parsed.Functions()
	if err != nil {
		return nil, err
	}
	environments := make(map[string]map[string]string, len(functions))
	for _, function := range functions {
		environment := function.Environment
		environment["AWS_ENDPOINT_URL"] = services
		if _, has := environment["CONNECTIONS_ENDPOINT"]; has {
			environment["CONNECTIONS_ENDPOINT"] = services + "/ocpp"
		}
		environment["MIN_SECURITY_PROFILE"] = "0" // no key needed; a function without the variable does not read it
		environments[function.Handler] = environment
	}
	return environments, nil
}
