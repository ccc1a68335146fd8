package expression

import (
	"maps"
	"slices"
	"strings"

	"github.com/serverless-ocpp/backend/local/dynamodb/attribute"
)

// Bindings are a request's ExpressionAttributeNames and ExpressionAttributeValues, and note which of them its expressions use.
type Bindings struct {
	Names  map[string]string
	Values map[string]attribute.Value

	usedNames, usedValues map[string]bool
}

// NewBindings checks the form of placeholders. The error is not that of an expression: its text stands alone.
func NewBindings(names map[string]string, values map[string]attribute.Value) (*Bindings, error) {
	for name := range names {
		if !isPlaceholder(name, '#') {
			return nil, fault("ExpressionAttributeNames contains invalid key: Syntax error; key: %q", name)
		}
	}
	for name := range values {
		if !isPlaceholder(name, ':') {
			return nil, fault("ExpressionAttributeValues contains invalid key: Syntax error; key: %q", name)
		}
	}
	return &Bindings{Names: names, Values: values, usedNames: map[string]bool{}, usedValues: map[string]bool{}}, nil
}

func isPlaceholder(name string, sign byte) bool {
	return len(name) > 1 && name[0] == sign && endOf(name, 1, isLetterOrDigit) == len(name)
}

// Unused is an error that names what no expression has used.
func (b *Bindings) Unused() error {
	if unused := missing(b.Names, b.usedNames); unused != "" {
		return fault("Value provided in ExpressionAttributeNames unused in expressions: keys: {%s}", unused)
	}
	if unused := missing(b.Values, b.usedValues); unused != "" {
		return fault("Value provided in ExpressionAttributeValues unused in expressions: keys: {%s}", unused)
	}
	return nil
}

func missing[V any](given map[string]V, used map[string]bool) string {
	if len(given) == len(used) {
		return ""
	}
	names := slices.Sorted(maps.Keys(given))
	return strings.Join(slices.DeleteFunc(names, func(name string) bool { return used[name] }), ", ")
}

// path replaces placeholders by names.
func (b *Bindings) path(p Path, found *faults) Path {
	if !slices.ContainsFunc(p, func(e Element) bool { return e.placeholder }) {
		return p
	}
	bound := slices.Clone(p)
	for i, element := range bound {
		if !element.placeholder {
			continue
		}
		name, defined := b.Names[element.Name]
		if !defined {
			found.add(faultName, "An expression attribute name used in the document path is not defined; attribute name: %s", element.Name)
			continue
		}
		b.usedNames[element.Name] = true
		bound[i] = Element{Name: name}
	}
	return bound
}

// value returns what a placeholder stands for.
func (b *Bindings) value(name string, found *faults) attribute.Value {
	value, defined := b.Values[name]
	if !defined {
		found.add(faultValue, "An expression attribute value used in expression is not defined; attribute value: %s", name)
		return nil
	}
	b.usedValues[name] = true
	return value
}
