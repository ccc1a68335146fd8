package v201

import (
	"encoding/json"

	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// transactionEvent: OCPP 2.0.1 part 2, section E. The id token and the EVSE are sent once and not
// repeated (E 1.5); the answer speaks of the id token when one was sent (E01.FR.11).
type transactionEvent struct {
	EventType       transaction.EventKind `json:"eventType"`
	Timestamp       ocpp.Time             `json:"timestamp"`
	TriggerReason   string                `json:"triggerReason"`
	SeqNo           int                   `json:"seqNo"`
	Offline         bool                  `json:"offline"`
	ReservationID   *int                  `json:"reservationId"`
	MeterValue      []meterValue          `json:"meterValue"`
	IDToken         *idToken              `json:"idToken"`
	EVSE            *evse                 `json:"evse"`
	TransactionInfo struct {
		TransactionID string `json:"transactionId"`
		ChargingState string `json:"chargingState"`
		StoppedReason string `json:"stoppedReason"`
		RemoteStartID *int   `json:"remoteStartId"`
	} `json:"transactionInfo"`
}

func (m transactionEvent) Needs() ocpp.Needs {
	if m.IDToken == nil {
		return ocpp.Needs{}
	}
	return m.IDToken.needs()
}

func (m transactionEvent) Answer(known ocpp.Known) any {
	if m.IDToken == nil {
		return authorized{}
	}
	return authorized{IDTokenInfo: m.IDToken.info(known.Authorization)}
}

func (m transactionEvent) Effects(received ocpp.Received) []ocpp.Effect {
	if m.TransactionInfo.TransactionID == "" {
		return []ocpp.Effect{ocpp.Dropped{Reason: "the id of the transaction is empty, and nothing can be kept under no name"}}
	}
	event := transaction.Event{
		Kind:          m.EventType,
		TransactionID: m.TransactionInfo.TransactionID,
		At:            m.Timestamp.Time,
		SeqNo:         &m.SeqNo,
		Readings:      readings(m.MeterValue),
		ChargingState: m.TransactionInfo.ChargingState,
		StopReason:    m.TransactionInfo.StoppedReason,
		RemoteStartID: m.TransactionInfo.RemoteStartID,
		ReservationID: m.ReservationID,
		Offline:       m.Offline,
		Periodic:      m.TriggerReason == "MeterValuePeriodic" || m.TriggerReason == "MeterValueClock",
	}
	if m.EVSE != nil {
		event.Connector = m.EVSE.connector()
	}
	if m.IDToken != nil {
		event.IDToken, event.IDTokenType = m.IDToken.IDToken, m.IDToken.Type
		var answer authorized
		if json.Unmarshal(received.Answer, &answer) == nil && answer.IDTokenInfo != nil {
			event.Authorization = string(answer.IDTokenInfo.Status)
		}
	}
	return []ocpp.Effect{ocpp.TransactionChanged{Event: event}}
}
