package dynamo

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/serverless-ocpp/backend/shared/fault"
)

// Idempotency is the IdempotencyTable, one item per Idempotency-Key of a request:
//
//	scope           S  partition key: the charge point's id, or campaigns
//	idempotencyKey  S  sort key: as the caller chose it
//	fingerprint     S  of the request
//	commandId       S  of what the request became
//	ttl             N  seconds since 1970
type Idempotency struct{ table }

// keptKeys is how long a repetition is recognised: whoever has not heard an answer within a day asks what became of
// the request, and does not repeat it.
const keptKeys = 24 * time.Hour

// NewIdempotency opens the IdempotencyTable.
func NewIdempotency(api *dynamodb.Client, tableName string) *Idempotency {
	return &Idempotency{open(api, tableName, "scope", "idempotencyKey")}
}

type idempotencyItem struct {
	Scope       string `dynamodbav:"scope"`
	Key         string `dynamodbav:"idempotencyKey"`
	Fingerprint string `dynamodbav:"fingerprint"`
	CommandID   string `dynamodbav:"commandId"`
	TTL         int64  `dynamodbav:"ttl"`
}

// Claim binds a key to a request and returns the id of the command (or campaign) that counts: the given one if
// the key is new, which first tells, else the one that the same request was given before. fault.Invalid if the key was
// used for another request within the last day, or cannot be a key of the table.
func (t *Idempotency) Claim(ctx context.Context, scope, key, fingerprint, commandID string, at time.Time) (counts string, first bool, err error) {
	if key == "" || len(key) > maxSortKey {
		return "", false, fault.New(fault.Invalid, "an Idempotency-Key has 1 to %d bytes, this one has %d", maxSortKey, len(key))
	}
	r := row{key: item{t.hash: text(scope), t.sort: text(key)}, name: "Idempotency-Key " + key + " of " + scope}
	encoded, err := encode(idempotencyItem{Scope: scope, Key: key, Fingerprint: fingerprint, CommandID: commandID, TTL: at.Add(keptKeys).Unix()})
	if err != nil {
		return "", false, err
	}
	// DynamoDB deletes days after the ttl: until then a row that is past it counts as absent.
	free := absent(t.hash).Or(name("ttl").LessThanEqual(value(at.Unix())))
	first, err = t.put(ctx, r.name, encoded, free)
	if first || err != nil {
		return commandID, first, err
	}
	stored, err := t.get(ctx, r, true)
	if err != nil {
		return "", false, err
	}
	claimed, err := decode[idempotencyItem](stored)
	if err != nil {
		return "", false, err
	}
	if claimed.Fingerprint != fingerprint {
		return "", false, fault.New(fault.Invalid, "the Idempotency-Key %q was used for another request: choose a new key for a new request", key)
	}
	// The client repeats a write whose answer got lost: then the row is this call's own.
	return claimed.CommandID, claimed.CommandID == commandID, nil
}
