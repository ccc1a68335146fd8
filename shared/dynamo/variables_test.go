package dynamo

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/variable"
)

func newVariables(t *testing.T) *Variables {
	t.Helper()
	return NewVariables(dynamotest.Client(), dynamotest.Table(t, "VariableTable"))
}

func told(name, value string, ms int) variable.Variable {
	return variable.Variable{ChargePointID: "CP001", Component: variable.Component{Name: "C"}, Variable: variable.Name{Name: name}, Value: value, ReceivedAt: at(ms)}
}

func listedVariables(t *testing.T, store *Variables) []variable.Variable {
	t.Helper()
	listed, _, err := store.List(t.Context(), "CP001", "", 1000)
	must(t, err)
	return listed
}

func TestVariableKeepsEveryField(t *testing.T) {
	store := newVariables(t)
	want := variable.Variable{
		ChargePointID: "CP001",
		Component:     variable.Component{Name: "Connector", Instance: "left", EVSE: &variable.EVSE{ID: 1, ConnectorID: 2}},
		Variable:      variable.Name{Name: "Power", Instance: "max"}, Value: "11",
		Attributes: json.RawMessage(`[{"value":"11"}]`), Characteristics: json.RawMessage(`{"dataType":"decimal"}`), ReadOnly: true,
		At: at(1), ReceivedAt: at(2),
	}
	for i, field := range reflect.VisibleFields(reflect.TypeFor[variable.Variable]()) {
		if reflect.ValueOf(want).Field(i).IsZero() {
			t.Fatalf("the test forgets %s", field.Name)
		}
	}
	must(t, store.Put(t.Context(), []variable.Variable{want}))
	if got := listedVariables(t, store); len(got) != 1 || !reflect.DeepEqual(got[0], want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestWhatIsNotToldAgainStays(t *testing.T) {
	store := newVariables(t)
	full := told("V", "1", 1)
	full.Attributes, full.Characteristics, full.ReadOnly = json.RawMessage(`[1]`), json.RawMessage(`{"a":1}`), true
	must(t, store.Put(t.Context(), []variable.Variable{full}))
	must(t, store.Put(t.Context(), []variable.Variable{told("v", "2", 2)})) // the value alone, in another case
	want := told("v", "2", 2)
	want.Attributes, want.Characteristics = full.Attributes, full.Characteristics
	if got := listedVariables(t, store); len(got) != 1 || !reflect.DeepEqual(got[0], want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	must(t, store.Put(t.Context(), []variable.Variable{told("V", "late", 1)}))
	must(t, store.Put(t.Context(), []variable.Variable{told("V", "", 3)}))
	if got := listedVariables(t, store); got[0].Value != "2" || !got[0].ReceivedAt.Equal(at(3)) {
		t.Errorf("got %+v", got[0])
	}
}

func TestHundredsOfVariablesInOneReport(t *testing.T) {
	store := newVariables(t)
	var variables []variable.Variable
	for i := range 300 {
		variables = append(variables, told(fmt.Sprintf("V%03d", i), "first", 1), told(fmt.Sprintf("V%03d", i), "second", 1))
	}
	for range 2 { // the queue repeats the message
		must(t, store.Put(t.Context(), variables))
	}
	var names []string
	for cursor := ""; ; {
		page, next, err := store.List(t.Context(), "CP001", cursor, 70)
		must(t, err)
		for _, v := range page {
			if names = append(names, v.Variable.Name); v.Value != "second" {
				t.Errorf("%s is %q: what was told last must stay", v.Variable.Name, v.Value)
			}
		}
		if cursor = next; next == "" {
			break
		}
	}
	if len(names) != 300 || names[0] != "V000" || names[299] != "V299" {
		t.Errorf("%d variables: %v", len(names), names)
	}
	must(t, store.Put(t.Context(), nil))
}

func TestNameThatIsTooLongKeepsNoOtherOut(t *testing.T) {
	store := newVariables(t)
	err := store.Put(t.Context(), []variable.Variable{told(strings.Repeat("x", 1100), "1", 1), told("V", "1", 1)})
	wantFault(t, err, fault.Invalid)
	if got := listedVariables(t, store); len(got) != 1 || got[0].Variable.Name != "V" {
		t.Errorf("got %+v", got)
	}
}

func TestFailedVariableIsTold(t *testing.T) {
	err := NewVariables(dynamotest.Client(), "NoSuchTable").Put(t.Context(), []variable.Variable{told("V", "1", 1), told("W", "1", 1)})
	wantFault(t, err, fault.Internal)
	if !strings.Contains(err.Error(), "NoSuchTable") || !strings.Contains(err.Error(), "CP001") {
		t.Errorf("the error says too little: %v", err)
	}
}
