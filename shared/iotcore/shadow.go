package iotcore

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/aws/smithy-go/encoding/httpbinding"

	"github.com/serverless-ocpp/backend/shared/awsfault"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/signed"
)

// Shadow is the classic (unnamed) shadow of each charge point's Thing: at most 8 KB, 20 requests/s.
type Shadow struct{ api *signed.Client }

// NewShadow takes a client of the IoT data plane.
func NewShadow(api *iotdataplane.Client) *Shadow { return &Shadow{dataPlane(api)} }

// document is the part of a shadow that is used: {"state":{"reported":{…}},"version":7}.
type document struct {
	State struct {
		Reported json.RawMessage `json:"reported,omitempty"`
	} `json:"state"`
	Version int64 `json:"version,omitempty"`
}

// Get returns the reported state, a JSON object or nil, and the version of the shadow. A charge point
// without a shadow has nil and version 0, and is no error.
func (s *Shadow) Get(ctx context.Context, chargePointID string) (reported json.RawMessage, version int64, err error) {
	answer, err := s.api.Do(ctx, signed.Call{Operation: "GetThingShadow", Method: http.MethodGet, Path: shadowOf(chargePointID)})
	if signed.Code(err) == "ResourceNotFoundException" {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, awsfault.Wrap(err, "the shadow of charge point %s cannot be read", chargePointID)
	}
	var shadow document
	if err := json.Unmarshal(answer, &shadow); err != nil {
		return nil, 0, fault.Wrap(fault.Internal, err, "the shadow of charge point %s is no shadow document", chargePointID)
	}
	return shadow.State.Reported, shadow.Version, nil
}

// Update merges a JSON object into the reported state: a field with null is removed. The version is the
// one that was read; fault.Conflict if the shadow has another by now: read it again. Version 0 goes
// with a shadow that does not exist yet, and is merged unchecked. fault.Invalid if AWS IoT
// refuses the document: it is larger than 8 KB, or nested deeper than 8 levels.
func (s *Shadow) Update(ctx context.Context, chargePointID string, reported json.RawMessage, version int64) error {
	shadow := document{Version: version}
	shadow.State.Reported = reported
	payload, err := json.Marshal(shadow)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "the new shadow of charge point %s is no JSON", chargePointID)
	}
	_, err = s.api.Do(ctx, signed.Call{
		Operation: "UpdateThingShadow", Method: http.MethodPost, Path: shadowOf(chargePointID), Header: payloadHeader, Body: payload,
	})
	if err == nil {
		return nil
	}
	switch signed.Code(err) {
	case "ConflictException":
		return fault.Wrap(fault.Conflict, err, "the shadow of charge point %s is not at version %d any more", chargePointID, version)
	case "RequestEntityTooLargeException", "InvalidRequestException":
		return fault.Wrap(fault.Invalid, err, "AWS IoT refuses %d bytes as the shadow of charge point %s", len(payload), chargePointID)
	}
	return awsfault.Wrap(err, "the shadow of charge point %s cannot be written", chargePointID)
}

func shadowOf(chargePointID string) string {
	return "/things/" + httpbinding.EscapePath(chargePointID, true) + "/shadow"
}
