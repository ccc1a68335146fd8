package dynamo

import (
	"cmp"
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/dynamo/expression"
)

// Connectors is the ConnectorTable, one item per connector:
//
//	chargePointId  S  partition key
//	connector      S  sort key: "1", "1#2" for EVSE 1 connector 2
//	status         S  in the version's own words
//	errorCode, info, vendorId, vendorErrorCode  S
//	at             S  by the charge point's clock
//	receivedAt     S  by ours: the later one wins, within a millisecond the later one by the charge point's clock
//	transactionId  S  the transaction that began on it last, until it ends
//	startedAt      S  when that was, by the charge point's clock
//	previousId     S  the transaction that had not ended when it began
//	endedId        S  the transaction of startedAt, once it has ended
type Connectors struct{ table }

// NewConnectors opens the ConnectorTable.
func NewConnectors(api *dynamodb.Client, tableName string) *Connectors {
	return &Connectors{open(api, tableName, "chargePointId", "connector")}
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
	TransactionID string    `dynamodbav:"transactionId,omitempty"`
	PreviousID    string    `dynamodbav:"previousId,omitempty"`
	EndedID       string    `dynamodbav:"endedId,omitempty"`
}

func (i connectorItem) value() chargepoint.Connector {
	return chargepoint.Connector{
		ChargePointID: i.ChargePointID, Connector: i.Connector, Status: i.Status, ErrorCode: i.ErrorCode, Info: i.Info,
		VendorID: i.VendorID, VendorError: i.VendorError, At: i.At, ReceivedAt: i.ReceivedAt, TransactionID: i.TransactionID,
	}
}

// optionalOfConnector are the attributes that a later status can lack.
var optionalOfConnector = []string{"status", "errorCode", "info", "vendorId", "vendorErrorCode", "at"}

// Put implements chargepoint.Connectors. The order of the calls says little: messages of a charge point that
// does not wait for answers are handled beside each other, and overtake. What the gateway received later is
// later; of two in one millisecond it is the one that the charge point itself dates later, and only where that says
// nothing, either, the one that is put last.
func (t *Connectors) Put(ctx context.Context, connector chargepoint.Connector) error {
	encoded, err := encode(connectorItem{ // without the transaction, which Occupy and Vacate write
		ChargePointID: connector.ChargePointID, Connector: connector.Connector, Status: connector.Status, ErrorCode: connector.ErrorCode,
		Info: connector.Info, VendorID: connector.VendorID, VendorError: connector.VendorError, At: connector.At, ReceivedAt: connector.ReceivedAt,
	})
	if err != nil {
		return err
	}
	r := t.row(connector.ChargePointID, connector.Connector)
	change := setAll(expression.Update{}, encoded, r.key)
	for _, attribute := range optionalOfConnector {
		if _, set := encoded[attribute]; !set {
			change = change.Remove(name(attribute))
		}
	}
	received, at := value(connector.ReceivedAt), value(connector.At)
	sameMoment := name("receivedAt").Equal(received).And(absent("at").Or(name("at").LessThanEqual(at)))
	notLater := absent("receivedAt").Or(name("receivedAt").LessThan(received), sameMoment)
	_, _, err = t.update(ctx, r, notLater, change, types.ReturnValueNone)
	return err
}

func (t *Connectors) row(chargePointID, connector string) row {
	return row{
		key:  item{t.hash: text(chargePointID), t.sort: text(connector)},
		name: "connector " + connector + " of charge point " + chargePointID,
	}
}

// Occupy implements chargepoint.Connectors. The one before is kept beside the note, so that a caller who
// died after the note was made learns it when it comes again.
func (t *Connectors) Occupy(ctx context.Context, chargePointID, connector, transactionID string, startedAt time.Time) (before, after string, err error) {
	r := t.row(chargePointID, connector)
	id := value(transactionID)
	another := absent("transactionId").Or(name("transactionId").NotEqual(id))
	notOlder := absent("startedAt").Or(name("startedAt").LessThanEqual(value(startedAt)))
	change := expression.
		Set(name("previousId"), name("transactionId").IfNotExists(expression.Value(&types.AttributeValueMemberNULL{Value: true}))).
		Set(name("transactionId"), id).
		Set(name("startedAt"), value(startedAt))
	noted, done, err := t.update(ctx, r, another.And(notOlder), change, types.ReturnValueAllNew)
	if err == nil && !done {
		noted, _, err = t.update(ctx, r, expression.Exists(name(t.hash)), expression.Remove(name(neverWritten)), types.ReturnValueAllNew)
	}
	if err != nil || noted == nil {
		return "", "", err
	}
	now, err := decode[connectorItem](noted)
	if newest := cmp.Or(now.TransactionID, now.EndedID); newest != transactionID {
		return "", newest, err
	}
	return now.PreviousID, "", err
}

// Vacate implements chargepoint.Connectors.
func (t *Connectors) Vacate(ctx context.Context, chargePointID, connector, transactionID string) error {
	held := name("transactionId").Equal(value(transactionID))
	ended := expression.Set(name("endedId"), value(transactionID)).Remove(name("transactionId"))
	_, _, err := t.update(ctx, t.row(chargePointID, connector), held, ended, types.ReturnValueNone)
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
	return decodeAll(all, connectorItem.value)
}
