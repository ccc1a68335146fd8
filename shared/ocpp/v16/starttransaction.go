package v16

import (
	"encoding/json"
	"strconv"

	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// startTransaction: OCPP 1.6 section 4.8. It is answered with a transaction id whatever is thought of
// the id tag: the charge point has started, or decides itself to stop (StopTransactionOnInvalidId).
type startTransaction struct {
	ConnectorID   int       `json:"connectorId"`
	IDTag         string    `json:"idTag"`
	MeterStart    float64   `json:"meterStart"` // Wh, whole ones: others are tolerated
	ReservationID *int      `json:"reservationId"`
	Timestamp     ocpp.Time `json:"timestamp"`
}

func (m startTransaction) Needs() ocpp.Needs {
	return ocpp.Needs{IDToken: m.IDTag, Start: &ocpp.Start{
		ConnectorID: m.ConnectorID, IDTag: m.IDTag, At: m.Timestamp.Time, MeterStart: whole(m.MeterStart),
	}}
}

type started struct {
	TransactionID int      `json:"transactionId"`
	IDTagInfo     *tagInfo `json:"idTagInfo"`
}

func (startTransaction) Answer(known ocpp.Known) any {
	return started{TransactionID: known.TransactionID, IDTagInfo: idTagInfo(known.Authorization)}
}

func (m startTransaction) Effects(received ocpp.Received) []ocpp.Effect {
	answer := started{IDTagInfo: &tagInfo{}}
	if err := json.Unmarshal(received.Answer, &answer); err != nil || answer.TransactionID == 0 {
		return nil // it was refused: no transaction came of it
	}
	return []ocpp.Effect{ocpp.TransactionChanged{Event: transaction.Event{
		Kind:          transaction.EventStarted,
		TransactionID: strconv.Itoa(answer.TransactionID),
		At:            m.Timestamp.Time,
		Connector:     connector(m.ConnectorID),
		IDToken:       m.IDTag,
		Authorization: string(answer.IDTagInfo.Status),
		MeterStart:    &m.MeterStart,
		ReservationID: m.ReservationID,
		StartKey:      transaction.StartKey(m.ConnectorID, m.IDTag, m.Timestamp.Time, whole(m.MeterStart)),
	}}}
}

// whole is a register in whole Wh, which name a transaction. No meter has counted as many as a float64 cannot tell apart.
func whole(register float64) int {
	const most = 1 << 53
	return int(max(-most, min(register, most)))
}
