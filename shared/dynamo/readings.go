package dynamo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// Readings is the MeterValueTable, one item per reading:
//
//	transactionKey  S  partition key: CP001#<transaction id>, or CP001#connector:1 without a transaction
//	sampledKey      S  sort key: sampledAt#<8 hex digits of a hash of the values>
//	values          S  JSON list of sampled values, in the words of OCPP
//	ttl             N  seconds since 1970
//
// So a reading that is stored twice is one, and two different readings of one moment are two.
type Readings struct {
	table
	now func() time.Time
}

// keptReadings is a year, which is how long a charge can be billed and disputed, and a month to act on it.
const keptReadings = 400 * 24 * time.Hour

// NewReadings opens the MeterValueTable.
func NewReadings(api *dynamodb.Client, tableName string) *Readings {
	return &Readings{
		table: table{api: api, name: tableName, hash: "transactionKey", sort: "sampledKey"},
		now:   time.Now,
	}
}

var _ transaction.Readings = (*Readings)(nil)

type readingItem struct {
	TransactionKey string `dynamodbav:"transactionKey"`
	SampledKey     string `dynamodbav:"sampledKey"`
	Values         string `dynamodbav:"values"`
	TTL            int64  `dynamodbav:"ttl"` // from now, not from the charge point's clock, which may be wrong by years
}

// WithoutTransaction is the transaction id under which readings of a connector stand that belong to no
// transaction, for List.
func WithoutTransaction(connector string) string { return "connector:" + connector }

func transactionKey(chargePointID, transactionID string) string {
	return chargePointID + "#" + transactionID // no "#" is allowed in the id of a charge point
}

// Add implements transaction.Readings. fault.Throttled if DynamoDB takes only a part in the time: the
// rest is stored by adding all of them again.
func (t *Readings) Add(ctx context.Context, chargePointID, transactionID, connector string, readings []transaction.Reading) error {
	if transactionID == "" {
		transactionID = WithoutTransaction(connector)
	}
	requests := make(map[string]types.WriteRequest, len(readings)) // by key: a batch may not name one item twice
	for _, reading := range readings {
		row, err := t.itemOf(transactionKey(chargePointID, transactionID), reading)
		if err != nil {
			return err
		}
		encoded, err := encode(row)
		if err != nil {
			return err
		}
		requests[row.SampledKey] = types.WriteRequest{PutRequest: &types.PutRequest{Item: encoded}}
	}
	return t.writeAll(ctx, "readings of "+transactionKey(chargePointID, transactionID), slices.Collect(maps.Values(requests)))
}

func (t *Readings) itemOf(key string, reading transaction.Reading) (readingItem, error) {
	values, err := json.Marshal(reading.Values)
	if err != nil {
		return readingItem{}, fault.Wrap(fault.Internal, err, "a reading of %s cannot be written as JSON", key)
	}
	sum := sha256.Sum256(values)
	return readingItem{
		TransactionKey: key,
		SampledKey:     formatTime(reading.At) + "#" + hex.EncodeToString(sum[:4]),
		Values:         string(values),
		TTL:            t.now().Add(keptReadings).Unix(),
	}, nil
}

// value undoes itemOf.
func (i readingItem) value() (transaction.Reading, error) {
	sampledAt, _, _ := strings.Cut(i.SampledKey, "#")
	at, err := time.Parse(layout, sampledAt)
	if err != nil {
		return transaction.Reading{}, fault.Wrap(fault.Internal, err, "reading %s of %s has no time in its key", i.SampledKey, i.TransactionKey)
	}
	reading := transaction.Reading{At: at}
	if err := json.Unmarshal([]byte(i.Values), &reading.Values); err != nil {
		return transaction.Reading{}, fault.Wrap(fault.Internal, err, "reading %s of %s is no JSON", i.SampledKey, i.TransactionKey)
	}
	return reading, nil
}

// List implements transaction.Readings.
func (t *Readings) List(ctx context.Context, chargePointID, transactionID, cursor string, limit int) (readings []transaction.Reading, next string, err error) {
	items, next, err := t.query(ctx, transactionKey(chargePointID, transactionID), ascending, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	for _, stored := range items {
		row, err := decode[readingItem](stored)
		if err != nil {
			return nil, "", err
		}
		reading, err := row.value()
		if err != nil {
			return nil, "", err
		}
		readings = append(readings, reading)
	}
	return readings, next, nil
}
