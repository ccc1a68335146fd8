package operation_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/operation"
	"github.com/serverless-ocpp/backend/shared/token"
)

// now is when the tests prepare operations.
var now = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

// target is a charge point of a version, for a command that is sent within a minute or never.
func target(version ocppj.Version) operation.Target {
	return operation.Target{
		ChargePoint: chargepoint.ChargePoint{ID: "CP001"}, Version: version,
		CommandID: "0199c6d3-0d2f-7c3a-8a51-5f0f6f1d2f3a", ExpiresAt: now.Add(time.Minute),
	}
}

// tokens is a token.Store in memory, which lists its tokens in the order of their ids, a hundred to a page.
type tokens map[string]token.Token

func tokensOf(all ...token.Token) tokens {
	store := tokens{}
	for _, t := range all {
		store[token.Key(t.IDToken)] = t
	}
	return store
}

func (s tokens) Find(_ context.Context, idToken string) (token.Token, error) {
	found, ok := s[token.Key(idToken)]
	if !ok {
		return token.Token{}, fault.New(fault.NotFound, "no such token")
	}
	return found, nil
}

func (s tokens) Put(_ context.Context, t token.Token) error {
	s[token.Key(t.IDToken)] = t
	return nil
}

func (s tokens) Delete(_ context.Context, idToken string) error {
	delete(s, token.Key(idToken))
	return nil
}

func (s tokens) List(_ context.Context, cursor string, limit int) (page []token.Token, next string, err error) {
	var keys []string
	for key := range s {
		if key > cursor {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	if limit = min(limit, 100); len(keys) > limit {
		keys = keys[:limit]
		next = keys[limit-1]
	}
	for _, key := range keys {
		page = append(page, s[key])
	}
	return page, next, nil
}

// brokenTokens is a token.Store that cannot be read.
type brokenTokens struct{ token.Store }

func (brokenTokens) Find(context.Context, string) (token.Token, error) {
	return token.Token{}, fault.New(fault.Throttled, "too much at once")
}

func (brokenTokens) List(context.Context, string, int) ([]token.Token, string, error) {
	return nil, "", fault.New(fault.Throttled, "too much at once")
}

// prepared prepares an operation and returns its CALLs.
func prepared(t *testing.T, o operation.Prepared, desk operation.Desk, version ocppj.Version) (string, error) {
	t.Helper()
	desk.Now = func() time.Time { return now }
	if err := o.Prepare(t.Context(), desk, target(version)); err != nil {
		return "", fmt.Errorf("prepare: %w", err)
	}
	calls, err := o.Calls(version)
	return lines(t, version, calls), err
}

// lists is a chargepoint.LocalLists of one charge point, which has the version that it counts from; nil: it is gone.
type lists struct{ version *int }

func listsAt(version int) lists { return lists{&version} }

func (l lists) NextListVersion(_ context.Context, id string) (int, error) {
	if l.version == nil {
		return 0, fault.New(fault.NotFound, "there is no charge point %s", id)
	}
	*l.version++
	return *l.version, nil
}

func (l lists) ListVersionTold(_ context.Context, _ string, version int) error {
	*l.version = max(*l.version, version)
	return nil
}
