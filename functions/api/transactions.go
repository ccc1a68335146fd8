package main

import (
	"context"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

func (a *API) transactionRoutes() []route {
	return []route{
		{method: "GET", path: "/charge-points/{id}/transactions", id: "listTransactions", tag: tagTransactions, summary: "List the transactions of a charge point",
			description: "With transactionId the answer is that one with its meter readings, as from the path that ends in it, whatever is in the id.",
			query:       append([]parameter{{name: "transactionId", description: pathMembers["transactionId"], schema: ""}}, paged...),
			answers:     map[int]any{http.StatusOK: anyOf{transactionList{}, transactionDetail{}}}, problems: []int{http.StatusNotFound, http.StatusUnprocessableEntity}, serve: a.listTransactions},
		{method: "GET", path: "/transactions", id: "listTransactionsOfDay", tag: tagTransactions, summary: "List the transactions that started on a day, of all charge points, latest first",
			query:   append([]parameter{{name: "day", description: "such as 2026-03-01, in UTC; without it today", schema: ""}}, paged...),
			answers: map[int]any{http.StatusOK: transactionList{}}, problems: []int{http.StatusUnprocessableEntity}, serve: a.listTransactionsOfDay},
		{method: "GET", path: "/charge-points/{id}/transactions/{transactionId}", id: "getTransaction", tag: tagTransactions, summary: "Read a transaction with its meter readings",
			description: "limit and cursor are of the readings. A transaction outlives its charge point.",
			query:       paged, answers: map[int]any{http.StatusOK: transactionDetail{}}, problems: []int{http.StatusNotFound, http.StatusUnprocessableEntity}, serve: a.getTransaction},
	}
}

// transactionView is a transaction of any version. Energy is in Wh, power in W; what was never said is left out.
type transactionView struct {
	ChargePointID string            `json:"chargePointId"`
	TransactionID string            `json:"transactionId"`
	Protocol      string            `json:"protocol,omitempty"`
	Connector     string            `json:"connector,omitempty"`
	State         transaction.State `json:"state"`
	StartedAt     time.Time         `json:"startedAt,omitzero"`
	EndedAt       time.Time         `json:"endedAt,omitzero"`

	IDToken       string `json:"idToken,omitempty"`
	IDTokenType   string `json:"idTokenType,omitempty"`
	Authorization string `json:"authorization,omitempty"` // what the charge point was told of the token last
	StopIDToken   string `json:"stopIdToken,omitempty"`
	StopReason    string `json:"stopReason,omitempty"`

	Energy        *float64 `json:"energyWh,omitempty"` // charged so far
	Duration      float64  `json:"durationSeconds"`    // up to the end, or the last event
	MeterStart    *float64 `json:"meterStartWh,omitempty"`
	MeterStop     *float64 `json:"meterStopWh,omitempty"`
	Power         *float64 `json:"powerW,omitempty"`
	StateOfCharge *float64 `json:"stateOfChargePercent,omitempty"`

	ChargingState string             `json:"chargingState,omitempty"`
	RemoteStartID *int               `json:"remoteStartId,omitempty"`
	ReservationID *int               `json:"reservationId,omitempty"`
	Offline       bool               `json:"offline,omitempty"`       // a part of it happened while the charge point was offline
	MissingSeqNos transaction.Ranges `json:"missingSeqNos,omitempty"` // 2.x events that never came, such as "3,7-9"
	LastEventAt   time.Time          `json:"lastEventAt,omitzero"`    // by the charge point's clock

	Doubts       []transaction.Doubt `json:"doubts,omitempty"`       // reasons to look before somebody is billed
	CommandID    string              `json:"commandId,omitempty"`    // remote start that led to it
	SupersededBy string              `json:"supersededBy,omitempty"` // transaction that began on the connector, while the end of this one is not known
}

// transactionList is a page of transactions.
type transactionList struct {
	Transactions []transactionView `json:"transactions"`
	NextCursor   string            `json:"nextCursor,omitempty"`
}

// transactionDetail is a transaction with a page of its meter readings.
type transactionDetail struct {
	transactionView
	Readings   []transaction.Reading `json:"meterValues"`
	NextCursor string                `json:"nextCursor,omitempty"` // of the readings
}

func viewTransaction(t transaction.Transaction) transactionView {
	meterStart, meterStop := t.Marked()
	return transactionView{
		ChargePointID: t.ChargePointID, TransactionID: t.ID, Protocol: t.Protocol, Connector: t.Connector,
		State: t.State, StartedAt: t.StartedAt, EndedAt: t.EndedAt,
		IDToken: t.IDToken, IDTokenType: t.IDTokenType, Authorization: t.Authorization.Value, StopIDToken: t.StopIDToken, StopReason: t.StopReason,
		Energy: t.Energy(), Duration: t.Duration().Seconds(), MeterStart: meterStart, MeterStop: meterStop, Power: value(t.Meter.Power), StateOfCharge: value(t.Meter.SoC),
		ChargingState: t.ChargingState.Value, RemoteStartID: t.RemoteStartID, ReservationID: t.ReservationID,
		Offline: t.Offline, MissingSeqNos: t.SeqNos.Gaps(), LastEventAt: t.LastEventAt,
		Doubts: t.Doubts(), CommandID: t.CommandID, SupersededBy: t.SupersededBy,
	}
}

func value(measured *transaction.Measured) *float64 {
	if measured == nil {
		return nil
	}
	return &measured.Value
}

func (a *API) listTransactions(r *http.Request) (answer, error) {
	if id := r.URL.Query().Get("transactionId"); id != "" {
		return a.readTransaction(r, id)
	}
	list := func(ctx context.Context, chargePointID, cursor string, limit int) ([]transaction.Transaction, string, error) {
		found, next, err := a.Transactions.List(ctx, chargePointID, cursor, limit)
		if err == nil {
			err = a.bringUpToDate(ctx, found)
		}
		return found, next, err
	}
	found, next, err := listOf(a, r, list, viewTransaction)
	if err != nil {
		return answer{}, err
	}
	return reply(http.StatusOK, transactionList{found, next}), nil
}

// listTransactionsOfDay lists the transactions of the fleet. One whose start was never told is on no day.
func (a *API) listTransactionsOfDay(r *http.Request) (answer, error) {
	cursor, limit, err := page(r)
	if err != nil {
		return answer{}, err
	}
	day := a.Now()
	if given := r.URL.Query().Get("day"); given != "" {
		if day, err = time.Parse(time.DateOnly, given); err != nil {
			return answer{}, fault.New(fault.Invalid, "'day' must be a day such as 2026-03-01, not %.40q", given)
		}
	}
	found, next, err := a.Transactions.ListByDay(r.Context(), day, cursor, limit)
	if err == nil {
		err = a.bringUpToDate(r.Context(), found)
	}
	if err != nil {
		return answer{}, err
	}
	return reply(http.StatusOK, transactionList{views(found, viewTransaction), next}), nil
}

func (a *API) getTransaction(r *http.Request) (answer, error) {
	return a.readTransaction(r, r.PathValue("transactionId"))
}

// readTransaction answers a transaction with a page of its meter readings; limit and cursor are theirs.
// It outlives its charge point, so that is not looked up.
func (a *API) readTransaction(r *http.Request, id string) (answer, error) {
	cursor, limit, err := page(r)
	if err != nil {
		return answer{}, err
	}
	chargePointID := r.PathValue("id")
	if len(id) > longestID {
		return answer{}, noTransaction(chargePointID, id[:longestID])
	}
	found, err := a.transactionOf(r.Context(), chargePointID, id)
	if err != nil {
		return answer{}, err
	}
	readings, next, err := a.Readings.List(r.Context(), chargePointID, id, cursor, limit)
	if err != nil {
		return answer{}, err
	}
	detail := transactionDetail{viewTransaction(found), append([]transaction.Reading{}, readings...), next}
	return reply(http.StatusOK, detail), nil
}

// transactionOf reads a transaction with all that its readings say, be it that nothing else was heard of it. fault.NotFound
// if nothing was.
func (a *API) transactionOf(ctx context.Context, chargePointID, id string) (transaction.Transaction, error) {
	found, err := a.Transactions.Get(ctx, chargePointID, id)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return found, err
	}
	found.ChargePointID, found.ID = chargePointID, id
	if err := a.applyReadings(ctx, &found); err != nil {
		return found, err
	}
	if found.State == "" {
		return found, noTransaction(chargePointID, id)
	}
	return found, nil
}

func noTransaction(chargePointID, id string) error {
	return fault.New(fault.NotFound, "charge point %q has no transaction %q", chargePointID, id)
}

// readersAtOnce is how many transactions' readings are read at the same time.
const readersAtOnce = 16

// bringUpToDate applies to records what came after them: see package transaction, readings.go.
func (a *API) bringUpToDate(ctx context.Context, found []transaction.Transaction) error {
	var all errgroup.Group
	all.SetLimit(readersAtOnce)
	for i := range found {
		all.Go(func() error { return a.applyReadings(ctx, &found[i]) })
	}
	return all.Wait()
}

func (a *API) applyReadings(ctx context.Context, t *transaction.Transaction) error {
	if t.Settled() {
		return nil
	}
	events, err := a.Readings.Events(ctx, t.ChargePointID, t.ID, t.ReadSince())
	*t = t.ApplyAll(events)
	return err
}
