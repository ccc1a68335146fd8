// OCPPMessageProcessor applies the journal of messages to the tables, the device shadow and the mirror topics, and
// tells integrators what happened.
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
	at := placesOf(env)
	dispatch := dispatcher.PlacesOf(env)
	aws, err := env.AWS(context.Background())
	if err != nil {
		settings.Exit(err)
	}
	invocation.Serve(build(aws, at, dispatch).Handle)
}
