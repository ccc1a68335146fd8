// Message answers what charge points send, once it is safe: in the journal, or readings in their table.
package main

import (
	"context"

	"github.com/serverless-ocpp/backend/shared/invocation"
	"github.com/serverless-ocpp/backend/shared/settings"
)

func main() {
	settings.Logs()
	env := settings.FromEnvironment()
	handler, at := handlerOf(env), placesOf(env)
	aws, err := env.AWS(context.Background())
	if err != nil {
		settings.Exit(err)
	}
	handler.connect(aws, at)
	invocation.Serve(handler.Handle)
}
