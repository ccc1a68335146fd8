// Package items makes the calls of DynamoDB by package signed. What goes in and comes out, errors included, are the types of
// the SDK, which also writes and reads their JSON.
package items

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/schemas"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/serverless-ocpp/backend/shared/signed"
)

// Client makes calls that read and write items.
type Client struct {
	api      *signed.Client
	protocol smithyhttp.ClientProtocol
}

// New calls with what a client of DynamoDB was made with. Its endpoint is the Region's also where the SDK would take the
// account's: the credentials of a function do not name the account.
func New(api *dynamodb.Client) *Client {
	o := api.Options()
	config := aws.Config{Region: o.Region, Credentials: o.Credentials, HTTPClient: o.HTTPClient, Retryer: func() aws.Retryer { return o.Retryer }}
	return &Client{protocol: o.Protocol, api: signed.New(config, signed.Service{ID: dynamodb.ServiceID, SigningName: "dynamodb"}, func() (string, error) {
		found, err := o.EndpointResolverV2.ResolveEndpoint(context.Background(), dynamodb.EndpointParameters{
			Region: &o.Region, Endpoint: o.BaseEndpoint,
			UseFIPS:      new(o.EndpointOptions.UseFIPSEndpoint == aws.FIPSEndpointStateEnabled),
			UseDualStack: new(o.EndpointOptions.UseDualStackEndpoint == aws.DualStackEndpointStateEnabled),
		})
		return found.URI.String(), err
	})}
}

// operation is a call and the shapes of its two messages.
type operation struct {
	name   string
	schema *smithy.OperationSchema
}

func operationOf(name string, schema, input, output *smithy.Schema) operation {
	return operation{name, smithy.NewOperationSchema(schema, input, output)}
}

var (
	getItem        = operationOf("GetItem", schemas.GetItem, schemas.GetItemInput, schemas.GetItemOutput)
	putItem        = operationOf("PutItem", schemas.PutItem, schemas.PutItemInput, schemas.PutItemOutput)
	updateItem     = operationOf("UpdateItem", schemas.UpdateItem, schemas.UpdateItemInput, schemas.UpdateItemOutput)
	deleteItem     = operationOf("DeleteItem", schemas.DeleteItem, schemas.DeleteItemInput, schemas.DeleteItemOutput)
	query          = operationOf("Query", schemas.Query, schemas.QueryInput, schemas.QueryOutput)
	scan           = operationOf("Scan", schemas.Scan, schemas.ScanInput, schemas.ScanOutput)
	batchWriteItem = operationOf("BatchWriteItem", schemas.BatchWriteItem, schemas.BatchWriteItemInput, schemas.BatchWriteItemOutput)
)

// GetItem reads one item.
func (c *Client) GetItem(ctx context.Context, input *dynamodb.GetItemInput) (*dynamodb.GetItemOutput, error) {
	return do(ctx, c, getItem, input, &dynamodb.GetItemOutput{})
}

// PutItem writes one item whole.
func (c *Client) PutItem(ctx context.Context, input *dynamodb.PutItemInput) (*dynamodb.PutItemOutput, error) {
	return do(ctx, c, putItem, input, &dynamodb.PutItemOutput{})
}

// UpdateItem changes one item.
func (c *Client) UpdateItem(ctx context.Context, input *dynamodb.UpdateItemInput) (*dynamodb.UpdateItemOutput, error) {
	return do(ctx, c, updateItem, input, &dynamodb.UpdateItemOutput{})
}

// DeleteItem deletes one item.
func (c *Client) DeleteItem(ctx context.Context, input *dynamodb.DeleteItemInput) (*dynamodb.DeleteItemOutput, error) {
	return do(ctx, c, deleteItem, input, &dynamodb.DeleteItemOutput{})
}

var _ dynamodb.QueryAPIClient = (*Client)(nil)

// Query reads items of one partition. The options change nothing: paginators of the SDK give one, to be counted.
func (c *Client) Query(ctx context.Context, input *dynamodb.QueryInput, _ ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error) {
	return do(ctx, c, query, input, &dynamodb.QueryOutput{})
}

// Scan reads items of a whole table.
func (c *Client) Scan(ctx context.Context, input *dynamodb.ScanInput) (*dynamodb.ScanOutput, error) {
	return do(ctx, c, scan, input, &dynamodb.ScanOutput{})
}

// BatchWriteItem writes and deletes up to 25 items.
func (c *Client) BatchWriteItem(ctx context.Context, input *dynamodb.BatchWriteItemInput) (*dynamodb.BatchWriteItemOutput, error) {
	return do(ctx, c, batchWriteItem, input, &dynamodb.BatchWriteItemOutput{})
}

// do makes one call, and returns output once it is filled.
func do[T smithy.Deserializable](ctx context.Context, c *Client, op operation, input smithy.Serializable, output T) (T, error) {
	var none T
	request := smithyhttp.NewStackRequest().(*smithyhttp.Request)
	if err := c.protocol.SerializeRequest(ctx, op.schema, input, request); err != nil {
		return none, err
	}
	request.Header.Set("Accept-Encoding", "identity") // DynamoDB would compress, and items are small
	body, err := io.ReadAll(request.GetStream())
	if err != nil {
		return none, err
	}
	read := func(response *http.Response) error {
		return c.protocol.DeserializeResponse(ctx, op.schema, dynamodb.TypeRegistry, &smithyhttp.Response{Response: response}, output)
	}
	answer, err := c.api.Do(ctx, signed.Call{
		Operation: op.name, Method: http.MethodPost, Path: "/", Header: request.Header, Body: body, Refused: read,
	})
	if err != nil {
		return none, err
	}
	if err := read(&http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(bytes.NewReader(answer))}); err != nil {
		return none, err
	}
	return output, nil
}
