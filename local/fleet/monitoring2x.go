package fleet

import "slices"

// monitor is a VariableMonitoring that the central system has set. None ever triggers, for no variable changes by itself; in
// 2.1 one may have an event stream.
type monitor struct {
	id          int
	component   component2x
	variable    variable2x
	kind        string
	value       float64
	severity    int
	transaction bool
}

func setVariableMonitoring(s *Station, r struct {
	Data []struct {
		ID          int         `json:"id"`
		Component   component2x `json:"component"`
		Variable    variable2x  `json:"variable"`
		Type        string      `json:"type"`
		Value       float64     `json:"value"`
		Severity    int         `json:"severity"`
		Transaction bool        `json:"transaction"`

		Stream *streamSettings `json:"periodicEventStream"` // 2.1
	} `json:"setMonitoringData"`
}) (any, func()) {
	var (
		results []object
		streams []func()
	)
	for _, wanted := range r.Data {
		result := object{"type": wanted.Type, "severity": wanted.Severity, "component": wanted.Component, "variable": wanted.Variable}
		_, word := addressed{Component: wanted.Component, Variable: wanted.Variable}.find(s)
		if word == accepted {
			id := wanted.ID
			if id == 0 {
				s.notes.monitorCount++
				id = s.notes.monitorCount
			}
			s.notes.monitors = slices.DeleteFunc(s.notes.monitors, func(m monitor) bool { return m.id == id })
			s.notes.monitors = append(s.notes.monitors, monitor{id, wanted.Component, wanted.Variable, wanted.Type, wanted.Value, wanted.Severity, wanted.Transaction})
			result["id"] = id
			if wanted.Stream != nil {
				streams = append(streams, func() { s.openStream(id, *wanted.Stream) })
			}
		}
		result["status"] = word
		results = append(results, result)
	}
	return object{"setMonitoringResult": results}, func() {
		for _, open := range streams {
			open()
		}
	}
}

func clearVariableMonitoring(s *Station, r struct {
	IDs []int `json:"id"`
}) (any, func()) {
	var results []object
	closing := func() {
		for _, id := range r.IDs {
			s.closeStream(id)
		}
	}
	for _, id := range r.IDs {
		word, before := notFound, len(s.notes.monitors)
		s.notes.monitors = slices.DeleteFunc(s.notes.monitors, func(m monitor) bool { return m.id == id })
		if len(s.notes.monitors) < before {
			word = accepted
		}
		results = append(results, object{"id": id, "status": word})
	}
	return object{"clearMonitoringResult": results}, closing
}

func getMonitoringReport(s *Station, r struct {
	RequestID int `json:"requestId"`
}) (any, func()) {
	if len(s.notes.monitors) == 0 {
		return status("EmptyResultSet"), nil
	}
	var data []object
	for _, m := range s.notes.monitors {
		one := object{"id": m.id, "type": m.kind, "value": m.value, "severity": m.severity, "transaction": m.transaction}
		if s.has21() {
			one["eventNotificationType"] = "CustomMonitor"
		}
		data = append(data, object{"component": m.component, "variable": m.variable, "variableMonitoring": []object{one}})
	}
	return status(accepted), func() {
		s.tell(say("NotifyMonitoringReport", object{"requestId": r.RequestID, "generatedAt": timestamp(s.now()), "seqNo": 0, "monitor": data}))
	}
}
