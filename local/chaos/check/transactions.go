package check

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/serverless-ocpp/backend/local/fleet/ledger"
)

// Words of the system.
const (
	stateEnded         = "Ended"
	doubtNotAuthorized = "notAuthorized" // true of a driver whose token is blocked, and no loss
	unansweredPrefix   = "unanswered-"   // the end of a transaction of 1.6 whose start was not answered
)

// transactions compares each transaction of the charge point with its record, and each record with the charge point's.
func (c *comparison) transactions() {
	records := map[string]Transaction{}
	for _, record := range c.known.Transactions {
		if _, twice := records[record.ID]; twice {
			c.find(TransactionTwice, record.ID, "", "listed twice")
		}
		records[record.ID] = record
	}
	complete := c.complete()
	owned := map[string]bool{}
	for _, tx := range c.told.Transactions {
		if tx.ID == "" {
			continue
		}
		owned[tx.ID] = true
		record, found := records[tx.ID]
		switch {
		case !found && tx.StartAnswered:
			c.find(TransactionLost, tx.ID, fmt.Sprintf("%+v", tx), "")
		case found:
			c.transaction(tx, record, complete)
		}
	}
	for _, record := range c.known.Transactions {
		if !owned[record.ID] {
			c.unowned(record)
		}
	}
}

// complete tells whether every message that matters was acknowledged: then nothing is in doubt.
func (c *comparison) complete() bool {
	return !slices.ContainsFunc(c.told.Messages, func(m *Message) bool {
		id, _ := about(m)
		return (id != "" || m.Action == "StartTransaction") && !m.acknowledged()
	})
}

func (c *comparison) transaction(tx ledger.Transaction, record Transaction, complete bool) {
	var wrong []string
	differs := func(when bool, what string) {
		if when {
			wrong = append(wrong, what)
		}
	}
	evse, _, _ := strings.Cut(record.Connector, "#")
	if tx.StartAnswered {
		differs(!record.StartedAt.Equal(tx.StartedAt), "start")
		differs(!strings.EqualFold(record.IDToken, tx.IDToken), "id token")
		differs(evse != strconv.Itoa(tx.Connector), "connector")
	}
	if tx.EndAnswered {
		differs(record.State != stateEnded, "state")
		differs(!record.EndedAt.Equal(tx.EndedAt), "end")
	}
	if tx.StartAnswered && tx.EndAnswered {
		differs(record.EnergyWh == nil || *record.EnergyWh != float64(tx.EnergyWh()), "energy")
	}
	if tx.EndedAt.IsZero() {
		differs(record.State == stateEnded, "ended")
	}
	doubts := slices.DeleteFunc(slices.Clone(record.Doubts), func(doubt string) bool { return doubt == doubtNotAuthorized })
	differs(complete && len(doubts) > 0, "doubts")
	if len(wrong) > 0 {
		c.find(TransactionWrong, tx.ID, fmt.Sprintf("%+v, %d Wh", tx, tx.EnergyWh()), fmt.Sprintf("%s differ: %s", strings.Join(wrong, ", "), shown(record)))
	}
}

// unowned judges a record whose id the charge point does not know. In 1.6 that may be right: the answer that gave the id was lost.
func (c *comparison) unowned(record Transaction) {
	if strings.HasPrefix(record.ID, unansweredPrefix) {
		if !slices.ContainsFunc(c.told.Transactions, func(tx ledger.Transaction) bool { return !tx.StartAnswered && tx.EndedAt.Equal(record.EndedAt) }) {
			c.find(TransactionMade, record.ID, "", shown(record))
		}
		return
	}
	begun := func(tx ledger.Transaction) bool {
		return tx.StartedAt.Equal(record.StartedAt) && strconv.Itoa(tx.Connector) == record.Connector
	}
	number := slices.IndexFunc(c.told.Transactions, begun)
	switch {
	case number < 0:
		c.find(TransactionMade, record.ID, "", shown(record))
	case c.told.Transactions[number].ID != "":
		c.find(TransactionTwice, record.ID, fmt.Sprintf("%+v", c.told.Transactions[number]), shown(record))
	}
}

func shown(record Transaction) string {
	energy := "no energy"
	if record.EnergyWh != nil {
		energy = fmt.Sprintf("%g Wh", *record.EnergyWh)
	}
	return fmt.Sprintf("%+v, %s", record, energy)
}
