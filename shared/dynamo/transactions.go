package dynamo

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/dynamo/expression"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// Transactions is the TransactionTable, one item per transaction of any version:
//
//	chargePointId    S  partition key
//	transactionId    S  sort key
//	startDay         S  2006-01-02 in UTC: with startedAt the key of the index ByStartDay; neither exists
//	startedAt        S  while the start is unknown
//	endedAt, lastEventAt  S
//	protocol, connector, state, idToken, idTokenType, stopIdToken, stopReason, seqNos, startKey  S
//	connectorFrom, idTokenFrom  M  kind S, at S, order N: the event that told it
//	authorization, chargingState  M  at S, order N, value S
//	meterStart, meterStop         N  Wh
//	firstEnergy, highestEnergy, energy, power, soc  M  at S, value N in Wh, W, percent; elsewhere B of power that is not of the outlet
//	registers        M  by location and phase: start N, stop N, first M, highest M, newest M as above, while none of the outlet is known
//	supersededBy     S  transaction that began on its connector while it was running
//	commandId        S  remote start that led to it
//	remoteStartId, reservationId  N
//	offline, toldTwice  B
//	revision         N  counts writes: the condition of the next one
type Transactions struct{ table }

// NewTransactions opens the TransactionTable.
func NewTransactions(api *dynamodb.Client, tableName string) *Transactions {
	return &Transactions{open(api, tableName, "chargePointId", "transactionId")}
}

var _ transaction.Store = (*Transactions)(nil)

type transactionItem struct {
	ChargePointID string            `dynamodbav:"chargePointId"`
	ID            string            `dynamodbav:"transactionId"`
	Protocol      string            `dynamodbav:"protocol,omitempty"`
	Connector     string            `dynamodbav:"connector,omitempty"`
	ConnectorFrom *claimItem        `dynamodbav:"connectorFrom,omitempty"`
	State         transaction.State `dynamodbav:"state,omitempty"`
	StartDay      string            `dynamodbav:"startDay,omitempty"`
	StartedAt     time.Time         `dynamodbav:"startedAt,omitempty"`
	EndedAt       time.Time         `dynamodbav:"endedAt,omitempty"`
	LastEventAt   time.Time         `dynamodbav:"lastEventAt,omitempty"`

	IDToken       string     `dynamodbav:"idToken,omitempty"`
	IDTokenType   string     `dynamodbav:"idTokenType,omitempty"`
	IDTokenFrom   *claimItem `dynamodbav:"idTokenFrom,omitempty"`
	Authorization *datedItem `dynamodbav:"authorization,omitempty"`
	StopIDToken   string     `dynamodbav:"stopIdToken,omitempty"`
	StopReason    string     `dynamodbav:"stopReason,omitempty"`

	MeterStart    *float64      `dynamodbav:"meterStart,omitempty"`
	MeterStop     *float64      `dynamodbav:"meterStop,omitempty"`
	FirstEnergy   *measuredItem `dynamodbav:"firstEnergy,omitempty"`
	HighestEnergy *measuredItem `dynamodbav:"highestEnergy,omitempty"`
	Energy        *measuredItem `dynamodbav:"energy,omitempty"`
	Power         *measuredItem `dynamodbav:"power,omitempty"`
	SoC           *measuredItem `dynamodbav:"soc,omitempty"`

	Registers map[string]registerItem `dynamodbav:"registers,omitempty"`

	ChargingState *datedItem         `dynamodbav:"chargingState,omitempty"`
	RemoteStartID *int               `dynamodbav:"remoteStartId,omitempty"`
	ReservationID *int               `dynamodbav:"reservationId,omitempty"`
	Offline       bool               `dynamodbav:"offline,omitempty"`
	SeqNos        transaction.Ranges `dynamodbav:"seqNos,omitempty"`

	ToldTwice    bool   `dynamodbav:"toldTwice,omitempty"`
	SupersededBy string `dynamodbav:"supersededBy,omitempty"`
	CommandID    string `dynamodbav:"commandId,omitempty"`
	StartKey     string `dynamodbav:"startKey,omitempty"`
	Revision     int    `dynamodbav:"revision"`
}

type datedItem struct {
	At    time.Time `dynamodbav:"at,omitempty"`
	Order int       `dynamodbav:"order,omitempty"`
	Value string    `dynamodbav:"value"`
}

type claimItem struct {
	Kind  transaction.EventKind `dynamodbav:"kind"`
	At    time.Time             `dynamodbav:"at,omitempty"`
	Order int                   `dynamodbav:"order,omitempty"`
}

type measuredItem struct {
	At        time.Time `dynamodbav:"at,omitempty"`
	Value     float64   `dynamodbav:"value"`
	Elsewhere bool      `dynamodbav:"elsewhere,omitempty"`
}

type registerItem struct {
	Start   *float64      `dynamodbav:"start,omitempty"`
	Stop    *float64      `dynamodbav:"stop,omitempty"`
	First   *measuredItem `dynamodbav:"first"`
	Highest *measuredItem `dynamodbav:"highest"`
	Newest  *measuredItem `dynamodbav:"newest"`
}

func transactionItemOf(t transaction.Transaction) transactionItem {
	row := transactionItem{
		ChargePointID: t.ChargePointID, ID: t.ID, Protocol: t.Protocol, Connector: t.Connector, ConnectorFrom: claimItemOf(t.ConnectorFrom), State: t.State,
		StartedAt: t.StartedAt, EndedAt: t.EndedAt, LastEventAt: t.LastEventAt,
		IDToken: t.IDToken, IDTokenType: t.IDTokenType, IDTokenFrom: claimItemOf(t.IDTokenFrom), Authorization: datedItemOf(t.Authorization),
		StopIDToken: t.StopIDToken, StopReason: t.StopReason,
		MeterStart: t.MeterStart, MeterStop: t.MeterStop,
		FirstEnergy: (*measuredItem)(t.Meter.FirstEnergy), HighestEnergy: (*measuredItem)(t.Meter.HighestEnergy), Energy: (*measuredItem)(t.Meter.Energy),
		Power: (*measuredItem)(t.Meter.Power), SoC: (*measuredItem)(t.Meter.SoC), Registers: registerItemsOf(t.Meter.Others),
		ChargingState: datedItemOf(t.ChargingState), RemoteStartID: t.RemoteStartID, ReservationID: t.ReservationID,
		Offline: t.Offline, SeqNos: t.SeqNos, ToldTwice: t.ToldTwice, SupersededBy: t.SupersededBy, CommandID: t.CommandID, StartKey: t.StartKey, Revision: t.Revision,
	}
	if !t.StartedAt.IsZero() {
		row.StartDay = formatTime(t.StartedAt)[:len(time.DateOnly)]
	}
	return row
}

func (i transactionItem) value() transaction.Transaction {
	return transaction.Transaction{
		ChargePointID: i.ChargePointID, ID: i.ID, Protocol: i.Protocol, Connector: i.Connector, ConnectorFrom: i.ConnectorFrom.value(), State: i.State,
		StartedAt: i.StartedAt, EndedAt: i.EndedAt, LastEventAt: i.LastEventAt,
		IDToken: i.IDToken, IDTokenType: i.IDTokenType, IDTokenFrom: i.IDTokenFrom.value(), Authorization: i.Authorization.value(),
		StopIDToken: i.StopIDToken, StopReason: i.StopReason,
		MeterStart: i.MeterStart, MeterStop: i.MeterStop,
		Meter: transaction.Meter{
			FirstEnergy: (*transaction.Measured)(i.FirstEnergy), HighestEnergy: (*transaction.Measured)(i.HighestEnergy), Energy: (*transaction.Measured)(i.Energy),
			Power: (*transaction.Measured)(i.Power), SoC: (*transaction.Measured)(i.SoC), Others: registersOf(i.Registers),
		},
		ChargingState: i.ChargingState.value(), RemoteStartID: i.RemoteStartID, ReservationID: i.ReservationID,
		Offline: i.Offline, SeqNos: i.SeqNos, ToldTwice: i.ToldTwice, SupersededBy: i.SupersededBy, CommandID: i.CommandID, StartKey: i.StartKey, Revision: i.Revision,
	}
}

func claimItemOf(claim transaction.Claim) *claimItem {
	if claim == (transaction.Claim{}) {
		return nil
	}
	return (*claimItem)(&claim)
}

func (i *claimItem) value() transaction.Claim {
	if i == nil {
		return transaction.Claim{}
	}
	return transaction.Claim(*i)
}

func registerItemsOf(registers map[string]transaction.Register) map[string]registerItem {
	var items map[string]registerItem
	for name, r := range registers {
		if items == nil {
			items = make(map[string]registerItem, len(registers))
		}
		items[name] = registerItem{r.Start, r.Stop, (*measuredItem)(r.First), (*measuredItem)(r.Highest), (*measuredItem)(r.Newest)}
	}
	return items
}

// registersOf undoes registerItemsOf.
func registersOf(items map[string]registerItem) map[string]transaction.Register {
	var registers map[string]transaction.Register
	for name, i := range items {
		if registers == nil {
			registers = make(map[string]transaction.Register, len(items))
		}
		registers[name] = transaction.Register{Start: i.Start, Stop: i.Stop,
			First: (*transaction.Measured)(i.First), Highest: (*transaction.Measured)(i.Highest), Newest: (*transaction.Measured)(i.Newest)}
	}
	return registers
}

func datedItemOf(dated transaction.Dated) *datedItem {
	if dated == (transaction.Dated{}) {
		return nil
	}
	return (*datedItem)(&dated)
}

func (i *datedItem) value() transaction.Dated {
	if i == nil {
		return transaction.Dated{}
	}
	return transaction.Dated(*i)
}

func (t *Transactions) row(chargePointID, id string) row {
	return row{
		key:  item{t.hash: text(chargePointID), t.sort: text(id)},
		name: "transaction " + id + " of charge point " + chargePointID,
	}
}

// Get implements transaction.Store.
func (t *Transactions) Get(ctx context.Context, chargePointID, id string) (transaction.Transaction, error) {
	stored, err := t.get(ctx, t.row(chargePointID, id), true)
	if err != nil {
		return transaction.Transaction{}, err
	}
	decoded, err := decode[transactionItem](stored)
	return decoded.value(), err
}

// Begin implements transaction.Store. The row starts with revision 1, whatever t has. A transaction
// that is known by id only, because its start got lost, has no StartKey and so is a fault.Conflict.
func (t *Transactions) Begin(ctx context.Context, begun transaction.Transaction) error {
	r := t.row(begun.ChargePointID, begun.ID)
	begun.Revision = 1
	encoded, err := encode(transactionItemOf(begun))
	if err != nil {
		return err
	}
	_, claimed, err := t.update(ctx, r, absent(t.hash), setAll(expression.Update{}, encoded, r.key), types.ReturnValueNone)
	if claimed || err != nil {
		return err
	}
	same, err := t.matches(ctx, r, name("startKey").Equal(value(begun.StartKey)))
	if err == nil && !same {
		return fault.New(fault.Conflict, "%s is the one of another start", r.name)
	}
	return err
}

// Put implements transaction.Store.
func (t *Transactions) Put(ctx context.Context, put transaction.Transaction) error {
	read := name("revision").Equal(value(put.Revision))
	if put.Revision == 0 {
		read = absent(t.hash)
	}
	put.Revision++
	encoded, err := encode(transactionItemOf(put))
	if err != nil {
		return err
	}
	r := t.row(put.ChargePointID, put.ID)
	stored, err := t.put(ctx, r.name, encoded, read)
	if err == nil && !stored {
		return fault.New(fault.Conflict, "%s was written since revision %d was read: read it again", r.name, put.Revision-1)
	}
	return err
}

// List implements transaction.Store, in the order of the ids.
func (t *Transactions) List(ctx context.Context, chargePointID, cursor string, limit int) (transactions []transaction.Transaction, next string, err error) {
	items, next, err := t.query(ctx, chargePointID, ascending, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	transactions, err = decodeAll(items, transactionItem.value)
	return transactions, next, err
}
