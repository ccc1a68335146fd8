// Package signer has certificate requests of charge points signed by a Lambda function that the operator
// provides: the key of the operator's certificate authority stays in its hands.
package signer

import (
	"context"
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/serverless-ocpp/backend/shared/awsfault"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// Request is the event that the signing function gets.
type Request struct {
	ChargePointID   string `json:"chargePointId"`
	CSR             string `json:"csr"`                       // PEM, as the charge point sent it
	CertificateType string `json:"certificateType,omitempty"` // 2.x: ChargingStationCertificate, V2GCertificate …; none is the former
	RequestID       *int   `json:"requestId,omitempty"`       // 2.1
}

// Function is the signing function.
type Function struct {
	api  *lambda.Client
	name string
}

// New takes a client and the name or ARN of the signing function; "" is none.
func New(api *lambda.Client, function string) *Function { return &Function{api: api, name: function} }

// Sign returns the certificate chain, PEM, beginning with the charge point's own. The function answers
// {"certificateChain": "…"}. fault.NotFound if there is no signing function; fault.Invalid if it answers
// anything else, or fails.
func (f *Function) Sign(ctx context.Context, request Request) (string, error) {
	if f.name == "" {
		return "", fault.New(fault.NotFound, "the stack has no certificateSigner")
	}
	event, err := json.Marshal(request)
	if err != nil {
		return "", err
	}
	answer, err := f.api.Invoke(ctx, &lambda.InvokeInput{FunctionName: &f.name, Payload: event})
	if err != nil {
		return "", awsfault.Wrap(err, "the certificate signer %s cannot be invoked", f.name)
	}
	if answer.FunctionError != nil {
		return "", fault.New(fault.Invalid, "the certificate signer %s failed for charge point %s (%s): see its log", f.name, request.ChargePointID, *answer.FunctionError)
	}
	var signed struct {
		CertificateChain string `json:"certificateChain"`
	}
	if err := json.Unmarshal(answer.Payload, &signed); err != nil || signed.CertificateChain == "" {
		return "", fault.New(fault.Invalid, "the certificate signer %s answered without a certificateChain for charge point %s", f.name, request.ChargePointID)
	}
	return signed.CertificateChain, nil
}
