package main

import (
	"encoding/json"
	"fmt"
	"os"
)

// facts is one table: the messages of one version of OCPP.
type facts struct {
	Actions map[string]action   `json:"actions"`
	Types   map[string]object   `json:"types"` // composite types, by name
	Enums   map[string][]string `json:"enums"` // allowed values, by name
}

// action is a row: who sends it, and what its messages hold. A SEND has no response.
type action struct {
	Direction string  `json:"direction"` // CS->CSMS, CSMS->CS or both
	Request   *object `json:"request"`
	Response  *object `json:"response"`
}

type object struct {
	AdditionalProperties bool             `json:"additionalProperties"`
	Fields               map[string]field `json:"fields"`
}

// field is one member of an object, or the element of an array. Ref names a type, Enum an enum. Default is known so that
// it is not taken for a rule: it constrains nothing, and is left out of the schemas.
type field struct {
	Type       string          `json:"type"` // string, integer, number, boolean, object, array or any
	Required   bool            `json:"required"`
	Ref        string          `json:"ref"`
	Enum       string          `json:"enum"`
	Format     string          `json:"format"`
	MaxLength  *int            `json:"maxLength"`
	Minimum    *json.Number    `json:"minimum"`
	Maximum    *json.Number    `json:"maximum"`
	MultipleOf *json.Number    `json:"multipleOf"`
	Items      *field          `json:"items"`
	MinItems   *int            `json:"minItems"`
	MaxItems   *int            `json:"maxItems"`
	Default    json.RawMessage `json:"default"`
}

// UnmarshalJSON refuses a keyword that is not known here: it would otherwise be lost without a sound.
func (f *field) UnmarshalJSON(data []byte) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return err
	}
	for keyword := range members {
		switch keyword {
		case "type", "required", "ref", "enum", "format", "maxLength", "minimum", "maximum", "multipleOf",
			"items", "minItems", "maxItems", "default":
		default:
			return fmt.Errorf("keyword %q is unknown to the generator", keyword)
		}
	}
	type plain field // without this method
	return json.Unmarshal(data, (*plain)(f))
}

func readFacts(path string) (facts, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return facts{}, err
	}
	var f facts
	if err := json.Unmarshal(data, &f); err != nil {
		return facts{}, fmt.Errorf("%s: %w", path, err)
	}
	if len(f.Actions) == 0 {
		return facts{}, fmt.Errorf("%s: no actions in it", path)
	}
	return f, nil
}
