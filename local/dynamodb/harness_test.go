package dynamodb

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	client "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/local/dynamodb/attribute"
)

// start starts a service; dir is empty for tables in memory.
func start(t testing.TB, dir string) *Service {
	t.Helper()
	s, err := Start(Config{Dir: dir, ExpiryInterval: 20 * time.Millisecond, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// connect returns AWS's own client of a service.
func connect(t testing.TB, s *Service) *client.Client {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return client.NewFromConfig(aws.Config{
		Region:           "us-east-1",
		Credentials:      credentials.NewStaticCredentialsProvider("AKID", "secret", ""),
		RetryMaxAttempts: 1,
		HTTPClient:       &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
	}, func(o *client.Options) { o.BaseEndpoint = aws.String(server.URL) })
}

func create(t testing.TB, s *Service, tables ...Table) {
	t.Helper()
	if err := s.CreateTables(t.Context(), tables); err != nil {
		t.Fatal(err)
	}
}

// commands is a table with everything that a table can have here.
var commands = Table{
	Name: "Commands", HashKey: "chargePointId", RangeKey: "commandId",
	AttributeTypes:      map[string]string{"chargePointId": "S", "commandId": "S", "queuedAt": "S", "day": "S"},
	LocalIndexes:        []Index{{Name: "Queued", HashKey: "chargePointId", RangeKey: "queuedAt", Projection: "KEYS_ONLY"}},
	GlobalIndexes:       []Index{{Name: "ByDay", HashKey: "day", Projection: "INCLUDE", NonKeyAttributes: []string{"action"}}},
	TimeToLiveAttribute: "ttl", PointInTimeRecovery: true,
}

func text(value string) types.AttributeValue { return &types.AttributeValueMemberS{Value: value} }

func number(value string) types.AttributeValue { return &types.AttributeValueMemberN{Value: value} }

type attributes = map[string]types.AttributeValue

func put(t testing.TB, c *client.Client, table string, item attributes) {
	t.Helper()
	if _, err := c.PutItem(t.Context(), &client.PutItemInput{TableName: &table, Item: item}); err != nil {
		t.Fatal(err)
	}
}

func attributesOf(chargePointID, commandID string) attribute.Map {
	return attribute.Map{"chargePointId": attribute.String(chargePointID), "commandId": attribute.String(commandID)}
}

// keepsKey is a change that makes an item of its key alone.
func keepsKey(attribute.Map) (attribute.Map, error) { return attributesOf("CP001", "1"), nil }
