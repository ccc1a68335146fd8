package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
	"github.com/serverless-ocpp/backend/shared/fault"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(dynamotest.Run(m))
}

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// registered is the IoT registry: the Things that exist, and an error for when it fails.
type registered struct {
	names map[string]bool
	err   error
}

func (r *registered) Describe(_ context.Context, name string) (chargepoint.Thing, error) {
	switch {
	case r.err != nil:
		return chargepoint.Thing{}, r.err
	case !r.names[name]:
		return chargepoint.Thing{}, fault.New(fault.NotFound, "no Thing %s", name)
	}
	return chargepoint.Thing{Name: name, ID: "id of " + name, Version: 1}, nil
}

func newHandler(t *testing.T) (*Handler, *dynamo.ChargePoints, *registered) {
	chargePoints := dynamo.NewChargePoints(dynamotest.Client(), dynamotest.Table(t, "ChargePointTable"))
	things := &registered{names: map[string]bool{"CP001": true}}
	return &Handler{
		Registry: chargePoints, Keys: chargePoints, Things: things, Trust: trust{EdgeSecrets: []string{"secret"}}, RegistrationDefault: chargepoint.Accepted,
		Now: func() time.Time { return now },
	}, chargePoints, things
}

// connect is the sample event, changed to an identity, a key and subprotocols.
func connect(t *testing.T, id, password, protocols string) events.APIGatewayCustomAuthorizerRequestTypeRequest {
	t.Helper()
	sample, err := os.ReadFile(filepath.Join("..", "..", "events", "authorize.json"))
	if err != nil {
		t.Fatal(err)
	}
	var event events.APIGatewayCustomAuthorizerRequestTypeRequest
	if err := json.Unmarshal(sample, &event); err != nil {
		t.Fatal(err)
	}
	event.QueryStringParameters, event.MultiValueQueryStringParameters = map[string]string{"chargePointId": id}, nil
	event.Headers = map[string]string{}
	event.MultiValueHeaders = map[string][]string{"Sec-WebSocket-Protocol": {protocols}}
	if password != "" {
		event.Headers["Authorization"] = basic(id, password)
	}
	return event
}

func find(t *testing.T, h *Handler, event events.APIGatewayCustomAuthorizerRequestTypeRequest) map[string]any {
	t.Helper()
	response, err := h.Handle(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	statement := response.PolicyDocument.Statement[0]
	if statement.Effect != "Allow" || statement.Resource[0] != event.MethodArn || response.PrincipalID == "" {
		t.Errorf("the policy must let $connect run: %+v", response)
	}
	for key, value := range response.Context {
		if _, isText := value.(string); !isText {
			t.Errorf("context %s is a %T", key, value)
		}
	}
	return response.Context
}

// Specification: OCPP-J 1.6 section 5.4; OCPP 2.0.1 part 4 section 5.3.
func TestUnknownRowIsMadeFromTheThing(t *testing.T) {
	h, chargePoints, _ := newHandler(t)
	found := find(t, h, connect(t, "CP001", "", "ocpp2.0.1, ocpp1.6"))
	if found["status"] != "101" || found["protocol"] != "ocpp2.0.1" || found["accepted"] != "false" || found["chargePointId"] != "CP001" {
		t.Errorf("finding %v", found)
	}
	cp, err := chargePoints.Get(t.Context(), "CP001")
	if err != nil || cp.ThingID != "id of CP001" || cp.Registration != chargepoint.Accepted {
		t.Errorf("row %+v %v", cp, err)
	}
	if _, err := chargePoints.Boot(t.Context(), "CP001", now); err != nil {
		t.Fatal(err)
	}
	if found := find(t, h, connect(t, "CP001", "", "ocpp1.6")); found["accepted"] != "true" {
		t.Errorf("an accepted charge point that reconnects: %v", found)
	}
}

// Specification: OCPP-J 1.6 section 3.2; OCPP 2.0.1 part 4 section 3.2; certification cases TC_088_CSMS;
// TC_B_58_CSMS; A00.FR.002.
func TestRefusals(t *testing.T) {
	h, chargePoints, things := newHandler(t)
	things.names["KEYED"] = true
	things.names["STRICT"] = true
	key := chargepoint.NewKey()
	find(t, h, connect(t, "KEYED", "", "ocpp1.6"))
	if err := chargePoints.SetCredential(t.Context(), "KEYED", chargepoint.Hash(key)); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, id, password, protocols string
		minProfile                    int
		want, says                    string
	}{
		{"no Thing", "CP404", "", "ocpp1.6", 0, "404", "Charge Point CP404 not registered as an IoT Thing"},
		{"a name that no Thing has", "CP 1", "", "ocpp1.6", 0, "404", "not registered as an IoT Thing"},
		{"wrong key", "KEYED", "guess-me", "ocpp1.6", 0, "401", "wrong key"},
		{"no key", "KEYED", "", "ocpp1.6", 0, "401", "no key"},
		{"right key", "KEYED", key, "ocpp1.6", 1, "101", ""},
		{"has none, but needs one", "CP001", "any", "ocpp1.6", 1, "401", "POST /charge-points/CP001/key"},
		{"needs a certificate", "KEYED", key, "ocpp1.6", 3, "401", "client certificate"},
		{"no common version", "CP001", "", "ocpp1.5", 0, "400", "Protocols Mismatched | Expected Subprotocols: ocpp1.6, ocpp2.0.1, ocpp2.1, but client supports ocpp1.5"},
		{"no version", "CP001", "", "", 0, "400", "hasn't requested any Subprotocol"},
	} {
		t.Run(test.name, func(t *testing.T) {
			h.MinSecurityProfile = test.minProfile
			found := find(t, h, connect(t, test.id, test.password, test.protocols))
			reason, _ := found["reason"].(string)
			if found["status"] != test.want || !strings.Contains(reason, test.says) {
				t.Errorf("finding %v, want %s %q", found, test.want, test.says)
			}
			if test.password != "" && strings.Contains(reason, test.password) && test.password != "any" {
				t.Errorf("the reason shows the key: %s", reason)
			}
		})
	}
}

func TestFailureIsNoFinding(t *testing.T) {
	h, _, things := newHandler(t)
	things.err = errors.New("IoT is down")
	if response, err := h.Handle(t.Context(), connect(t, "CP001", "", "ocpp1.6")); err == nil {
		t.Errorf("a failed look-up became %+v", response)
	}
}
