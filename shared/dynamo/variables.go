package dynamo

import (
	"context"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/dynamo/expression"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/variable"
)

// Variables is the VariableTable, one item per variable:
//
//	chargePointId      S  partition key
//	variable           S  sort key: component/variable (variable.Variable.Key)
//	componentName, componentInstance, variableName, variableInstance  S  as they were spelled last
//	evseId, connectorId  N
//	value              S  of the attribute Actual
//	attributes, characteristics  S  JSON, as reported
//	readOnly           B
//	at                 S  by the charge point's clock
//	receivedAt         S  by ours: the later one wins
type Variables struct{ table }

// NewVariables opens the VariableTable.
func NewVariables(api *dynamodb.Client, tableName string) *Variables {
	return &Variables{open(api, tableName, "chargePointId", "variable")}
}

var _ variable.Store = (*Variables)(nil)

type variableItem struct {
	ChargePointID     string    `dynamodbav:"chargePointId"`
	Variable          string    `dynamodbav:"variable"`
	ComponentName     string    `dynamodbav:"componentName,omitempty"`
	ComponentInstance string    `dynamodbav:"componentInstance,omitempty"`
	EVSEID            *int      `dynamodbav:"evseId,omitempty"`
	ConnectorID       int       `dynamodbav:"connectorId,omitempty"`
	VariableName      string    `dynamodbav:"variableName,omitempty"`
	VariableInstance  string    `dynamodbav:"variableInstance,omitempty"`
	Value             string    `dynamodbav:"value,omitempty"`
	Attributes        string    `dynamodbav:"attributes,omitempty"`
	Characteristics   string    `dynamodbav:"characteristics,omitempty"`
	ReadOnly          bool      `dynamodbav:"readOnly"` // false is said, too: a key can become writable
	At                time.Time `dynamodbav:"at,omitempty"`
	ReceivedAt        time.Time `dynamodbav:"receivedAt,omitempty"`
}

func variableItemOf(v variable.Variable) variableItem {
	row := variableItem{
		ChargePointID: v.ChargePointID, Variable: v.Key(),
		ComponentName: v.Component.Name, ComponentInstance: v.Component.Instance,
		VariableName: v.Variable.Name, VariableInstance: v.Variable.Instance,
		Value: v.Value, Attributes: string(v.Attributes), Characteristics: string(v.Characteristics), ReadOnly: v.ReadOnly,
		At: v.At, ReceivedAt: v.ReceivedAt,
	}
	if v.Component.EVSE != nil {
		row.EVSEID, row.ConnectorID = &v.Component.EVSE.ID, v.Component.EVSE.ConnectorID
	}
	return row
}

func (i variableItem) value() variable.Variable {
	v := variable.Variable{
		ChargePointID: i.ChargePointID,
		Component:     variable.Component{Name: i.ComponentName, Instance: i.ComponentInstance},
		Variable:      variable.Name{Name: i.VariableName, Instance: i.VariableInstance},
		Value:         i.Value, Attributes: jsonOf(i.Attributes), Characteristics: jsonOf(i.Characteristics), ReadOnly: i.ReadOnly,
		At: i.At, ReceivedAt: i.ReceivedAt,
	}
	if i.EVSEID != nil {
		v.Component.EVSE = &variable.EVSE{ID: *i.EVSEID, ConnectorID: i.ConnectorID}
	}
	return v
}

// writesAtOnce bounds the updates under way for one report, which may tell hundreds of variables: at some 5 ms each a
// thousand take a third of a second, far below what DynamoDB takes for one partition (1,000 writes/s).
const writesAtOnce = 16

// Put implements variable.Store. fault.Invalid if a name is too long for a key: the other variables are stored.
func (t *Variables) Put(ctx context.Context, variables []variable.Variable) error {
	var tooLong error
	byKey := make(map[string][]variable.Variable, len(variables)) // what is told twice is written in its order
	for _, v := range variables {
		key := v.Key()
		if len(key) > maxSortKey {
			tooLong = fault.New(fault.Invalid, "table %s: the name of variable %.100s… of charge point %s has %d bytes, of %d that are possible",
				t.name, key, v.ChargePointID, len(key), maxSortKey)
			continue
		}
		byKey[v.ChargePointID+"#"+key] = append(byKey[v.ChargePointID+"#"+key], v)
	}
	ctx, stop := context.WithCancelCause(ctx) // the first error ends the rest, and is what is told
	defer stop(nil)
	var writes sync.WaitGroup
	free := make(chan struct{}, writesAtOnce)
	for _, same := range byKey {
		free <- struct{}{}
		writes.Go(func() {
			defer func() { <-free }()
			for _, v := range same {
				if err := t.putOne(ctx, v); err != nil {
					stop(err)
					return
				}
			}
		})
	}
	writes.Wait()
	if err := context.Cause(ctx); err != nil {
		return err
	}
	return tooLong
}

func (t *Variables) putOne(ctx context.Context, v variable.Variable) error {
	encoded, err := encode(variableItemOf(v)) // without what was not told
	if err != nil {
		return err
	}
	r := row{
		key:  item{t.hash: text(v.ChargePointID), t.sort: text(v.Key())},
		name: "variable " + v.Key() + " of charge point " + v.ChargePointID,
	}
	notLater := absent(t.hash).Or(name("receivedAt").LessThanEqual(value(v.ReceivedAt)))
	_, _, err = t.update(ctx, r, notLater, setAll(expression.Update{}, encoded, r.key), types.ReturnValueNone)
	return err
}

// List implements variable.Store.
func (t *Variables) List(ctx context.Context, chargePointID, cursor string, limit int) (variables []variable.Variable, next string, err error) {
	items, next, err := t.query(ctx, chargePointID, ascending, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	variables, err = decodeAll(items, variableItem.value)
	return variables, next, err
}
