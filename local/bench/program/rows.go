package program

import (
	"maps"
	"strings"
)

// row is an item of DynamoDB: values by their types, by attribute.
type row map[string]map[string]string

func text(value string) map[string]string   { return map[string]string{"S": value} }
func number(value string) map[string]string { return map[string]string{"N": value} }

var (
	chargePoint = row{"thingId": text("t"), "registration": text("Accepted"), "bootStatus": text("Accepted"), "protocol": text("ocpp1.6")}
	command     = row{"action": text("Reset"), "payload": text(`{"type":"Soft"}`), "protocol": text("ocpp1.6"), "state": text("accepted")}
	// Its second tick is due, and has the right to work.
	campaign = row{"phase": text("ordering"), "tick": number("2"), "worker": number("2"), "perMinute": number("60")}
	member   = row{"commandId": text("0195a1c4-7f1e-7c3a-9b0e-2f6d1c5e8a01"), "state": text("sent"), "commands": number("1")}
)

// rowOf is the row that a table has for a key; nil for one of a table of which nothing is found.
func rowOf(table string, key row) row {
	var content row
	switch {
	case strings.HasSuffix(table, "ChargePointTable"):
		content = chargePoint
	case strings.HasSuffix(table, "CommandTable"):
		content = command
	case strings.HasSuffix(table, "CampaignTable") && key["campaignId"]["S"] == "#": // where the campaigns are themselves
		content = campaign
	case strings.HasSuffix(table, "CampaignTable"):
		content = member
	default:
		return nil
	}
	whole := maps.Clone(content)
	maps.Copy(whole, key)
	return whole
}
