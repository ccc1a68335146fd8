package v201

import (
	"encoding/json"

	"github.com/serverless-ocpp/backend/shared/exactjson"
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
	"github.com/serverless-ocpp/backend/shared/variable"
)

// notifyReport: OCPP 2.0.1 part 2, use cases B07 and B08. A part of the device model, which is kept as
// it is, and variable by variable.
type notifyReport struct {
	ocpp.Notice
	GeneratedAt ocpp.Time    `json:"generatedAt"`
	RequestID   int          `json:"requestId"`
	SeqNo       int          `json:"seqNo"`
	TBC         bool         `json:"tbc"`
	ReportData  []reportData `json:"reportData"`
}

// reportData: OCPP 2.0.1 part 2, ReportDataType.
type reportData struct {
	Component       variable.Component `json:"component"`
	Variable        variable.Name      `json:"variable"`
	Attributes      json.RawMessage    `json:"variableAttribute"`
	Characteristics json.RawMessage    `json:"variableCharacteristics"`
}

func (m notifyReport) Effects(received ocpp.Received) []ocpp.Effect {
	effects := received.Part(report.Inventory, m.RequestID, m.SeqNo, m.TBC, m.GeneratedAt.Time)
	var variables []variable.Variable
	for _, data := range m.ReportData {
		variables = append(variables, variable.Variable{
			Component:       data.Component,
			Variable:        data.Variable,
			Value:           actual(data.Attributes),
			Attributes:      data.Attributes,
			Characteristics: data.Characteristics,
			At:              m.GeneratedAt.Time,
			ReceivedAt:      received.At,
		})
	}
	return append(effects, reported(newest(variables))...)
}

// actual is the value of the attribute Actual, which an attribute without a type is; "" if there is none.
func actual(attributes json.RawMessage) string {
	var all []struct {
		Type  string `json:"type"`
		Value string `json:"value"`
	}
	if exactjson.Unmarshal(attributes, &all) != nil {
		return "" // the schema does not let it happen
	}
	for _, attribute := range all {
		if attribute.Type == "" || attribute.Type == "Actual" {
			return attribute.Value
		}
	}
	return ""
}
