package dynamo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/invocation"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// Readings is the MeterValueTable, one item per reading, and one per reading and event that was kept with its readings alone:
//
//	transactionKey  S  partition key: CP001#<transaction id>, or CP001#connector:1 without a transaction
//	sampledKey      S  sort key: sampledAt#<8 hex digits of a hash of the values>, with an event #<seqNo>#<8 of the rest of it>
//	values          S  JSON list of sampled values, in the words of OCPP
//	event           M  at S, seqNo N, connector S, chargingState S: the event that was kept with this reading alone
//	ttl             N  seconds since 1970
//
// So a reading that is stored twice is one item, and two different readings of one moment are two. A meter that is read
// once a minute and told of every 30 s brings one reading with two events: neither may take the other's place, nor may the
// reading alone, which the journal brings. Items of one reading stand side by side, and are listed once. Older items have
// their event under the key of the reading alone.
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
		now:   invocation.Now,
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

// rowsOf are the writes of an event's readings, each with what else the event says, or alone if said is nil: a batch may not
// name one item twice.
func (t *Readings) rowsOf(chargePointID string, event transaction.Event, said *eventItem) ([]types.WriteRequest, error) {
	id := event.TransactionID
	if id == "" {
		id = WithoutTransaction(event.Connector)
	}
	var suffix string
	if said != nil {
		suffix = "#" + said.key()
	}
	requests := make(map[string]types.WriteRequest, len(event.Readings)) // by key
	for _, reading := range event.Readings {
		row, err := t.itemOf(transactionKey(chargePointID, id), reading)
		if err != nil {
			return nil, err
		}
		row.SampledKey, row.Event = row.SampledKey+suffix, said
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

// sample is the part of a sort key that all items of one reading have in common.
func sample(sampledKey string) string {
	at, rest, _ := strings.Cut(sampledKey, "#")
	hash, _, _ := strings.Cut(rest, "#")
	return at + "#" + hash
}

// enoughReadings is the size in bytes from which a page of readings is not filled up with more queries, which bring 1 MB each.
const enoughReadings = 256 << 10

// List implements transaction.Readings. Of the items of one reading it takes the first; the page after a cursor that
// names one of them leaves out the others.
func (t *Readings) List(ctx context.Context, chargePointID, transactionID, cursor string, limit int) (readings []transaction.Reading, next string, err error) {
	if err := checkLimit(limit); err != nil {
		return nil, "", err
	}
	last, err := t.sampleBefore(cursor, transactionKey(chargePointID, transactionID))
	if err != nil {
		return nil, "", err
	}
	var end item // the key of the last reading that is listed
	for size := 0; ; {
		rows, following, err := t.page(ctx, chargePointID, transactionID, cursor, min(limit+1, maxPage)) // one more tells whether there is another page
		if err != nil {
			return nil, "", err
		}
		for _, row := range rows {
			if sample(row.SampledKey) == last {
				continue
			}
			if len(readings) == limit {
				return readings, t.cursor(end), nil
			}
			reading, err := row.value()
			if err != nil {
				return nil, "", err
			}
			readings, size = append(readings, reading), size+len(row.Values)
			last, end = sample(row.SampledKey), item{t.hash: text(row.TransactionKey), t.sort: text(row.SampledKey)}
		}
		switch {
		case following == "":
			return readings, "", nil
		case size >= enoughReadings:
			return readings, following, nil
		}
		cursor = following
	}
}

// sampleBefore is the sample of the item that a cursor names, "" without a cursor.
func (t *Readings) sampleBefore(cursor, partition string) (string, error) {
	start, err := t.resume(cursor, partition)
	if err != nil {
		return "", err
	}
	if key, ok := start[t.sort].(*types.AttributeValueMemberS); ok {
		return sample(key.Value), nil
	}
	return "", nil
}

func (t *Readings) page(ctx context.Context, chargePointID, transactionID, cursor string, limit int) (rows []readingItem, next string, err error) {
	items, next, err := t.query(ctx, transactionKey(chargePointID, transactionID), ascending, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	rows, err = decodeAll(items, func(row readingItem) readingItem { return row })
	return rows, next, err
}

// Events implements transaction.Readings: one event for each item that has one. It reads all items, 1000 at a time.
func (t *Readings) Events(ctx context.Context, chargePointID, transactionID string, since time.Time) (events []transaction.Event, err error) {
	var cursor string
	if !since.IsZero() { // no item has the bare time for its key, and all of that time come behind it
		cursor = t.cursor(item{t.hash: text(transactionKey(chargePointID, transactionID)), t.sort: text(formatTime(since))})
	}
	for {
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

// key tells the event from all others that bring the same reading. It is the same whenever the event is repeated.
func (i *eventItem) key() string {
	var seqNo string
	if i.SeqNo != nil {
		seqNo = strconv.Itoa(*i.SeqNo)
	}
	rest := sha256.Sum256([]byte(formatTime(i.At) + "#" + i.ChargingState + "#" + i.Connector))
	return seqNo + "#" + hex.EncodeToString(rest[:4])
}

// value is the event with one of its readings. Applied one by one they come to the same as together.
func (i *eventItem) value(transactionID string, reading transaction.Reading) transaction.Event {
	return transaction.Event{
		Kind: transaction.EventUpdated, Periodic: true, TransactionID: transactionID, At: i.At,
		SeqNo: i.SeqNo, Connector: i.Connector, ChargingState: i.ChargingState, Readings: []transaction.Reading{reading},
	}
}
