package campaign

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/invocation"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/operation"
	"github.com/serverless-ocpp/backend/shared/reservation"
	"github.com/serverless-ocpp/backend/shared/token"
)

// Rehearse goes through all that ordering a charge point means, except that nothing is noted or sent: it returns how many
// commands there would be, or the error that the order would end with. Of what is stored, only id tokens are read; nil: there are none.
func (o Order) Rehearse(ctx context.Context, cp chargepoint.ChargePoint, version ocppj.Version, tokens token.Store) (commands int, err error) {
	body, err := o.Body()
	if err != nil {
		return 0, err
	}
	nowhere := operation.Orders{
		Desk:   operation.Desk{Tokens: readTokens{tokens}, Keys: noKeys{}, Lists: noLists{}, Reservations: noReservations{}, Now: invocation.Now},
		Submit: func(context.Context, command.Command) error { return nil },
	}
	terms := operation.Terms{Kind: o.Operation, CommandID: command.NewID(), Expiry: DefaultExpiry, Timeout: command.DefaultTimeout, Origin: command.OriginCampaign}
	placed, _, err := nowhere.Place(ctx, cp, version, body, terms)
	return len(placed), err
}

// Check returns the versions that the order can be said in. If there is none, it is a fault.Invalid that says for each
// why not; members that speak another version than these will fail.
func (o Order) Check(ctx context.Context, versions []ocppj.Version) (expressible []ocppj.Version, err error) {
	if (o.Operation == "") == (o.Action == "") {
		return nil, fault.New(fault.Invalid, "one of 'operation' (with 'request') and 'action' (with 'payload') must say what is ordered")
	}
	if o.Operation == "" && o.Request != nil || o.Action == "" && o.Payload != nil {
		return nil, fault.New(fault.Invalid, "'request' belongs to 'operation', and 'payload' to 'action'")
	}
	if _, err := o.Body(); err != nil {
		return nil, err
	}
	reasons := map[string][]string{} // versions by what is wrong in them: nearly always the same in all
	for _, version := range versions {
		anyone := chargepoint.ChargePoint{
			ID: "any", Registration: chargepoint.Accepted, BootStatus: chargepoint.Accepted, Protocol: string(version),
		}
		if _, err := o.Rehearse(ctx, anyone, version, nil); err != nil {
			reasons[err.Error()] = append(reasons[err.Error()], string(version))
			continue
		}
		expressible = append(expressible, version)
	}
	if len(expressible) > 0 {
		return expressible, nil
	}
	member := "request"
	if o.Operation == "" {
		member = "payload"
	}
	var said []string
	for _, reason := range slices.Sorted(maps.Keys(reasons)) {
		said = append(said, strings.Join(reasons[reason], ", ")+": "+reason)
	}
	return nil, fault.New(fault.Invalid, "'%s' can be said in no version: %s", member, strings.Join(said, "; "))
}

// A desk that forgets what it is told.
type (
	readTokens     struct{ tokens token.Store } // nil: none
	noKeys         struct{}
	noLists        struct{}
	noReservations struct{}
)

func (r readTokens) Find(ctx context.Context, idToken string) (token.Token, error) {
	if r.tokens == nil {
		return token.Token{}, fault.New(fault.NotFound, "there are no id tokens in a rehearsal")
	}
	return r.tokens.Find(ctx, idToken)
}

func (r readTokens) List(ctx context.Context, cursor string, limit int) ([]token.Token, string, error) {
	if r.tokens == nil {
		return nil, "", nil
	}
	return r.tokens.List(ctx, cursor, limit)
}

func (readTokens) Put(context.Context, token.Token) error { return nil }
func (readTokens) Delete(context.Context, string) error   { return nil }

func (noKeys) Propose(context.Context, string, chargepoint.PendingKey) error { return nil }
func (noKeys) Settle(context.Context, string, string, bool) error            { return nil }
func (noKeys) Promote(context.Context, string, string) error                 { return nil }

func (noLists) NextListVersion(context.Context, string) (int, error) { return 1, nil }
func (noLists) ListVersionTold(context.Context, string, int) error   { return nil }

func (noReservations) Put(context.Context, reservation.Reservation) error { return nil }
func (noReservations) Answered(context.Context, string, int, string, bool, time.Time) error {
	return nil
}
func (noReservations) End(context.Context, string, int, reservation.State, string, time.Time) error {
	return nil
}
func (noReservations) List(context.Context, string, string, int) ([]reservation.Reservation, string, error) {
	return nil, "", nil
}
