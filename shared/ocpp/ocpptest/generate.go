package ocpptest

import (
	"encoding/json"
	"math"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// schemaFolder is where the schemas lie, seen from a version's package.
const schemaFolder = "../../../schemas"

// schema is a node of a schema file.
type schema struct {
	Reference        string `json:"$ref"`
	Type, Format     string
	Enum, Required   []string
	MaxLength        int
	Minimum, Maximum *float64
	Items            *schema
	MinItems         int
	MaxItems         int
	Properties       map[string]*schema
}

// requests reads the schema of an action's request, and the types that its references name.
func requests(t *testing.T, version ocppj.Version, action string) (request *schema, types map[string]*schema) {
	t.Helper()
	folder := strings.ReplaceAll(string(version), ".", "")
	var file struct{ Request *schema }
	var shared struct{ Types map[string]*schema }
	for name, into := range map[string]any{path.Join(folder, action+".json"): &file, folder + ".json": &shared} {
		data, err := os.ReadFile(path.Join(schemaFolder, name))
		if err == nil {
			err = json.Unmarshal(data, into)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return file.Request, shared.Types
}

// generator makes valid values of a schema.
type generator struct {
	types map[string]*schema
	full  bool // with every optional field and the largest numbers; else the least
	turn  int  // which value of an enumeration; the first has the longest strings, if full
}

func (g generator) value(s *schema) any {
	for s.Reference != "" {
		s = g.types[path.Base(s.Reference)]
	}
	switch s.Type {
	case "object":
		object := map[string]any{}
		for name, property := range s.Properties {
			if g.full || slices.Contains(s.Required, name) {
				object[name] = g.value(property)
			}
		}
		return object
	case "array":
		return g.array(s)
	case "string":
		return g.text(s)
	case "integer", "number":
		return g.number(s)
	case "boolean":
		return g.full
	}
	return []any{nil, "any", 1.5} // DataTransfer takes anything
}

// array has two elements if it may, so that there is one before and one after another; or the least.
func (g generator) array(s *schema) []any {
	length := s.MinItems
	if g.full && s.MaxItems != 1 {
		length = max(2, s.MinItems)
	}
	return slices.Repeat([]any{g.value(s.Items)}, length)
}

func (g generator) text(s *schema) string {
	switch {
	case s.Enum != nil:
		return s.Enum[g.turn%len(s.Enum)]
	case s.Format == "date-time" && g.full:
		return "2026-05-01T12:00:00.123+02:00"
	case s.Format == "date-time":
		return "0001-01-01T00:00:00Z"
	case s.Format == "uri":
		return "ftp://host/path"
	case g.full && g.turn == 0: // once: checking long strings takes most of the time
		return strings.Repeat("é", max(s.MaxLength, 1))
	case g.full:
		return "é"
	}
	return ""
}

func (g generator) number(s *schema) any {
	switch {
	case g.full && s.Maximum != nil:
		return *s.Maximum
	case !g.full && s.Minimum != nil:
		return *s.Minimum
	case s.Type == "number":
		return 1e300
	case g.full:
		return math.MaxInt64
	}
	return math.MinInt64
}
