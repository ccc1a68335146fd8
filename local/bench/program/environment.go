package program

import (
	"fmt"
	"os"

	"github.com/serverless-ocpp/backend/local/cloud"
	"github.com/serverless-ocpp/backend/local/template"
)

// environments are the variables of each function of a synthesized template, by its folder, with every endpoint at services.
func environments(file, services string) (map[string][]string, error) {
	document, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	parsed, err := template.Parse(document, template.Options{
		StackName: cloud.Options{Template: file}.StackName(), Region: cloud.Region, AccountID: cloud.Account, QueueEndpoint: "http://" + services,
	})
	if err != nil {
		return nil, err
	}
	calls, err := parsed.CustomCalls()
	if err != nil {
		return nil, err
	}
	for _, call := range calls {
		parsed.Supply(call.LogicalID, map[string]string{"RandomPassword": "secret"}) // the one that the edge's secret is of
	}
	functions, err := parsed.Functions()
	if err != nil {
		return nil, err
	}
	all := make(map[string][]string, len(functions))
	for _, function := range functions {
		all[function.Handler] = environmentOf(function, services)
	}
	return all, nil
}

// others are the variables that have another value here than the template says, in functions that have them.
func others(services string) map[string]string {
	return map[string]string{
		"CONNECTIONS_ENDPOINT": "http://" + services + "/ocpp",
		"WEBSOCKET_URL":        "ws://" + services,
		"MIN_SECURITY_PROFILE": "0", // no key is needed
	}
}

func environmentOf(function template.Function, services string) []string {
	environment := []string{
		"AWS_REGION=" + cloud.Region, "AWS_ACCESS_KEY_ID=a", "AWS_SECRET_ACCESS_KEY=b", "AWS_ENDPOINT_URL=http://" + services,
		"AWS_LAMBDA_FUNCTION_NAME=" + function.Name, fmt.Sprintf("AWS_LAMBDA_FUNCTION_MEMORY_SIZE=%d", function.MemoryMB),
	}
	other := others(services)
	for name, value := range function.Environment {
		if here, differs := other[name]; differs {
			value = here
		}
		environment = append(environment, name+"="+value)
	}
	return environment
}
