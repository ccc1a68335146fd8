package v201

import (
	"slices"
	"strings"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/report"
	"github.com/serverless-ocpp/backend/shared/variable"
)

// notifyEvent: OCPP 2.0.1 part 2, use case N07. Each event brings the value of a variable; that of a
// connector's availability stands for a StatusNotification (G01, and always so in OCPP 2.1).
type notifyEvent struct {
	ocpp.Notice
	GeneratedAt ocpp.Time   `json:"generatedAt"`
	SeqNo       int         `json:"seqNo"`
	TBC         bool        `json:"tbc"`
	EventData   []eventData `json:"eventData"`
}

// eventData: OCPP 2.0.1 part 2, EventDataType.
type eventData struct {
	Timestamp   ocpp.Time          `json:"timestamp"`
	ActualValue string             `json:"actualValue"`
	Component   variable.Component `json:"component"`
	Variable    variable.Name      `json:"variable"`
}

func (m notifyEvent) Effects(received ocpp.Received) []ocpp.Effect {
	var variables []variable.Variable
	for _, event := range m.EventData {
		variables = append(variables, variable.Variable{
			Component:  event.Component,
			Variable:   event.Variable,
			Value:      event.ActualValue,
			At:         event.Timestamp.Time,
			ReceivedAt: received.At,
		})
	}
	variables = newest(variables)
	return slices.Concat(
		received.OccurrencePart(report.Event, m.SeqNo, m.TBC, m.GeneratedAt.Time),
		reported(variables),
		connectors(variables),
	)
}

// connectors are the states of connectors among variables.
func connectors(variables []variable.Variable) []ocpp.Effect {
	var changed []ocpp.Effect
	for _, v := range variables {
		if !isAvailability(v) {
			continue
		}
		changed = append(changed, ocpp.ConnectorChanged{Connector: chargepoint.Connector{
			Connector:  evse(*v.Component.EVSE).connector(),
			Status:     v.Value,
			At:         v.At,
			ReceivedAt: v.ReceivedAt,
		}})
	}
	return changed
}

func isAvailability(v variable.Variable) bool {
	return strings.EqualFold(v.Component.Name, "Connector") && v.Component.EVSE != nil &&
		strings.EqualFold(v.Variable.Name, "AvailabilityState") && v.Value != ""
}
