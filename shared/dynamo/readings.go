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
//	event           M  at S, seqNo N, connector S, chargingState S: the event that was kept with this reading alone
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
		table: open(api, tableName, "transactionKey", "sampledKey"),
		now:   time.Now,
	}
}

var _ transaction.Readings = (*Readings)(nil)

type readingItem struct {
	TransactionKey string     `dynamodbav:"transactionKey"`
	SampledKey     string     `dynamodbav:"sampledKey"`
	Values         string     `dynamodbav:"values"`
	Event          *eventItem `dynamodbav:"event,omitempty"`
	TTL            int64      `dynamodbav:"ttl"` // from now, not from the charge point's clock, which may be wrong by years
}

// eventItem is what an event says that only reads, beside its readings.
type eventItem struct {
	At            time.Time `dynamodbav:"at,omitempty"`
	SeqNo         *int      `dynamodbav:"seqNo,omitempty"`
	Connector     string    `dynamodbav:"connector,omitempty"`
	ChargingState string    `dynamodbav:"chargingState,omitempty"`
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
	rows, err := t.rowsOf(chargePointID, transaction.Event{TransactionID: transactionID, Connector: connector, Readings: readings}, nil)
	if err != nil {
		return err
	}
	return t.writeAll(ctx, "readings of "+transactionKey(chargePointID, transactionID), rows)
}

// rowsOf are the writes of an event's readings, each with what else the event says: a batch may not name one item twice.
func (t *Readings) rowsOf(chargePointID string, event transaction.Event, said *eventItem) ([]types.WriteRequest, error) {
	id := event.TransactionID
	if id == "" {
		id = WithoutTransaction(event.Connector)
	}
	requests := make(map[string]types.WriteRequest, len(event.Readings)) // by key
	for _, reading := range event.Readings {
		row, err := t.itemOf(transactionKey(chargePointID, id), reading)
		if err != nil {
			return nil, err
		}
		row.Event = said
		encoded, err := encode(row)
		if err != nil {
			return nil, err
		}
		requests[row.SampledKey] = types.WriteRequest{PutRequest: &types.PutRequest{Item: encoded}}
	}
	return slices.Collect(maps.Values(requests)), nil
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
	rows, next, err := t.page(ctx, chargePointID, transactionID, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	for _, row := range rows {
		reading, err := row.value()
		if err != nil {
			return nil, "", err
		}
		readings = append(readings, reading)
	}
	return readings, next, nil
}

func (t *Readings) page(ctx context.Context, chargePointID, transactionID, cursor string, limit int) (rows []readingItem, next string, err error) {
	items, next, err := t.query(ctx, transactionKey(chargePointID, transactionID), ascending, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	rows, err = decodeAll(items, func(row readingItem) readingItem { return row })
	return rows, next, err
}

// Events implements transaction.Readings: one event for each reading that has one. It reads all readings, a page for a
// day of one a minute.
func (t *Readings) Events(ctx context.Context, chargePointID, transactionID string) (events []transaction.Event, err error) {
	for cursor := ""; ; {
		rows, next, err := t.page(ctx, chargePointID, transactionID, cursor, maxPage)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			if row.Event == nil {
				continue
			}
			reading, err := row.value()
			if err != nil {
				return nil, err
			}
			events = append(events, row.Event.value(transactionID, reading))
		}
		if cursor = next; cursor == "" {
			return events, nil
		}
	}
}

func eventItemOf(e transaction.Event) *eventItem {
	return &eventItem{At: e.At, SeqNo: e.SeqNo, Connector: e.Connector, ChargingState: e.ChargingState}
}

// value is the event with one of its readings. Applied one by one they come to the same as together.
func (i *eventItem) value(transactionID string, reading transaction.Reading) transaction.Event {
	return transaction.Event{
		Kind: transaction.EventUpdated, Periodic: true, TransactionID: transactionID, At: i.At,
		SeqNo: i.SeqNo, Connector: i.Connector, ChargingState: i.ChargingState, Readings: []transaction.Reading{reading},
	}
}
