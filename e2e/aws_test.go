package e2e

import (
	"bytes"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// operator is the AWS configuration of a person with administrator's rights.
func operator() aws.Config {
	endpoint := stack.Addresses().AWS
	return aws.Config{
		Region:       "us-east-1",
		BaseEndpoint: &endpoint,
		Credentials:  credentials.NewStaticCredentialsProvider("operator", "operator", ""),
	}
}

func things() *iot.Client           { return iot.NewFromConfig(operator()) }
func shadows() *iotdataplane.Client { return iotdataplane.NewFromConfig(operator()) }
func queues() *sqs.Client           { return sqs.NewFromConfig(operator()) }
func tables() *dynamodb.Client      { return dynamodb.NewFromConfig(operator()) }

// createThing makes a charge point known, as `aws iot create-thing` does.
func createThing(t *testing.T, id string) {
	t.Helper()
	if _, err := things().CreateThing(t.Context(), &iot.CreateThingInput{ThingName: &id}); err != nil {
		t.Fatal(err)
	}
}

func contains(document []byte, text string) bool { return bytes.Contains(document, []byte(text)) }

// stageHTTP is the endpoint of @connections.
func stageHTTP() string { return strings.Replace(stack.Addresses().Stage, "ws://", "http://", 1) }

// connectionID reads the connection that holds a charge point's session, where an operator would look.
func connectionID(t *testing.T, id string) string {
	t.Helper()
	table := "AwsOcppGatewayStack-ChargePointTable"
	found, err := tables().GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName: &table, Key: map[string]types.AttributeValue{"chargePointId": &types.AttributeValueMemberS{Value: id}},
	})
	if err != nil {
		t.Fatal(err)
	}
	connection, _ := found.Item["connectionId"].(*types.AttributeValueMemberS)
	if connection == nil {
		t.Fatalf("charge point %s has no connectionId: %v", id, found.Item)
	}
	return connection.Value
}
