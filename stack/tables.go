package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/jsii-runtime-go"
)

// table describes one DynamoDB table. All key attributes are strings.
type table struct {
	name         string
	partitionKey string
	sortKey      string  // "" for none
	expires      bool    // items carry the time of their end, in seconds since 1970, in the attribute ttl
	global       *index  // looked up by another partition key
	local        []index // the same partition key, sorted otherwise; each holds only items that have its sort key
}

// index is a secondary index of keys only: what it finds is read from the table.
type index struct {
	name         string
	partitionKey string // "" for a local index
	sortKey      string
}

var tables = []table{
	{
		name: "ChargePointTable", partitionKey: "chargePointId",
		global: &index{name: "Connected", partitionKey: "connectedShard", sortKey: "chargePointId"}, // those that have a session
	},
	{name: "ConnectorTable", partitionKey: "chargePointId", sortKey: "connector"},
	{
		name: "TransactionTable", partitionKey: "chargePointId", sortKey: "transactionId",
		global: &index{name: "ByStartDay", partitionKey: "startDay", sortKey: "startedAt"},
	},
	{name: "MeterValueTable", partitionKey: "transactionKey", sortKey: "sampledKey", expires: true},
	{
		name: "CommandTable", partitionKey: "chargePointId", sortKey: "commandId", expires: true,
		global: &index{name: "Failed", partitionKey: "failedOn", sortKey: "finishedAt"}, // those that failed, by day and shard
		local: []index{
			{name: "Queued", sortKey: "queuedAt"},
			{name: "RemoteStarts", sortKey: "remoteStartedAt"}, // those whose transaction is not known yet
		},
	},
	{name: "TokenTable", partitionKey: "idToken", expires: true},
	{
		name: "MessageTable", partitionKey: "chargePointId", sortKey: "messageKey", expires: true,
		global: &index{name: "Refused", partitionKey: "refusedOn", sortKey: "receivedAt"}, // refused connections, by day and shard
	},
	{name: "VariableTable", partitionKey: "chargePointId", sortKey: "variable"},
	{name: "ReportTable", partitionKey: "chargePointId", sortKey: "report", expires: true},
	{name: "ReservationTable", partitionKey: "chargePointId", sortKey: "reservationId"},
	{name: "IdempotencyTable", partitionKey: "scope", sortKey: "idempotencyKey", expires: true},
	{name: "CampaignTable", partitionKey: "campaignId", sortKey: "member", expires: true},
}

func (b *backend) addTables() {
	b.tables = make(map[string]awsdynamodb.Table, len(tables))
	for _, t := range tables {
		b.tables[t.name] = b.addTable(t)
	}
}

func (b *backend) addTable(t table) awsdynamodb.Table {
	props := &awsdynamodb.TableProps{
		TableName:    b.name(t.name),
		PartitionKey: keyAttribute(t.partitionKey),
		SortKey:      keyAttribute(t.sortKey),
		BillingMode:  awsdynamodb.BillingMode_PAY_PER_REQUEST,
		Encryption:   awsdynamodb.TableEncryption_AWS_MANAGED,
		PointInTimeRecoverySpecification: &awsdynamodb.PointInTimeRecoverySpecification{
			PointInTimeRecoveryEnabled: jsii.Bool(true),
		},
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	}
	if b.properties.KeepTables {
		// A first deployment that fails still takes its empty tables away, so that the second one can succeed.
		props.RemovalPolicy = awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE
	}
	if t.expires {
		props.TimeToLiveAttribute = jsii.String("ttl")
	}

	made := awsdynamodb.NewTable(b.stack, &t.name, props)
	if t.global != nil {
		made.AddGlobalSecondaryIndex(&awsdynamodb.GlobalSecondaryIndexProps{
			IndexName:      &t.global.name,
			PartitionKey:   keyAttribute(t.global.partitionKey),
			SortKey:        keyAttribute(t.global.sortKey),
			ProjectionType: awsdynamodb.ProjectionType_KEYS_ONLY,
		})
	}
	for _, local := range t.local {
		made.AddLocalSecondaryIndex(&awsdynamodb.LocalSecondaryIndexProps{
			IndexName:      &local.name,
			SortKey:        keyAttribute(local.sortKey),
			ProjectionType: awsdynamodb.ProjectionType_KEYS_ONLY,
		})
	}
	return made
}

// keyAttribute is nil for a key that a table does not have.
func keyAttribute(name string) *awsdynamodb.Attribute {
	if name == "" {
		return nil
	}
	return &awsdynamodb.Attribute{Name: &name, Type: awsdynamodb.AttributeType_STRING}
}
