package chaos

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/serverless-ocpp/backend/local/chaos/check"
	"github.com/serverless-ocpp/backend/local/cloud"
)

const stack = "AwsOcppGatewayStack-"

// system is the running system as an operator sees it.
type system struct {
	addresses cloud.Addresses
	tables    *dynamodb.Client
	queues    *sqs.Client
	things    *iot.Client
}

func operator(addresses cloud.Addresses) *system {
	config := aws.Config{
		Region: cloud.Region, BaseEndpoint: &addresses.AWS,
		Credentials: credentials.NewStaticCredentialsProvider("operator", "operator", ""),
	}
	return &system{addresses, dynamodb.NewFromConfig(config), sqs.NewFromConfig(config), iot.NewFromConfig(config)}
}

// gather reads everything that the system knows of charge points.
func (s *system) gather(ctx context.Context, ids []string) (check.Known, error) {
	known := check.Known{ChargePoints: map[string]*check.Record{}}
	for _, id := range ids {
		transactions, err := s.transactions(ctx, id)
		if err != nil {
			return known, err
		}
		known.ChargePoints[id] = &check.Record{
			Transactions: transactions, Readings: map[string][]check.Reading{}, Commands: map[string]check.CommandRow{},
			Frames: map[string][]check.Frame{}, Statuses: map[string]string{},
		}
	}
	for table, keep := range map[string]func(*check.Record, row){
		"MeterValueTable": keepReading, "CommandTable": keepCommand, "MessageTable": keepFrame, "ConnectorTable": keepStatus, "ChargePointTable": keepTurn,
	} {
		if err := s.scan(ctx, table, func(r row) {
			if record := known.ChargePoints[r.chargePoint()]; record != nil {
				keep(record, r)
			}
		}); err != nil {
			return known, err
		}
	}
	var err error
	if known.Queues, err = s.left(ctx); err != nil {
		return known, err
	}
	known.DeadLetters, err = s.deadLetters(ctx)
	return known, err
}

// transactions asks the HTTP API for all of a charge point.
func (s *system) transactions(ctx context.Context, id string) (all []check.Transaction, err error) {
	for cursor := ""; ; {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.addresses.HTTP+"/charge-points/"+id+"/transactions?limit=100&cursor="+cursor, nil)
		if err != nil {
			return nil, err
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return nil, err
		}
		var page struct {
			Transactions []check.Transaction `json:"transactions"`
			NextCursor   string              `json:"nextCursor"`
		}
		err = json.NewDecoder(response.Body).Decode(&page)
		response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("transactions of %s: status %d, %v", id, response.StatusCode, err)
		}
		all = append(all, page.Transactions...)
		if cursor = page.NextCursor; cursor == "" {
			return all, nil
		}
	}
}

// row is an item of any table, its numbers and texts.
type row map[string]any

func (r row) text(name string) string { value, _ := r[name].(string); return value }

// chargePoint is the one that a row belongs to.
func (r row) chargePoint() string {
	if id := r.text("chargePointId"); id != "" {
		return id
	}
	id, _, _ := strings.Cut(r.text("transactionKey"), "#")
	return id
}

func (r row) time(name string) time.Time {
	at, err := time.Parse(time.RFC3339, r.text(name))
	if err != nil {
		return time.Time{} // absent
	}
	return at
}

func (s *system) scan(ctx context.Context, table string, each func(row)) error {
	name := stack + table
	pages := dynamodb.NewScanPaginator(s.tables, &dynamodb.ScanInput{TableName: &name, ConsistentRead: new(true)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("read %s: %w", table, err)
		}
		for _, item := range page.Items {
			r, err := decode(item)
			if err != nil {
				return fmt.Errorf("read %s: %w", table, err)
			}
			each(r)
		}
	}
	return nil
}

func decode(item map[string]types.AttributeValue) (r row, err error) {
	err = attributevalue.UnmarshalMap(item, &r)
	return r, err
}

// keepReading keeps one of the items of a reading: each event that brought it has its own (dynamo.Readings).
func keepReading(record *check.Record, r row) {
	_, transaction, _ := strings.Cut(r.text("transactionKey"), "#")
	at, rest, _ := strings.Cut(r.text("sampledKey"), "#")
	hash, _, _ := strings.Cut(rest, "#")
	reading := check.Reading{At: row{"at": at}.time("at"), Hash: hash, Values: json.RawMessage(r.text("values"))}
	known := record.Readings[transaction]
	if !slices.ContainsFunc(known, func(k check.Reading) bool { return k.At.Equal(reading.At) && k.Hash == reading.Hash }) {
		record.Readings[transaction] = append(known, reading)
	}
}

func keepCommand(record *check.Record, r row) {
	attempt, _ := r["attempt"].(float64)
	record.Commands[r.text("commandId")] = check.CommandRow{
		Action: r.text("action"), State: r.text("state"), Origin: r.text("origin"), Attempts: int(attempt),
		SentAt: r.time("sentAt"), Deadline: r.time("deadline"), FinishedAt: r.time("finishedAt"),
		Result: json.RawMessage(r.text("result")), ErrorCode: r.text("errorCode"),
	}
}

func keepFrame(record *check.Record, r row) {
	if r.text("kind") == "frame" && r.text("direction") == "in" {
		id := r.text("messageId")
		record.Frames[id] = append(record.Frames[id], check.Frame{Action: r.text("action"), Answer: r.text("answer")})
	}
}

func keepStatus(record *check.Record, r row) {
	if status := r.text("status"); status != "" {
		record.Statuses[r.text("connector")] = status
	}
}

func keepTurn(record *check.Record, r row) { record.Turn = r.text("callId") }

// count reads a queue's attribute.
func count(attributes map[string]string, names ...string) (sum int, err error) {
	for _, name := range names {
		number, err := strconv.Atoi(attributes[name])
		if err != nil {
			return 0, fmt.Errorf("queue attribute %s: %w", name, err)
		}
		sum += number
	}
	return sum, nil
}
