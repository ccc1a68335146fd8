package check

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// field reads a text or a number out of an object; "" if there is none.
func field(payload json.RawMessage, name string) string {
	var object map[string]json.RawMessage
	if json.Unmarshal(payload, &object) != nil {
		return "" // an object without the field, for this purpose
	}
	return word(object[name])
}

// word is a JSON text or number as text.
func word(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	return string(value)
}

// transactional is what the messages of all versions say about transactions and meters.
type transactional struct {
	TransactionID   json.RawMessage `json:"transactionId"` // 1.6
	TransactionInfo struct {
		TransactionID string `json:"transactionId"`
	} `json:"transactionInfo"`
	MeterValue      []meterValue `json:"meterValue"`
	TransactionData []meterValue `json:"transactionData"` // 1.6
}

type meterValue struct {
	Timestamp    time.Time      `json:"timestamp"`
	SampledValue []sampledValue `json:"sampledValue"`
}

type sampledValue struct {
	Value     json.RawMessage `json:"value"`
	Context   string          `json:"context"`
	Measurand string          `json:"measurand"`
}

// about tells which transaction a message of a charge point is about; "" is none, "-1" one of 1.6 whose start was not answered.
func about(m *Message) (transaction string, said transactional) {
	switch m.Action {
	case "TransactionEvent", "MeterValues", "StopTransaction":
	default:
		return "", said
	}
	if json.Unmarshal(m.Payload, &said) != nil {
		return "", said // fleets send no such thing, and what is no object is about nothing
	}
	if said.TransactionInfo.TransactionID != "" {
		return said.TransactionInfo.TransactionID, said
	}
	return word(said.TransactionID), said
}

// key is the same for a reading however it is spelled: 1.6 says "7200", 2.x says 7200.
func key(at time.Time, values []sampledValue) string {
	var b bytes.Buffer
	b.WriteString(at.UTC().Format(time.RFC3339))
	for _, v := range values {
		text := word(v.Value)
		if number, err := strconv.ParseFloat(text, 64); err == nil {
			text = strconv.FormatFloat(number, 'g', -1, 64)
		}
		fmt.Fprintf(&b, " %s/%s=%s", v.Measurand, v.Context, text)
	}
	return b.String()
}

// same tells whether two JSON documents say the same.
func same(a, b json.RawMessage) bool {
	var left, right any
	if json.Unmarshal(a, &left) != nil || json.Unmarshal(b, &right) != nil {
		return bytes.Equal(a, b)
	}
	first, errFirst := json.Marshal(left)
	second, errSecond := json.Marshal(right)
	return errFirst == nil && errSecond == nil && bytes.Equal(first, second)
}
