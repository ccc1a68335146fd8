package dynamo

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
)

// Connectors is the ConnectorTable, one item per connector:
//
//	chargePointId  S  partition key
//	connector      S  sort key: "1", "1#2" for EVSE 1 connector 2
//	status         S  in the version's own words
//	errorCode, info, vendorId, vendorErrorCode  S
//	at             S  by the charge point's clock
//	receivedAt     S  by ours: the later one wins
type Connectors struct{ table }

// NewConnectors opens the ConnectorTable.
func NewConnectors(api *dynamodb.Client, tableName string) *Connectors {
	return &Connectors{table{api: api, name: tableName, hash: "chargePointId", sort: "connector"}}
}

var _ chargepoint.Connectors = (*Connectors)(nil)

type connectorItem struct {
	ChargePointID string    `dynamodbav:"chargePointId"`
	Connector     string    `dynamodbav:"connector"`
	Status        string    `dynamodbav:"status,omitempty"`
	ErrorCode     string    `dynamodbav:"errorCode,omitempty"`
	Info          string    `dynamodbav:"info,omitempty"`
	VendorID      string    `dynamodbav:"vendorId,omitempty"`
	VendorError   string    `dynamodbav:"vendorErrorCode,omitempty"`
	At            time.Time `dynamodbav:"at,omitempty"`
	ReceivedAt    time.Time `dynamodbav:"receivedAt,omitempty"`
}

// optionalOfConnector are the attributes that a later status can lack.
var optionalOfConnector = []string{"status", "errorCode", "info", "vendorId", "vendorErrorCode", "at"}

// Put implements chargepoint.Connectors. A status of the same millisecond replaces the one before: the
// queue keeps the order in which a charge point sent them.
func (t *Connectors) Put(ctx context.Context, connector chargepoint.Connector) error {
	encoded, err := encode(connectorItem(connector))
	if err != nil {
		return err
	}
	r := row{
		key:  item{t.hash: text(connector.ChargePointID), t.sort: text(connector.Connector)},
		name: "connector " + connector.Connector + " of charge point " + connector.ChargePointID,
	}
	change := setAll(expression.UpdateBuilder{}, encoded, r.key)
	for _, attribute := range optionalOfConnector {
		if _, set := encoded[attribute]; !set {
			change = change.Remove(name(attribute))
		}
	}
	notLater := absent(t.hash).Or(name("receivedAt").LessThanEqual(value(connector.ReceivedAt)))
	_, _, err = t.update(ctx, r, notLater, change, types.ReturnValueNone)
	return err
}

// List implements chargepoint.Connectors.
func (t *Connectors) List(ctx context.Context, chargePointID string) ([]chargepoint.Connector, error) {
	var all []item
	for cursor := ""; ; {
		page, next, err := t.query(ctx, chargePointID, ascending, cursor, maxPage)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if next == "" {
			break
		}
		cursor = next
	}
	return decodeAll(all, func(i connectorItem) chargepoint.Connector { return chargepoint.Connector(i) })
}
