package v201

import (
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/variable"
)

// newest leaves of each variable what was true last, as one message may tell of it several times.
func newest(variables []variable.Variable) []variable.Variable {
	place := make(map[string]int)
	var last []variable.Variable
	for _, v := range variables {
		i, known := place[v.Key()]
		switch {
		case !known:
			place[v.Key()] = len(last)
			last = append(last, v)
		case !v.At.Before(last[i].At):
			last[i] = v
		}
	}
	return last
}

// reported is the effect of variables; none of none.
func reported(variables []variable.Variable) []ocpp.Effect {
	if len(variables) == 0 {
		return nil
	}
	return []ocpp.Effect{ocpp.VariablesReported{Variables: variables}}
}
