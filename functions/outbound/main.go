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
	dispatcher := dispatcher.New(config, places)
	handler := &Handler{Registry: dispatcher.Registry, Commands: dispatcher.Commands, Dispatcher: dispatcher, Events: dispatcher.Events, Now: invocation.Now}
	invocation.Serve(handler.Handle)
}
