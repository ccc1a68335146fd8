package footprint

import (
	"fmt"
	"os"

	"github.com/serverless-ocpp/backend/local/cloud"
	"github.com/serverless-ocpp/backend/local/template"
)

// environmentsOf are the variables of each function, by its folder, with every endpoint at services.
func environmentsOf(options Options, services string) (map[string][]string, error) {
	document, err := os.ReadFile(options.Template)
	if err != nil {
		return nil, err
	}
	parsed, err := template.Parse(document, template.Options{
		StackName: cloud.Options{Template: options.Template}.StackName(), Region: cloud.Region, AccountID: cloud.Account, QueueEndpoint: services,
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
	environments := map[string][]string{}
	for _, function := range functions {
		environment := []string{
			"AWS_REGION=" + cloud.Region, "AWS_ACCESS_KEY_ID=a", "AWS_SECRET_ACCESS_KEY=b", "AWS_ENDPOINT_URL=" + services,
			"AWS_LAMBDA_FUNCTION_NAME=" + function.Name, fmt.Sprintf("AWS_LAMBDA_FUNCTION_MEMORY_SIZE=%d", function.MemoryMB),
		}
		for name, value := range function.Environment {
			if name == "CONNECTIONS_ENDPOINT" {
				value = services + "/ocpp"
			}
			environment = append(environment, name+"="+value)
		}
		environments[function.Handler] = environment
	}
	return environments, nil
}
