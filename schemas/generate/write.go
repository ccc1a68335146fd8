package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

const draft = "http://json-schema.org/draft-07/schema#"

// senders maps a table's direction to the word in the schema file.
var senders = map[string]string{"CS->CSMS": "chargePoint", "CSMS->CS": "centralSystem", "both": "both"}

// actionFile lays out the schemas of one action, a line per field.
func actionFile(version string, action action) ([]byte, error) {
	sender, ok := senders[action.Direction]
	if !ok {
		return nil, fmt.Errorf("direction %q is none of CS->CSMS, CSMS->CS, both", action.Direction)
	}
	if action.Request == nil {
		return nil, fmt.Errorf("the request is missing")
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "{\n \"$schema\": %q,\n \"sentBy\": %q,\n \"request\": ", draft, sender)
	reference := "../" + version + ".json#/types/"
	if err := writeObject(&out, *action.Request, reference); err != nil {
		return nil, fmt.Errorf("request: %w", err)
	}
	if action.Response != nil {
		out.WriteString(",\n \"response\": ")
		if err := writeObject(&out, *action.Response, reference); err != nil {
			return nil, fmt.Errorf("response: %w", err)
		}
	}
	out.WriteString("\n}\n")
	return out.Bytes(), checkJSON(out.Bytes())
}

// typesFile lays out what the actions of a version share: its types, a line per field, and its enums, a line each.
//
// They stand under "types", not under draft-07's "definitions": a reference finds them all the same, but validators check all
// of "definitions" against the meta-schema before they compile the one that is needed, which is most of a cold start's time.
func typesFile(version string, facts facts) ([]byte, error) {
	var out bytes.Buffer
	fmt.Fprintf(&out, "{\n \"$schema\": %q,\n \"types\": {", draft)
	separator := "\n"
	for _, name := range slices.Sorted(maps.Keys(facts.Types)) {
		if _, ok := facts.Enums[name]; ok {
			return nil, fmt.Errorf("%s is both a type and an enum", name)
		}
		fmt.Fprintf(&out, "%s %q: ", separator, name)
		if err := writeObject(&out, facts.Types[name], "#/types/"); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		separator = ",\n"
	}
	for _, name := range slices.Sorted(maps.Keys(facts.Enums)) {
		values, err := json.Marshal(facts.Enums[name])
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&out, "%s %q: {\"type\": \"string\", \"enum\": %s}", separator, name, values)
		separator = ",\n"
	}
	out.WriteString("\n }\n}\n")
	return out.Bytes(), checkJSON(out.Bytes())
}

func writeObject(out *bytes.Buffer, o object, reference string) error {
	fmt.Fprintf(out, "{\"type\": \"object\"")
	if !o.AdditionalProperties {
		out.WriteString(", \"additionalProperties\": false")
	}
	names := slices.Sorted(maps.Keys(o.Fields))
	var required []string
	for _, name := range names {
		if o.Fields[name].Required {
			required = append(required, fmt.Sprintf("%q", name))
		}
	}
	if len(required) > 0 {
		fmt.Fprintf(out, ", \"required\": [%s]", strings.Join(required, ", "))
	}
	separator := ", \"properties\": {\n"
	for _, name := range names {
		schema, err := fieldSchema(o.Fields[name], reference)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		fmt.Fprintf(out, "%s  %q: %s", separator, name, schema)
		separator = ",\n"
	}
	if len(names) > 0 {
		out.WriteByte('}')
	}
	out.WriteByte('}')
	return nil
}

// fieldSchema is one line: either a reference, beside which draft-07 reads no other keyword, or a type and its limits.
func fieldSchema(f field, reference string) (string, error) {
	var keywords []string
	add := func(keyword, value string) { keywords = append(keywords, fmt.Sprintf("%q: %s", keyword, value)) }

	if name := f.Ref + f.Enum; name != "" {
		if f.Ref != "" && f.Enum != "" || f.MaxLength != nil || f.Format != "" || f.Items != nil {
			return "", fmt.Errorf("a reference to %s cannot have other keywords", name)
		}
		add("$ref", fmt.Sprintf("%q", reference+name))
		return "{" + keywords[0] + "}", nil
	}
	switch f.Type {
	case "any":
	case "string", "integer", "number", "boolean", "array":
		add("type", fmt.Sprintf("%q", f.Type))
	default:
		return "", fmt.Errorf("type %q without a reference", f.Type)
	}
	switch f.Format {
	case "date-time", "uri":
		add("format", fmt.Sprintf("%q", f.Format))
	case "":
		if f.Type == "integer" {
			add("format", `"int64"`) // JSON Schema takes 1.0 and 1e30 for integers; what decodes a valid payload does not
		}
	default:
		return "", fmt.Errorf("format %q: validators skip what they do not know", f.Format)
	}
	for _, limit := range []struct {
		keyword string
		value   *int
	}{{"maxLength", f.MaxLength}, {"minItems", f.MinItems}, {"maxItems", f.MaxItems}} {
		if limit.value != nil {
			add(limit.keyword, fmt.Sprint(*limit.value))
		}
	}
	for _, limit := range []struct {
		keyword string
		value   *json.Number
	}{{"minimum", f.Minimum}, {"maximum", f.Maximum}, {"multipleOf", f.MultipleOf}} {
		if limit.value != nil {
			add(limit.keyword, limit.value.String())
		}
	}
	if f.Items != nil {
		items, err := fieldSchema(*f.Items, reference)
		if err != nil {
			return "", fmt.Errorf("items: %w", err)
		}
		add("items", items)
	}
	return "{" + strings.Join(keywords, ", ") + "}", nil
}

func checkJSON(data []byte) error {
	if !json.Valid(data) {
		return fmt.Errorf("the result is not valid JSON:\n%s", data)
	}
	return nil
}
