package check

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// none are the transactions of readings of a connector without one, and of 1.6 when its start was never answered. They are stored
// under names of the system's own.
var none = []string{"", "-1"}

// readings compares the meter values that were sent with those that are stored, transaction by transaction. A reading that was sent in
// two messages is one.
func (c *comparison) readings() {
	acknowledged, sent := map[string]map[string]string{}, map[string]map[string]string{} // message id by transaction and reading
	for _, m := range c.told.Messages {
		id, said := about(m)
		for _, value := range slices.Concat(said.MeterValue, said.TransactionData) {
			put(sent, id, key(value.Timestamp, value.SampledValue), m.ID)
			if m.acknowledged() {
				put(acknowledged, id, key(value.Timestamp, value.SampledValue), m.ID)
			}
		}
	}
	stored := map[string]map[string]string{}
	for id, rows := range c.known.Readings {
		for _, row := range rows {
			var values []sampledValue
			if err := json.Unmarshal(row.Values, &values); err != nil {
				c.find(ReadingMade, id, "", fmt.Sprintf("a reading that is no JSON: %s", row.Values))
				continue
			}
			reading := key(row.At, values)
			if stored[id][reading] != "" {
				c.find(ReadingMade, id, "one reading", "two rows: "+reading)
			}
			put(stored, id, reading, "stored")
		}
	}
	elsewhere := map[string]string{}
	for id := range stored {
		if sent[id] == nil {
			maps.Copy(elsewhere, stored[id])
		}
	}
	for id := range acknowledged {
		kept := stored[id]
		if slices.Contains(none, id) {
			kept = elsewhere
		}
		for _, reading := range slices.Sorted(maps.Keys(acknowledged[id])) {
			if kept[reading] == "" {
				c.find(ReadingLost, id, fmt.Sprintf("message %s was acknowledged with %s", acknowledged[id][reading], reading), "")
			}
		}
	}
	for id := range stored {
		if sent[id] == nil {
			continue // of connectors without a transaction, or of one whose id the charge point never learnt
		}
		for reading := range stored[id] {
			if sent[id][reading] == "" {
				c.find(ReadingMade, id, "", reading)
			}
		}
	}
}

func put(all map[string]map[string]string, transaction, reading, message string) {
	if all[transaction] == nil {
		all[transaction] = map[string]string{}
	}
	all[transaction][reading] = message
}
