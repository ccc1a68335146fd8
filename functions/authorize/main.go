// Authorize is the Lambda authorizer of $connect: it finds out which charge point connects, whether
// it may, and which version of OCPP it will speak.
package main

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/iot"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/invocation"
	"github.com/serverless-ocpp/backend/shared/iotcore"
	"github.com/serverless-ocpp/backend/shared/settings"
)

func main() {
	settings.Logs()
	env := settings.FromEnvironment()
	table := env.Required("CHARGE_POINT_TABLE")
	handler := &Handler{
		Trust:               trust{EdgeSecrets: []string{env.Required("EDGE_SECRET"), env.Optional("FORMER_EDGE_SECRET")}, ClientCertificates: env.OneOf("CLIENT_CERTIFICATES", "none", "none", "optional", "required") != "none"},
		MinSecurityProfile:  env.Integer("MIN_SECURITY_PROFILE", 1, 0, 3),
		RegistrationDefault: chargepoint.Registration(env.OneOf("REGISTRATION_DEFAULT", "Accepted", "Accepted", "Pending", "Rejected")),
		Now:                 invocation.Now,
	}
	aws, err := env.AWS(context.Background())
	if err != nil {
		settings.Exit(err)
	}
	chargePoints := dynamo.NewChargePoints(dynamodb.NewFromConfig(aws), table)
	handler.Registry, handler.Keys = chargePoints, chargePoints
	handler.Things = iotcore.NewThings(iot.NewFromConfig(aws))
	invocation.Serve(handler.Handle)
}
