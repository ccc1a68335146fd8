package items

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// start makes clients of a DynamoDB that answers each call with status and body: ours, and the SDK's.
func start(t *testing.T, status int, body string) (ours *Client, theirs *dynamodb.Client, calls *[]string) {
	t.Helper()
	calls = new([]string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		request, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		*calls = append(*calls, r.Header.Get("X-Amz-Target")+" "+string(request))
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		w.WriteHeader(status)
		io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	theirs = dynamodb.NewFromConfig(aws.Config{
		Region: "eu-central-1", Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""), BaseEndpoint: &server.URL,
	})
	return New(theirs), theirs, calls
}

var (
	name = "T"
	key  = map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: "1"}}
)

// Whatever the SDK's client sends and returns, this one does.
func TestCallsAreThoseOfTheSDK(t *testing.T) {
	const item = `{"id":{"S":"1"},"n":{"N":"7"},"m":{"M":{"l":{"L":[{"BOOL":true},{"NULL":true}]}}}}`
	for target, test := range map[string]struct {
		answer string
		ours   func(context.Context, *Client) (any, error)
		theirs func(context.Context, *dynamodb.Client) (any, error)
	}{
		"GetItem": {`{"Item":` + item + `}`,
			func(ctx context.Context, c *Client) (any, error) {
				return c.GetItem(ctx, &dynamodb.GetItemInput{TableName: &name, Key: key})
			},
			func(ctx context.Context, c *dynamodb.Client) (any, error) {
				return c.GetItem(ctx, &dynamodb.GetItemInput{TableName: &name, Key: key})
			}},
		"PutItem": {`{}`,
			func(ctx context.Context, c *Client) (any, error) {
				return c.PutItem(ctx, &dynamodb.PutItemInput{TableName: &name, Item: key})
			},
			func(ctx context.Context, c *dynamodb.Client) (any, error) {
				return c.PutItem(ctx, &dynamodb.PutItemInput{TableName: &name, Item: key})
			}},
		"UpdateItem": {`{"Attributes":` + item + `}`,
			func(ctx context.Context, c *Client) (any, error) {
				return c.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: &name, Key: key, UpdateExpression: new("REMOVE n")})
			},
			func(ctx context.Context, c *dynamodb.Client) (any, error) {
				return c.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: &name, Key: key, UpdateExpression: new("REMOVE n")})
			}},
		"DeleteItem": {``,
			func(ctx context.Context, c *Client) (any, error) {
				return c.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &name, Key: key})
			},
			func(ctx context.Context, c *dynamodb.Client) (any, error) {
				return c.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &name, Key: key})
			}},
		"Query": {`{"Count":1,"Items":[` + item + `],"LastEvaluatedKey":{"id":{"S":"1"}}}`,
			func(ctx context.Context, c *Client) (any, error) {
				return c.Query(ctx, &dynamodb.QueryInput{TableName: &name, ExclusiveStartKey: key})
			},
			func(ctx context.Context, c *dynamodb.Client) (any, error) {
				return c.Query(ctx, &dynamodb.QueryInput{TableName: &name, ExclusiveStartKey: key})
			}},
		"Scan": {`{"Count":1,"Items":[` + item + `]}`,
			func(ctx context.Context, c *Client) (any, error) {
				return c.Scan(ctx, &dynamodb.ScanInput{TableName: &name})
			},
			func(ctx context.Context, c *dynamodb.Client) (any, error) {
				return c.Scan(ctx, &dynamodb.ScanInput{TableName: &name})
			}},
		"BatchWriteItem": {`{"UnprocessedItems":{"T":[{"PutRequest":{"Item":` + item + `}}]}}`,
			func(ctx context.Context, c *Client) (any, error) { return c.BatchWriteItem(ctx, batch) },
			func(ctx context.Context, c *dynamodb.Client) (any, error) { return c.BatchWriteItem(ctx, batch) }},
	} {
		ours, theirs, calls := start(t, http.StatusOK, test.answer)
		got, err := test.ours(t.Context(), ours)
		want, wantErr := test.theirs(t.Context(), theirs)
		if err != nil || wantErr != nil {
			t.Fatal(target, err, wantErr)
		}
		if len(*calls) != 2 || (*calls)[0] != (*calls)[1] || !strings.HasPrefix((*calls)[0], "DynamoDB_20120810."+target+" ") {
			t.Errorf("%s calls %q", target, *calls)
		}
		withoutMetadata := reflect.ValueOf(want).Elem().FieldByName("ResultMetadata")
		withoutMetadata.SetZero()
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s returns %+v, the SDK %+v", target, got, want)
		}
	}
}

var batch = &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{"T": {{PutRequest: &types.PutRequest{Item: key}}}}}

func TestErrors(t *testing.T) {
	const prefix = "com.amazonaws.dynamodb.v20120810#"
	ours, _, calls := start(t, http.StatusBadRequest, `{"__type":"`+prefix+`ConditionalCheckFailedException","message":"no","Item":{"id":{"S":"2"}}}`)
	_, err := ours.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &name, Item: key})
	failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err)
	want := map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: "2"}}
	if !ok || !reflect.DeepEqual(failed.Item, want) || len(*calls) != 1 {
		t.Errorf("%d calls: %v", len(*calls), err)
	}
	for _, test := range []struct {
		status   int
		code     string
		attempts int
	}{
		{400, "ProvisionedThroughputExceededException", 3},
		{500, "InternalServerError", 3},
		{400, "ValidationException", 1},
		{400, "ResourceNotFoundException", 1},
	} {
		ours, theirs, calls := start(t, test.status, `{"__type":"`+prefix+test.code+`","message":"no"}`)
		_, err := ours.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: &name, Key: key})
		_, want := theirs.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: &name, Key: key})
		if err == nil || err.Error() != want.Error() || !strings.Contains(err.Error(), test.code) {
			t.Errorf("%v, the SDK has %v", err, want)
		}
		if len(*calls) < test.attempts+1 || test.attempts == 1 && len(*calls) != 2 {
			t.Errorf("%s: %d calls", test.code, len(*calls))
		}
	}
}
