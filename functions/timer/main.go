package main

import (
	"context"

	"github.com/serverless-ocpp/backend/shared/dispatcher"
	"github.com/serverless-ocpp/backend/shared/invocation"
	"github.com/serverless-ocpp/backend/shared/settings"
)

func main() {
	settings.Logs()
	env := settings.FromEnvironment()
	places := dispatcher.PlacesOf(env)
	config, err := env.AWS(context.Background())
	if err != nil {
		settings.Exit(err)
	}
	handler := &Handler{Dispatcher: dispatcher.New(config, places)}
	invocation.Serve(handler.Handle)
}
