package main

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocpp/dialect"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Handler finds out who connects and whether they may. It allows every request and passes its finding
// on as context: an authorizer can refuse with 401 and 403 only, $connect with any status.
type Handler struct {
	Registry            chargepoint.Registry
	Keys                chargepoint.Keys
	Things              chargepoint.Things
	Trust               trust
	MinSecurityProfile  int
	RegistrationDefault chargepoint.Registration
	Now                 func() time.Time
}

// Handle takes the authorizer's event of a $connect. An error, which API Gateway answers with 500,
// means that the finding could not be made; charge points try again.
func (h *Handler) Handle(ctx context.Context, event events.APIGatewayCustomAuthorizerRequestTypeRequest) (events.APIGatewayCustomAuthorizerResponse, error) {
	from, refused := identify(event, h.Trust)
	var cp chargepoint.ChargePoint
	var protocol ocppj.Version
	if refused == nil {
		var err error
		if cp, protocol, err = h.admit(ctx, from); err != nil {
			found, isRefusal := err.(*refusal)
			if !isRefusal {
				slog.ErrorContext(ctx, "charge point could not be looked up", "chargePointId", from.ID, "error", err)
				return events.APIGatewayCustomAuthorizerResponse{}, err
			}
			refused = found
		}
	}
	finding := map[string]any{
		"chargePointId": printable(from.ID),
		"protocol":      string(protocol),
		"accepted":      strconv.FormatBool(cp.MayTalk()),
		"validation":    string(cp.Validation),
		"sourceIp":      from.SourceIP,
		"status":        strconv.Itoa(http.StatusSwitchingProtocols),
	}
	principal := from.ID
	if refused != nil {
		principal = "refused"
		finding["status"], finding["reason"] = strconv.Itoa(refused.status), refused.reason
	}
	return allow(event.MethodArn, principal, finding), nil
}

// admit returns the charge point and the version to speak, or a *refusal.
func (h *Handler) admit(ctx context.Context, from caller) (chargepoint.ChargePoint, ocppj.Version, error) {
	cp, err := h.lookUp(ctx, from.ID)
	if err != nil {
		return cp, "", err
	}
	if err := h.authenticate(ctx, cp, from); err != nil {
		return cp, "", err
	}
	offered := ocppj.ParseProtocols(from.Offered)
	protocol, ok := ocppj.Negotiate(offered, dialect.Versions)
	switch {
	case len(offered) == 0:
		return cp, "", refuse(http.StatusBadRequest, "Client hasn't requested any Subprotocol: offer one of %s", spoken())
	case !ok:
		return cp, "", refuse(http.StatusBadRequest, "Protocols Mismatched | Expected Subprotocols: %s, but client supports %s", spoken(), printable(strings.Join(offered, ", ")))
	}
	return cp, protocol, nil
}

// lookUp reads the charge point. A Thing that has no row yet, because its event is still on the way or
// was lost, gets one.
func (h *Handler) lookUp(ctx context.Context, id string) (chargepoint.ChargePoint, error) {
	unknown := refuse(http.StatusNotFound, "Charge Point %s not registered as an IoT Thing", printable(id))
	if err := chargepoint.CheckID(id); err != nil {
		return chargepoint.ChargePoint{}, unknown
	}
	cp, err := h.Registry.Get(ctx, id)
	if !fault.Is(err, fault.NotFound) {
		return cp, err
	}
	thing, err := h.Things.Describe(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return cp, unknown
	}
	if err != nil {
		return cp, err
	}
	thing.At = h.Now()
	if err := h.Registry.Mirror(ctx, thing, h.RegistrationDefault); err != nil {
		return cp, err
	}
	return h.Registry.Get(ctx, id)
}

// allow is the policy that lets $connect run, with the finding as its context.
func allow(methodARN, principal string, finding map[string]any) events.APIGatewayCustomAuthorizerResponse {
	return events.APIGatewayCustomAuthorizerResponse{
		PrincipalID: principal,
		PolicyDocument: events.APIGatewayCustomAuthorizerPolicy{
			Version:   "2012-10-17",
			Statement: []events.IAMPolicyStatement{{Action: []string{"execute-api:Invoke"}, Effect: "Allow", Resource: []string{methodARN}}},
		},
		Context: finding,
	}
}

func spoken() string {
	var names []string
	for _, version := range dialect.Versions {
		names = append(names, string(version))
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// printable cuts what somebody sends to what fits a log line and the authorizer's context (8 KB in all, or API
// Gateway answers 500).
func printable(text string) string {
	const longest = 60
	quoted := strings.Trim(strconv.QuoteToASCII(text), `"`)
	return quoted[:min(len(quoted), longest)]
}
