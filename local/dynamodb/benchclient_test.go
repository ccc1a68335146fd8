package dynamodb

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// createThrough makes the table Commands by the API, with its local index alone.
func createThrough(b *testing.B, c *client.Client) {
	schema := func(hash, sort string) []types.KeySchemaElement {
		return []types.KeySchemaElement{{AttributeName: &hash, KeyType: types.KeyTypeHash}, {AttributeName: &sort, KeyType: types.KeyTypeRange}}
	}
	input := &client.CreateTableInput{
		TableName: aws.String("Commands"), BillingMode: types.BillingModePayPerRequest, KeySchema: schema("chargePointId", "commandId"),
		LocalSecondaryIndexes: []types.LocalSecondaryIndex{{
			IndexName: aws.String("Queued"), KeySchema: schema("chargePointId", "queuedAt"), Projection: &types.Projection{ProjectionType: types.ProjectionTypeKeysOnly},
		}},
	}
	for _, name := range []string{"chargePointId", "commandId", "queuedAt"} {
		input.AttributeDefinitions = append(input.AttributeDefinitions, types.AttributeDefinition{AttributeName: aws.String(name), AttributeType: types.ScalarAttributeTypeS})
	}
	if _, err := c.CreateTable(b.Context(), input); err != nil {
		b.Fatal(err)
	}
	waiter := client.NewTableExistsWaiter(c, func(o *client.TableExistsWaiterOptions) { o.MinDelay = 5 * time.Millisecond })
	if err := waiter.Wait(b.Context(), &client.DescribeTableInput{TableName: aws.String("Commands")}, time.Minute); err != nil {
		b.Fatal(err)
	}
}

// benchmarkOperations are those of benchmarked with AWS's client; their names begin with the order in which they are to run.
func benchmarkOperations(b *testing.B, c *client.Client) map[string]func(n int64) error {
	name := aws.String("Commands")
	key := func(n int64) attributes {
		return attributes{"chargePointId": text(fmt.Sprintf("CP%03d", n%1000)), "commandId": text("1")}
	}
	padding := text(strings.Repeat("x", 300))
	return map[string]func(n int64) error{
		"1put": func(n int64) error {
			item := key(n)
			item["payload"], item["queuedAt"] = padding, text("2026-03-01T12:00:00Z")
			_, err := c.PutItem(b.Context(), &client.PutItemInput{TableName: name, Item: item})
			return err
		},
		"2get": func(n int64) error {
			_, err := c.GetItem(b.Context(), &client.GetItemInput{TableName: name, Key: key(n), ConsistentRead: aws.Bool(true)})
			return err
		},
		"3update": func(n int64) error {
			_, err := c.UpdateItem(b.Context(), &client.UpdateItemInput{
				TableName: name, Key: key(n), UpdateExpression: aws.String("SET n = if_not_exists(n, :zero) + :one, #s = :s"),
				ConditionExpression: aws.String("attribute_exists(chargePointId) OR n < :one"), ExpressionAttributeNames: map[string]string{"#s": "status"},
				ExpressionAttributeValues: attributes{":zero": number("0"), ":one": number("1"), ":s": text("Sent")}, ReturnValues: types.ReturnValueAllNew,
			})
			return err
		},
		"4query": func(n int64) error {
			_, err := c.Query(b.Context(), &client.QueryInput{
				TableName: name, IndexName: aws.String("Queued"), KeyConditionExpression: aws.String("chargePointId = :c"), Limit: aws.Int32(1),
				ExpressionAttributeValues: attributes{":c": key(n)["chargePointId"]},
			})
			return err
		},
	}
}
