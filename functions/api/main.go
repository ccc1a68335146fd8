package main

import (
	"context"

	"github.com/serverless-ocpp/backend/shared/invocation"
	"github.com/serverless-ocpp/backend/shared/settings"
)

func main() {
	settings.Logs()
	env := settings.FromEnvironment()
	config, err := env.AWS(context.Background())
	if err != nil {
		settings.Exit(err)
	}
	api := build(env, config)
	if err := env.Err(); err != nil {
		settings.Exit(err)
	}
	invocation.Serve(behindGateway(api.Handler()))
}
