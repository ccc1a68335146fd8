package fleet

import (
	"maps"
	"slices"
)

// derControl is a control of a distributed energy resource. What it controls is not simulated: cars take power here, and
// give none.
type derControl struct {
	kind      string
	isDefault bool
	setting   object // as ReportDERControl sends it
}

// derForm says which members hold the setting of a control: in SetDERControl, the list of ReportDERControl, and an element
// of that list; and whether such an element tells its standing. What is in no line is a curve.
type derForm struct {
	set, list, element string
	standing           bool
}

var derForms = map[string]derForm{
	"EnterService":      {"enterService", "enterService", "enterService", false},
	"FixedPFAbsorb":     {"fixedPFAbsorb", "fixedPFAbsorb", "fixedPF", true},
	"FixedPFInject":     {"fixedPFInject", "fixedPFInject", "fixedPF", true},
	"FixedVar":          {"fixedVar", "fixedVar", "fixedVar", true},
	"FreqDroop":         {"freqDroop", "freqDroop", "freqDroop", true},
	"Gradients":         {"gradient", "gradient", "gradient", false},
	"LimitMaxDischarge": {"limitMaxDischarge", "limitMaxDischarge", "limitMaxDischarge", true},
}

func formOf(kind string) derForm {
	if form, ok := derForms[kind]; ok {
		return form
	}
	return derForm{"curve", "curve", "curve", true}
}

func setDERControl(s *Station, r object) (any, func()) {
	id, _ := r["controlId"].(string) // the schema demands all three
	kind, _ := r["controlType"].(string)
	isDefault, _ := r["isDefault"].(bool)
	form := formOf(kind)
	setting, ok := r[form.set]
	if !ok {
		return status(rejected), nil // the setting that belongs to the type is missing
	}
	told := object{"id": id, form.element: setting}
	if form.standing {
		told["isDefault"], told["isSuperseded"] = isDefault, false
	}
	if form.element == "curve" {
		told["curveType"] = kind
	}
	put(&s.notes.controls, id, derControl{kind, isDefault, told})
	return status(accepted), nil
}

// derQuery selects controls.
type derQuery struct {
	RequestID int    `json:"requestId"`
	ID        string `json:"controlId"`
	Type      string `json:"controlType"`
	Default   *bool  `json:"isDefault"`
}

func (q derQuery) find(s *Station) []string {
	var ids []string
	for _, id := range slices.Sorted(maps.Keys(s.notes.controls)) {
		control := s.notes.controls[id]
		if (q.ID == "" || q.ID == id) && (q.Type == "" || q.Type == control.kind) && (q.Default == nil || *q.Default == control.isDefault) {
			ids = append(ids, id)
		}
	}
	return ids
}

func clearDERControl(s *Station, q derQuery) (any, func()) {
	ids := q.find(s)
	if ids == nil {
		return status(notFound), nil
	}
	for _, id := range ids {
		delete(s.notes.controls, id)
	}
	return status(accepted), nil
}

func getDERControl(s *Station, q derQuery) (any, func()) {
	ids := q.find(s)
	if ids == nil {
		return status(notFound), nil
	}
	report := object{"requestId": q.RequestID}
	for _, id := range ids {
		control := s.notes.controls[id]
		member := formOf(control.kind).list
		list, _ := report[member].([]object) // nil: the first of its kind
		report[member] = append(list, control.setting)
	}
	return status(accepted), func() { s.tell(say("ReportDERControl", report)) }
}
