package main

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/serverless-ocpp/backend/shared/variable"
)

// variableView is a variable of the device model, or a configuration key of OCPP 1.6, which has no component.
type variableView struct {
	Component       *variable.Component `json:"component,omitempty"`
	Variable        variable.Name       `json:"variable"`
	Value           string              `json:"value,omitempty"`           // as told last, by whichever message
	Attributes      json.RawMessage     `json:"attributes,omitempty"`      // 2.x, as reported last
	Characteristics json.RawMessage     `json:"characteristics,omitempty"` // likewise
	ReadOnly        bool                `json:"readOnly,omitempty"`        // 1.6
	Timestamp       time.Time           `json:"timestamp,omitzero"`        // by the charge point's clock
	ReceivedAt      time.Time           `json:"receivedAt"`
}

// variableList is a page of variables.
type variableList struct {
	Variables  []variableView `json:"variables"`
	NextCursor string         `json:"nextCursor,omitempty"`
}

func viewVariable(v variable.Variable) variableView {
	view := variableView{
		Variable: v.Variable, Value: v.Value, Attributes: v.Attributes, Characteristics: v.Characteristics, ReadOnly: v.ReadOnly,
		Timestamp: v.At, ReceivedAt: v.ReceivedAt,
	}
	if v.Component.Name != "" {
		view.Component = &v.Component
	}
	return view
}

func (a *API) listVariables(r *http.Request) (answer, error) {
	found, next, err := listOf(a, r, a.Variables.List, viewVariable)
	if err != nil {
		return answer{}, err
	}
	return reply(http.StatusOK, variableList{found, next}), nil
}
