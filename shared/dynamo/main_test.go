package dynamo

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	standin "github.com/serverless-ocpp/backend/local/dynamodb"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// These tests run against dynalite, or against the implementation of DynamoDB whose URL is in this
// variable, such as moto_server of the Python package moto. (With go test -count=1: TestMain reads the
// variable too early for the test cache to notice that it changed.)
const endpointVariable = "DYNAMODB_TEST_ENDPOINT"

var api *dynamodb.Client

func TestMain(m *testing.M) { os.Exit(runAll(m)) }

func runAll(m *testing.M) int {
	endpoint := os.Getenv(endpointVariable)
	if endpoint == "" {
		tables, err := standin.Start(standin.Config{NodeModules: "../../node_modules", Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer tables.Close()
		server := httptest.NewServer(tables)
		defer server.Close()
		endpoint = server.URL
	}
	api = dynamodb.NewFromConfig(aws.Config{
		Region:      "us-east-1",
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	}, func(o *dynamodb.Options) { o.BaseEndpoint = &endpoint })
	return m.Run()
}

// newTable makes a table with a name of its own. queued adds the index of the CommandTable.
func newTable(t *testing.T, hash, sort string, queued bool) string {
	t.Helper()
	tableName := strings.ReplaceAll(fmt.Sprintf("%s-%d", t.Name(), time.Now().UnixNano()), "/", "-")
	attributes := []string{hash}
	if sort != "" {
		attributes = append(attributes, sort)
	}
	input := dynamodb.CreateTableInput{TableName: &tableName, BillingMode: types.BillingModePayPerRequest, KeySchema: keySchema(hash, sort)}
	if queued {
		attributes = append(attributes, "queuedAt")
		input.LocalSecondaryIndexes = []types.LocalSecondaryIndex{{
			IndexName: aws.String(queuedIndex), KeySchema: keySchema(hash, "queuedAt"),
			Projection: &types.Projection{ProjectionType: types.ProjectionTypeKeysOnly},
		}}
	}
	for _, attribute := range attributes {
		input.AttributeDefinitions = append(input.AttributeDefinitions, types.AttributeDefinition{AttributeName: &attribute, AttributeType: types.ScalarAttributeTypeS})
	}
	if _, err := api.CreateTable(t.Context(), &input); err != nil {
		t.Fatalf("create table %s: %v", tableName, err)
	}
	if err := dynamodb.NewTableExistsWaiter(api, func(o *dynamodb.TableExistsWaiterOptions) { o.MinDelay = 10 * time.Millisecond }).
		Wait(t.Context(), &dynamodb.DescribeTableInput{TableName: &tableName}, time.Minute); err != nil {
		t.Fatalf("table %s does not become active: %v", tableName, err)
	}
	t.Cleanup(func() {
		if _, err := api.DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: &tableName}); err != nil {
			t.Errorf("delete table %s: %v", tableName, err)
		}
	})
	return tableName
}

func keySchema(hash, sort string) []types.KeySchemaElement {
	schema := []types.KeySchemaElement{{AttributeName: &hash, KeyType: types.KeyTypeHash}}
	if sort != "" {
		schema = append(schema, types.KeySchemaElement{AttributeName: &sort, KeyType: types.KeyTypeRange})
	}
	return schema
}

// at is a moment n milliseconds into the tests' own time.
func at(n int) time.Time {
	return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Millisecond)
}

// must ends the test at an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantFault checks the code of an error; "" wants none.
func wantFault(t *testing.T, err error, want fault.Code) {
	t.Helper()
	if got := fault.CodeOf(err); got != want {
		t.Fatalf("error %v, want %q", err, want)
	}
}

// stored reads an item as DynamoDB has it.
func stored(t *testing.T, tableName string, key item) item {
	t.Helper()
	answer, err := api.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: &tableName, Key: key, ConsistentRead: aws.Bool(true)})
	must(t, err)
	return answer.Item
}

// atOnce runs n functions at the same moment and returns their errors.
func atOnce(n int, run func(i int) error) []error {
	errs := make([]error, n)
	start, done := make(chan struct{}), make(chan struct{})
	for i := range n {
		go func() {
			<-start
			errs[i] = run(i)
			done <- struct{}{}
		}()
	}
	close(start)
	for range n {
		<-done
	}
	return errs
}

// count counts the errors of a code; "" counts successes.
func count(errs []error, code fault.Code) (n int) {
	for _, err := range errs {
		if fault.CodeOf(err) == code {
			n++
		}
	}
	return n
}
