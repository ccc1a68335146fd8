// Package jsonpath names members of JSON documents as their writers know them.
package jsonpath

import (
	"encoding/json"
	"reflect"
	"strings"
)

// Of is the path of the member that had a wrong type, by names that are in the document alone. encoding/json names the
// embedded structs of Go on the way as well, which no caller has ever heard of. value is what was decoded into.
func Of(value any, wrong *json.UnmarshalTypeError) string {
	path, in := []string{}, reflect.TypeOf(value)
	for segment := range strings.SplitSeq(wrong.Field, ".") {
		field, embedded := embeddedIn(in, segment)
		if embedded {
			in = field
			continue
		}
		path = append(path, segment)
		in = memberOf(in, segment)
	}
	return strings.Join(path, ".")
}

// embeddedIn returns the type of an embedded struct without a JSON name of its own.
func embeddedIn(t reflect.Type, name string) (embedded reflect.Type, is bool) {
	if t = structOf(t); t == nil {
		return nil, false
	}
	field, found := t.FieldByName(name)
	if !found || !field.Anonymous || field.Tag.Get("json") != "" {
		return nil, false
	}
	return field.Type, true
}

// memberOf returns the type of a member of a JSON object; nil where the Go type does not say it.
func memberOf(t reflect.Type, name string) reflect.Type {
	if t = structOf(t); t == nil {
		return nil
	}
	for _, field := range reflect.VisibleFields(t) {
		if tagged, _, _ := strings.Cut(field.Tag.Get("json"), ","); tagged == name {
			return field.Type
		}
	}
	return nil
}

// structOf looks through pointers, lists and maps; nil if there is no struct behind them.
func structOf(t reflect.Type) reflect.Type {
	for t != nil {
		switch t.Kind() {
		case reflect.Struct:
			return t
		case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
			t = t.Elem()
		default:
			return nil
		}
	}
	return nil
}
