package main

import (
	"encoding/json"
	"strings"
)

// A shadow merges objects: a member that an update leaves out keeps its old value, and null deletes
// it. A copy of a message must therefore say null for each member that the message before may have had.

// dataLimit keeps copies of messages well inside the 8 KB that a shadow takes in all.
const dataLimit = 3 * 1024

// cut replaces a payload that is too large for a shadow by a note.
func cut(payload json.RawMessage) map[string]any {
	var members map[string]any
	if len(payload) > dataLimit || json.Unmarshal(payload, &members) != nil {
		return map[string]any{"omitted": "the payload is too large for a device shadow", "bytes": len(payload)}
	}
	return members
}

// copies are where a patch has one.
var copies = [][2]string{{"lastTransactionEvent", "data"}, {"lastCallResult", "payload"}}

// leaveOut replaces the copies in a patch by a note, and tells whether there was any. A shadow takes eight levels and no null in a list.
func leaveOut(patch map[string]any) (done bool) {
	for _, at := range copies {
		around, _ := patch[at[0]].(map[string]any)
		of, _ := around[at[1]].(map[string]any)
		if of == nil || of["omitted"] != nil {
			continue
		}
		for name := range of {
			of[name] = nil
		}
		of["omitted"], done = "the payload does not fit into a device shadow", true
	}
	return done
}

// optional are the members that messages about transactions may leave out, of all versions.
var optional = strings.Fields(`
	omitted bytes
	connectorId idTag meterStart meterStop meterValue reason reservationId timestamp transactionData transactionId
	cableMaxCurrent costDetails customData eventType evse evseSleep idToken numberOfPhasesUsed offline preconditioningStatus
	seqNo transactionInfo triggerReason
	evse.connectorId evse.customData idToken.additionalInfo idToken.customData
	transactionInfo.chargingState transactionInfo.customData transactionInfo.operationMode transactionInfo.remoteStartId
	transactionInfo.stoppedReason transactionInfo.tariffId transactionInfo.timeSpentCharging transactionInfo.transactionLimit`)

// withoutRemains adds null for what a message about a transaction does not have.
func withoutRemains(data map[string]any) map[string]any {
	for _, path := range optional {
		object := data
		parent, name, nested := strings.Cut(path, ".")
		if nested {
			if object, _ = data[parent].(map[string]any); object == nil {
				continue // null deletes the whole of it
			}
		} else {
			name = parent
		}
		if _, has := object[name]; !has {
			object[name] = nil
		}
	}
	return data
}

// replacing adds null for what stands in old and not in the new object, at every depth.
func replacing(old json.RawMessage, object map[string]any) map[string]any {
	var members map[string]json.RawMessage
	if json.Unmarshal(old, &members) != nil {
		return object // nothing was there, or no object
	}
	for name, was := range members {
		value, has := object[name]
		if inner, isObject := value.(map[string]any); isObject {
			object[name] = replacing(was, inner)
		} else if !has {
			object[name] = nil
		}
	}
	return object
}
