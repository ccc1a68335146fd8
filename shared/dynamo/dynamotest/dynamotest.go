// Package dynamotest gives tests a real DynamoDB API: that of the stand-in on one machine, in the tests' own process. The environment
// variable DYNAMODB_TEST_ENDPOINT chooses another: "dynalite" for the npm package of that name, or the URL of one that
// runs, such as moto_server of the Python package moto.
//
//	func TestMain(m *testing.M) { os.Exit(dynamotest.Run(m)) }
//
//	commands := dynamo.NewCommands(dynamotest.Client(), dynamotest.Table(t, "CommandTable"))
package dynamotest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	standin "github.com/serverless-ocpp/backend/local/dynamodb"
	"github.com/serverless-ocpp/backend/local/dynamodb/dynalite"
)

// endpointVariable: run with go test -count=1, for Run reads it too early for the test cache to notice a change.
const endpointVariable = "DYNAMODB_TEST_ENDPOINT"

var client *dynamodb.Client

// Client speaks to the server that Run has started.
func Client() *dynamodb.Client { return client }

// Run runs the tests beside a server and returns the exit code.
func Run(m *testing.M) int {
	endpoint, stop, err := start(os.Getenv(endpointVariable))
	if err != nil {
		fmt.Fprintf(os.Stderr, "there is no DynamoDB to test with: %v\n", err)
		return 1
	}
	defer stop()
	client = dynamodb.NewFromConfig(aws.Config{
		Region:      "us-east-1",
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	}, func(o *dynamodb.Options) { o.BaseEndpoint = &endpoint })
	return m.Run()
}

// start starts what is chosen; stop ends it.
func start(chosen string) (endpoint string, stop func(), err error) {
	quiet := slog.New(slog.DiscardHandler)
	switch chosen {
	case "":
		tables, err := standin.Start(standin.Config{Logger: quiet})
		if err != nil {
			return "", nil, err
		}
		server := httptest.NewServer(tables)
		return server.URL, func() {
			server.Close()
			if err := tables.Close(); err != nil {
				fmt.Fprintf(os.Stderr, "the tables do not close: %v\n", err)
			}
		}, nil
	case "dynalite":
		server, err := dynalite.Start(dynalite.Config{NodeModules: nodeModules(), Logger: quiet})
		if err != nil {
			return "", nil, err
		}
		return server.URL(), server.Stop, nil
	}
	return chosen, func() {}, nil
}

// nodeModules is beside the packages of this file, wherever the test runs.
func nodeModules() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", "..", "node_modules")
}

// keys are the tables of the stack by their names in the template; a test compares them with it.
var keys = map[string]key{
	"ChargePointTable": {"chargePointId", "", nil},
	"ConnectorTable":   {"chargePointId", "connector", nil},
	"TransactionTable": {"chargePointId", "transactionId", nil},
	"MeterValueTable":  {"transactionKey", "sampledKey", nil},
	"CommandTable":     {"chargePointId", "commandId", map[string]string{"Queued": "queuedAt", "RemoteStarts": "remoteStartedAt"}},
	"TokenTable":       {"idToken", "", nil},
	"MessageTable":     {"chargePointId", "messageKey", nil},
	"VariableTable":    {"chargePointId", "variable", nil},
	"ReportTable":      {"chargePointId", "report", nil},
	"ReservationTable": {"chargePointId", "reservationId", nil},
	"IdempotencyTable": {"scope", "idempotencyKey", nil},
	"CampaignTable":    {"campaignId", "member", nil},
}

// global are the global indexes of tables; each copies the keys alone.
var global = map[string]struct{ name, hash, sort string }{
	"ChargePointTable": {"Connected", "connectedShard", "chargePointId"},
	"TransactionTable": {"ByStartDay", "startDay", "startedAt"},
	"CommandTable":     {"Failed", "failedOn", "finishedAt"},
	"MessageTable":     {"Refused", "refusedOn", "receivedAt"},
}

type key struct {
	hash, sort string            // sort is "" for none
	local      map[string]string // the sort keys of local indexes, by the names of these
}

var tables atomic.Int64

// Table makes an empty table like that of the stack and returns its name.
func Table(t *testing.T, name string) string {
	t.Helper()
	key, known := keys[name]
	if !known {
		t.Fatalf("the stack has no table %s", name)
	}
	physical := fmt.Sprintf("%s-%d-%d", name, time.Now().UnixNano(), tables.Add(1))
	attributes := []string{key.hash}
	if key.sort != "" {
		attributes = append(attributes, key.sort)
	}
	input := dynamodb.CreateTableInput{TableName: &physical, BillingMode: types.BillingModePayPerRequest, KeySchema: schema(key.hash, key.sort)}
	for index, sort := range key.local {
		attributes = append(attributes, sort)
		input.LocalSecondaryIndexes = append(input.LocalSecondaryIndexes, types.LocalSecondaryIndex{
			IndexName: &index, KeySchema: schema(key.hash, sort),
			Projection: &types.Projection{ProjectionType: types.ProjectionTypeKeysOnly},
		})
	}
	if index, has := global[name]; has {
		attributes = append(attributes, index.hash, index.sort)
		input.GlobalSecondaryIndexes = []types.GlobalSecondaryIndex{{
			IndexName: &index.name, KeySchema: schema(index.hash, index.sort),
			Projection: &types.Projection{ProjectionType: types.ProjectionTypeKeysOnly},
		}}
	}
	slices.Sort(attributes)
	for _, attribute := range slices.Compact(attributes) {
		input.AttributeDefinitions = append(input.AttributeDefinitions, types.AttributeDefinition{AttributeName: &attribute, AttributeType: types.ScalarAttributeTypeS})
	}
	_, err := client.CreateTable(t.Context(), &input)
	// The client repeats a call whose answer got lost. The name is this test's own, so what exists is its table.
	if _, made := errors.AsType[*types.ResourceInUseException](err); err != nil && !made {
		t.Fatalf("create table %s: %v", physical, err)
	}
	waiter := dynamodb.NewTableExistsWaiter(client, func(o *dynamodb.TableExistsWaiterOptions) { o.MinDelay = 5 * time.Millisecond })
	if err := waiter.Wait(t.Context(), &dynamodb.DescribeTableInput{TableName: &physical}, time.Minute); err != nil {
		t.Fatalf("table %s does not become active: %v", physical, err)
	}
	t.Cleanup(func() {
		_, err := client.DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: &physical})
		if _, gone := errors.AsType[*types.ResourceNotFoundException](err); err != nil && !gone { // gone by the call before, likewise
			t.Errorf("delete table %s: %v", physical, err)
		}
	})
	return physical
}

func schema(hash, sort string) []types.KeySchemaElement {
	elements := []types.KeySchemaElement{{AttributeName: &hash, KeyType: types.KeyTypeHash}}
	if sort != "" {
		elements = append(elements, types.KeySchemaElement{AttributeName: &sort, KeyType: types.KeyTypeRange})
	}
	return elements
}
