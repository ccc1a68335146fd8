package iotcore

import (
	"context"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"

	"github.com/serverless-ocpp/backend/shared/signed"
)

// dataPlane makes the calls that go with every message itself, for what they cost, with what a client was made with.
func dataPlane(api *iotdataplane.Client) *signed.Client {
	o := api.Options()
	config := aws.Config{Region: o.Region, Credentials: o.Credentials, HTTPClient: o.HTTPClient, Retryer: func() aws.Retryer { return o.Retryer }}
	return signed.New(config, signed.Service{ID: iotdataplane.ServiceID, SigningName: "iotdata"}, func() (string, error) {
		found, err := o.EndpointResolverV2.ResolveEndpoint(context.Background(), iotdataplane.EndpointParameters{
			Region: &o.Region, Endpoint: o.BaseEndpoint,
			UseFIPS:      new(o.EndpointOptions.UseFIPSEndpoint == aws.FIPSEndpointStateEnabled),
			UseDualStack: new(o.EndpointOptions.UseDualStackEndpoint == aws.DualStackEndpointStateEnabled),
		})
		return found.URI.String(), err
	})
}

var payloadHeader = http.Header{"Content-Type": {"application/octet-stream"}}
