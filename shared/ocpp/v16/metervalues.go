package v16

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// meterValues: OCPP 1.6 section 4.7.
type meterValues struct {
	ocpp.Notice
	ConnectorID   int          `json:"connectorId"`
	TransactionID int          `json:"transactionId"`
	MeterValue    []meterValue `json:"meterValue"`
}

func (m meterValues) Effects(ocpp.Received) []ocpp.Effect {
	read := readings(m.MeterValue)
	if len(read) == 0 {
		return nil
	}
	if m.TransactionID <= 0 { // none, or one whose start was never answered
		return []ocpp.Effect{ocpp.MeterRead{Connector: connector(m.ConnectorID), Readings: read}}
	}
	newest := slices.MaxFunc(read, func(a, b transaction.Reading) int { return a.At.Compare(b.At) })
	return []ocpp.Effect{ocpp.TransactionChanged{Event: transaction.Event{
		Kind:          transaction.EventUpdated,
		TransactionID: strconv.Itoa(m.TransactionID),
		At:            newest.At,
		Connector:     connector(m.ConnectorID),
		Readings:      read,
		Periodic:      true, // in 1.6 a change has a message of its own
	}}}
}

// meterValue: OCPP 1.6 section 7.33.
type meterValue struct {
	Timestamp    ocpp.Time      `json:"timestamp"`
	SampledValue []sampledValue `json:"sampledValue"`
}

// sampledValue: OCPP 1.6 section 7.43.
type sampledValue struct {
	Value     json.RawMessage `json:"value"`
	Context   string          `json:"context"`
	Format    string          `json:"format"`
	Measurand string          `json:"measurand"`
	Phase     string          `json:"phase"`
	Location  string          `json:"location"`
	Unit      string          `json:"unit"`
}

func readings(values []meterValue) []transaction.Reading {
	var all []transaction.Reading
	for _, value := range values {
		reading := transaction.Reading{At: value.Timestamp.Time}
		for _, sample := range value.SampledValue {
			reading.Values = append(reading.Values, transaction.SampledValue{
				Value: ocpp.Text(sample.Value), Context: sample.Context, Format: sample.Format, Measurand: sample.Measurand,
				Phase: sample.Phase, Location: sample.Location, Unit: sample.Unit,
			})
		}
		all = append(all, reading)
	}
	return all
}
