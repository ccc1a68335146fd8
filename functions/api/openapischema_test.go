package main

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/swaggest/jsonschema-go"

	"github.com/serverless-ocpp/backend/shared/operation"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// object is a schema, or another object of the document.
type object = map[string]any

// schemas makes JSON schemas of Go types. Each struct becomes a component.
type schemas struct {
	*testing.T
	source     *source
	components map[string]object
	types      map[string]reflect.Type // that the components are of
}

func newSchemas(t *testing.T) *schemas {
	return &schemas{
		T: t, components: map[string]object{}, types: map[string]reflect.Type{},
		source: &source{T: t, read: map[string]bool{}, comments: map[string]string{}, values: map[string][]string{}},
	}
}

const componentPrefix = "#/components/schemas/"

// ofAnswer is the schema of an answer: members that are always there are required.
func (s *schemas) ofAnswer(value any) object {
	if several, ok := value.(anyOf); ok {
		var choices []object
		for _, one := range several {
			choices = append(choices, s.ofAnswer(one))
		}
		return object{"anyOf": choices}
	}
	return s.reflect(value, true, jsonschema.RootRef)
}

// ofBody is the schema of a route's body: members that it does not know are refused, but on the routes of the predecessor.
// It is needed if a member of it is.
func (s *schemas) ofBody(r route) (schema object, needed bool) {
	name := capital(r.id) + "Request"
	var body object
	switch given := r.body.(type) {
	case orderOf:
		body = s.joined(given.operation, timing{})
		for _, member := range membersOf(r.path) {
			delete(body["properties"].(object), member)
			required, _ := body["required"].([]any)
			if body["required"] = slices.DeleteFunc(required, func(name any) bool { return name == member }); len(body["required"].([]any)) == 0 {
				delete(body, "required")
			}
		}
		body["additionalProperties"] = false
	case namingOrderOf:
		body = s.joined(given.operation, general{}, timing{})
		required, _ := body["required"].([]any)
		body["required"] = append([]any{"chargePointId"}, required...)
	default:
		body = s.reflect(given, false)
		body["additionalProperties"] = false
	}
	s.components[name] = body
	return object{"$ref": componentPrefix + name}, body["required"] != nil
}

// joined is the schema of an object with the members of several types.
func (s *schemas) joined(values ...any) object {
	whole := s.reflect(values[0], false)
	if whole["properties"] == nil {
		whole["properties"] = object{}
	}
	whole["type"] = "object"
	for _, value := range values[1:] {
		if more, ok := s.reflect(value, false)["properties"].(object); ok {
			maps.Copy(whole["properties"].(object), more)
		}
	}
	return whole
}

// reflect is the schema of a value's type; those of the structs in it become components.
func (s *schemas) reflect(value any, answer bool, options ...func(*jsonschema.ReflectContext)) object {
	var reflector jsonschema.Reflector
	schema, err := reflector.Reflect(value, append(options,
		jsonschema.DefinitionsPrefix(componentPrefix),
		jsonschema.SkipUnsupportedProperties,
		jsonschema.InterceptDefName(s.name),
		jsonschema.InterceptSchema(s.known),
		jsonschema.InterceptProp(func(p jsonschema.InterceptPropParams) error { return s.member(p, answer) }),
		jsonschema.CollectDefinitions(func(name string, schema jsonschema.Schema) { s.components[name] = s.plain(schema) }),
	)...)
	if err != nil {
		s.Fatalf("%T: %v", value, err)
	}
	return s.plain(schema)
}

// name of a component: a view is called what it is a view of, and what is not of this package is named with its own,
// but for the rows of tables. Two types of one name would hide each other.
func (s *schemas) name(t reflect.Type, _ string) string {
	pkg, name, _ := strings.Cut(t.String(), ".")
	name = capital(strings.TrimSuffix(name, "View"))
	if pkg != "main" && pkg != "dynamo" && capital(pkg) != name {
		name = capital(pkg) + name
	}
	if other, taken := s.types[name]; taken && other != t {
		s.Errorf("%s and %s are both called %s in the document", other, t, name)
	}
	s.types[name] = t
	return name
}

func capital(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

// known sets the schemas of types that write themselves, and the values of enumerations.
func (s *schemas) known(p jsonschema.InterceptSchemaParams) (stop bool, err error) {
	switch p.Value.Interface().(type) {
	case json.RawMessage, *json.RawMessage:
		return true, nil // any JSON
	case operation.Connector, *operation.Connector:
		p.Schema.Type = union(jsonschema.String, jsonschema.Integer)
		p.Schema.WithDescription(s.source.of(reflect.TypeFor[operation.Connector]()).comments["operation.Connector"])
		return true, nil
	case operation.TransactionID, *operation.TransactionID, operation.ReservationID, *operation.ReservationID:
		p.Schema.Type = union(jsonschema.String, jsonschema.Integer)
		return true, nil
	case operation.VariableValue, *operation.VariableValue:
		p.Schema.Type = union(jsonschema.String, jsonschema.Number, jsonschema.Boolean)
		return true, nil
	case transaction.Ranges, *transaction.Ranges:
		p.Schema.WithType(jsonschema.String.Type())
		return true, nil
	case time.Time, *time.Time:
		p.Schema.WithType(jsonschema.String.Type()).WithFormat("date-time")
		return true, nil
	}
	t := p.Value.Type()
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if p.Processed && reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) && p.Schema.HasType(jsonschema.Object) {
		p.Schema.Type = union(jsonschema.Object, jsonschema.String) // one of which a single member matters may be written as that
	}
	if t.Kind() == reflect.String && t.PkgPath() != "" {
		p.Schema.WithType(jsonschema.String.Type())
		for _, value := range s.source.of(t).values[t.String()] {
			p.Schema.Enum = append(p.Schema.Enum, value)
		}
		return true, nil
	}
	return false, nil
}

func union(types ...jsonschema.SimpleType) *jsonschema.Type {
	return &jsonschema.Type{SliceOfSimpleTypeValues: types}
}

// member describes a member by the comment of its field, and says whether it is always there.
func (s *schemas) member(p jsonschema.InterceptPropParams, answer bool) error {
	if !p.Processed {
		return nil
	}
	if owner := s.ownerOf(p.Field, p.ParentSchema); owner != "" && p.PropertySchema.Description == nil {
		p.PropertySchema.WithDescription(owner)
	}
	_, options, _ := strings.Cut(p.Field.Tag.Get("json"), ",")
	if answer && !strings.Contains(options, "omit") && !slices.Contains(p.ParentSchema.Required, p.Name) {
		p.ParentSchema.Required = append(p.ParentSchema.Required, p.Name)
	}
	return nil
}

// ownerOf finds the comment of a field.
func (s *schemas) ownerOf(field reflect.StructField, parent *jsonschema.Schema) string {
	if parent.ReflectType == nil {
		return ""
	}
	return s.commentIn(parent.ReflectType, field)
}

func (s *schemas) commentIn(t reflect.Type, field reflect.StructField) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return ""
	}
	for i := range t.NumField() {
		own := t.Field(i)
		if own.Anonymous {
			if found := s.commentIn(own.Type, field); found != "" {
				return found
			}
		} else if own.Name == field.Name && own.Tag == field.Tag {
			return s.source.field(t, own)
		}
	}
	return ""
}

// plain is a schema as JSON has it. Nothing of this API is null.
func (s *schemas) plain(schema jsonschema.Schema) object {
	encoded, err := json.Marshal(schema)
	if err != nil {
		s.Fatal(err)
	}
	var plain object
	if err := json.Unmarshal(encoded, &plain); err != nil { // true: any JSON
		return object{}
	}
	delete(plain, "definitions")
	return withoutNull(plain)
}

func withoutNull(schema object) object {
	if types, ok := schema["type"].([]any); ok {
		types = slices.DeleteFunc(types, func(name any) bool { return name == "null" })
		schema["type"] = types
		if len(types) == 1 {
			schema["type"] = types[0]
		}
	}
	for name, member := range schema {
		switch member := member.(type) {
		case object:
			schema[name] = withoutNull(member)
		case bool:
			if member && name != "additionalProperties" {
				schema[name] = object{}
			}
		}
	}
	return schema
}
