package v201

import (
	"encoding/json"

	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// meterValues: OCPP 2.0.1 part 2, use case J01. Those of transactions come in TransactionEvent.
type meterValues struct {
	ocpp.Notice
	EVSEID     int          `json:"evseId"`
	MeterValue []meterValue `json:"meterValue"`
}

func (m meterValues) Effects(ocpp.Received) []ocpp.Effect {
	return []ocpp.Effect{ocpp.MeterRead{Connector: evse{ID: m.EVSEID}.connector(), Readings: readings(m.MeterValue)}}
}

// meterValue: OCPP 2.0.1 part 2, MeterValueType.
type meterValue struct {
	Timestamp    ocpp.Time      `json:"timestamp"`
	SampledValue []sampledValue `json:"sampledValue"`
}

// sampledValue: OCPP 2.0.1 part 2, SampledValueType.
type sampledValue struct {
	Value         json.RawMessage `json:"value"`
	Context       string          `json:"context"`
	Measurand     string          `json:"measurand"`
	Phase         string          `json:"phase"`
	Location      string          `json:"location"`
	Signed        json.RawMessage `json:"signedMeterValue"`
	UnitOfMeasure struct {
		Unit       string `json:"unit"`
		Multiplier int    `json:"multiplier"`
	} `json:"unitOfMeasure"`
}

func readings(values []meterValue) []transaction.Reading {
	var all []transaction.Reading
	for _, value := range values {
		reading := transaction.Reading{At: value.Timestamp.Time}
		for _, sample := range value.SampledValue {
			reading.Values = append(reading.Values, transaction.SampledValue{
				Value: ocpp.Text(sample.Value), Context: sample.Context, Measurand: sample.Measurand, Phase: sample.Phase,
				Location: sample.Location, Unit: sample.UnitOfMeasure.Unit, Multiplier: sample.UnitOfMeasure.Multiplier, Signed: sample.Signed,
			})
		}
		all = append(all, reading)
	}
	return all
}
