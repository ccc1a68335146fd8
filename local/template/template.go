// Package template reads a synthesized CloudFormation template and answers, in Go types, what the stand-in has to
// build: which functions, tables, queues, rules and APIs there are and who may do what. Intrinsic functions are
// resolved as CloudFormation would, with names and ids that are the same at every start.
package template

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Options are the pseudo parameters of a deployment.
type Options struct {
	StackName string
	Region    string
	AccountID string

	// QueueEndpoint is the base of queue URLs. Default: that of AWS in the region.
	QueueEndpoint string
}

const (
	partition = "aws"
	urlSuffix = "amazonaws.com"
)

// A Template is a parsed template. It is not safe for concurrent use.
type Template struct {
	options    Options
	resources  map[string]*resource
	parameters map[string]parameter
	conditions map[string]any
	mappings   map[string]map[string]map[string]any
	outputs    map[string]output

	supplied  map[string]map[string]string // attributes of custom resources
	resolving []string                     // the chain of names being resolved, to notice circles
}

type resource struct {
	logicalID  string
	Type       string
	Condition  string
	Properties map[string]any
}

type parameter struct {
	Default any
}

type output struct {
	Condition string
	Value     any
}

// Parse reads a template in JSON. A resource of a type that the stand-in does not know is an error that names it.
func Parse(document []byte, options Options) (*Template, error) {
	var raw struct {
		Resources  map[string]*resource
		Parameters map[string]parameter
		Conditions map[string]any
		Mappings   map[string]map[string]map[string]any
		Outputs    map[string]output
	}
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber() // 86400 must not come out of a Fn::Join as 8.64e+04
	if err := decoder.Decode(&raw); err != nil {
		return nil, fmt.Errorf("read the template: %w", err)
	}
	if len(raw.Resources) == 0 {
		return nil, fmt.Errorf("read the template: it has no resources; is it the output of cdk synth?")
	}
	if options.QueueEndpoint == "" {
		options.QueueEndpoint = "https://sqs." + options.Region + "." + urlSuffix
	}
	t := &Template{
		options:    options,
		resources:  map[string]*resource{},
		parameters: raw.Parameters,
		conditions: raw.Conditions,
		mappings:   raw.Mappings,
		outputs:    raw.Outputs,
		supplied:   map[string]map[string]string{},
	}
	for id, r := range raw.Resources {
		r.logicalID = id
		exists, err := t.condition(r.Condition)
		if err != nil {
			return nil, fmt.Errorf("resource %s: %w", id, err)
		}
		if !exists {
			continue
		}
		if _, known := kinds[r.Type]; !known && !r.custom() {
			return nil, fmt.Errorf("resource %s is a %s, which the stand-in does not know: add it to local/template/kinds.go, with what it means on one machine", id, r.Type)
		}
		t.resources[id] = r
	}
	return t, nil
}

func (r *resource) custom() bool { return strings.HasPrefix(r.Type, "Custom::") }

// ofType returns the resources of a type, in the order of their logical ids.
func (t *Template) ofType(resourceType string) []*resource {
	var found []*resource
	for _, id := range slices.Sorted(maps.Keys(t.resources)) {
		if t.resources[id].Type == resourceType {
			found = append(found, t.resources[id])
		}
	}
	return found
}

// decode resolves the properties of a resource into a struct with the fields' names in CloudFormation.
func (t *Template) decode(r *resource, into any) error {
	if err := t.decodeValue(r.Properties, into); err != nil {
		return fmt.Errorf("resource %s (%s): %w", r.logicalID, r.Type, err)
	}
	return nil
}

func (t *Template) decodeValue(value, into any) error {
	resolved, err := t.resolve(value)
	if err != nil {
		return err
	}
	document, err := json.Marshal(resolved)
	if err != nil {
		return err
	}
	return json.Unmarshal(document, into)
}

// Outputs returns the stack's outputs, for example WebSocketURL, as they would be in AWS.
func (t *Template) Outputs() (map[string]string, error) {
	outputs := map[string]string{}
	for name, declared := range t.outputs {
		exists, err := t.condition(declared.Condition)
		if err != nil {
			return nil, fmt.Errorf("output %s: %w", name, err)
		}
		if !exists {
			continue
		}
		value, err := t.resolveText(declared.Value)
		if err != nil {
			return nil, fmt.Errorf("output %s: %w", name, err)
		}
		outputs[name] = value
	}
	return outputs, nil
}
