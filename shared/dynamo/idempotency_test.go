package dynamo

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
	"github.com/serverless-ocpp/backend/shared/fault"
)

func newIdempotency(t *testing.T) *Idempotency {
	t.Helper()
	return NewIdempotency(dynamotest.Client(), dynamotest.Table(t, "IdempotencyTable"))
}

func TestClaim(t *testing.T) {
	store := newIdempotency(t)
	day := int(24 * time.Hour / time.Millisecond)
	for _, test := range []struct {
		name, scope, key, fingerprint, id string
		ms                                int
		counts                            string
		first                             bool
		fault                             fault.Code
	}{
		{"a new key", "CP001", "k", "f1", "c1", 0, "c1", true, ""},
		{"repeated", "CP001", "k", "f1", "c2", 1000, "c1", false, ""},
		{"for another request", "CP001", "k", "f2", "c3", 1000, "", false, fault.Invalid},
		{"of another charge point", "CP002", "k", "f2", "c4", 1000, "c4", true, ""},
		{"just before it is forgotten", "CP001", "k", "f1", "c5", day - 1000, "c1", false, ""},
		{"forgotten, and not deleted yet", "CP001", "k", "f2", "c6", day, "c6", true, ""},
		{"anew", "CP001", "k", "f2", "c7", day + 1000, "c6", false, ""},
		{"no key", "CP001", "", "f", "c8", 0, "", false, fault.Invalid},
		{"a key without end", "CP001", strings.Repeat("k", 1025), "f", "c9", 0, "", false, fault.Invalid},
	} {
		counts, first, err := store.Claim(t.Context(), test.scope, test.key, test.fingerprint, test.id, at(test.ms))
		if counts != test.counts || first != test.first || fault.CodeOf(err) != test.fault {
			t.Errorf("%s: %q %t %v, want %q %t %q", test.name, counts, first, err, test.counts, test.first, test.fault)
		}
	}
}

func TestOneOfTwentyClaims(t *testing.T) {
	store := newIdempotency(t)
	ids := make([]string, 20)
	firsts := make([]bool, 20)
	for _, err := range atOnce(20, func(i int) (err error) {
		ids[i], firsts[i], err = store.Claim(t.Context(), "CP001", "k", "f", "c"+strconv.Itoa(i), at(0))
		return err
	}) {
		must(t, err)
	}
	winners := 0
	for i := range 20 {
		if ids[i] != ids[0] || firsts[i] != (ids[i] == "c"+strconv.Itoa(i)) {
			t.Errorf("claim %d: %s %t, the first got %s", i, ids[i], firsts[i], ids[0])
		}
		if firsts[i] {
			winners++
		}
	}
	if winners != 1 {
		t.Errorf("%d were first", winners)
	}
}

func TestClaimWhoseAnswerIsLost(t *testing.T) {
	store := newIdempotency(t)
	options := dynamotest.Client().Options()
	options.HTTPClient = &lossy{}
	counts, first, err := NewIdempotency(dynamodb.New(options), store.name).Claim(t.Context(), "CP001", "k", "f", "c1", at(0))
	if counts != "c1" || !first || err != nil {
		t.Errorf("%q %t %v: it was the first", counts, first, err)
	}
}
