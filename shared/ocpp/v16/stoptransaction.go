package v16

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// stopTransaction: OCPP 1.6 section 4.10. Without an id tag the charge point stopped of itself.
type stopTransaction struct {
	IDTag           string       `json:"idTag"`
	MeterStop       float64      `json:"meterStop"` // Wh, as in startTransaction
	Timestamp       ocpp.Time    `json:"timestamp"`
	TransactionID   int          `json:"transactionId"`
	Reason          string       `json:"reason"`
	TransactionData []meterValue `json:"transactionData"`
}

func (m stopTransaction) Needs() ocpp.Needs { return ocpp.Needs{IDToken: m.IDTag} }

func (m stopTransaction) Answer(known ocpp.Known) any {
	if m.IDTag == "" {
		return authorized{}
	}
	return authorized{IDTagInfo: idTagInfo(known.Authorization)}
}

// defaultReason is what a missing reason means (errata 2.6).
const defaultReason = "Local"

func (m stopTransaction) Effects(ocpp.Received) []ocpp.Effect {
	return []ocpp.Effect{ocpp.TransactionChanged{Event: transaction.Event{
		Kind:          transaction.EventEnded,
		TransactionID: m.transactionID(),
		At:            m.Timestamp.Time,
		IDToken:       m.IDTag,
		MeterStop:     &m.MeterStop,
		StopReason:    cmp.Or(m.Reason, defaultReason),
		Readings:      readings(m.TransactionData),
	}}}
}

// transactionID names the transaction. A charge point whose StartTransaction was never answered stops
// the transaction -1 (errata 3.18): its end is kept under a name of its time and meter, and of its id tag and readings if there are any. That is
// all that tells it from another's, and the same when it is repeated. After a power failure all connectors stop at one moment.
func (m stopTransaction) transactionID() string {
	if m.TransactionID > 0 {
		return strconv.Itoa(m.TransactionID)
	}
	name := fmt.Sprintf("unanswered-%s-%d", m.Timestamp.Format(time.RFC3339), whole(m.MeterStop))
	if m.IDTag == "" && len(m.TransactionData) == 0 {
		return name
	}
	read, _ := json.Marshal(readings(m.TransactionData)) // of strings and times that were read from JSON
	sum := sha256.Sum256(append([]byte(strings.ToLower(m.IDTag)+"\n"), read...))
	return name + "-" + hex.EncodeToString(sum[:4])
}
