package template

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// noValue stands for AWS::NoValue: whatever holds it behaves as if it were not there.
type noValue struct{}

// resolve replaces every intrinsic function inside value.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
func (t *Template) resolve(value any) (any, error) {
	switch value := value.(type) {
	case map[string]any:
		if name, argument, ok := intrinsic(value); ok {
			return t.call(name, argument)
		}
		resolved := make(map[string]any, len(value))
		for key, element := range value {
			inner, err := t.resolve(element)
			if err != nil {
				return nil, err
			}
			if inner != (noValue{}) {
				resolved[key] = inner
			}
		}
		return resolved, nil
	case []any:
		resolved := make([]any, 0, len(value))
		for _, element := range value {
			inner, err := t.resolve(element)
			if err != nil {
				return nil, err
			}
			if inner != (noValue{}) {
				resolved = append(resolved, inner)
			}
		}
		return resolved, nil
	default:
		return value, nil
	}
}

// intrinsic recognises {"Ref": …} and {"Fn::…": …}.
func intrinsic(object map[string]any) (name string, argument any, ok bool) {
	if len(object) != 1 {
		return "", nil, false
	}
	for name, argument := range object {
		return name, argument, name == "Ref" || strings.HasPrefix(name, "Fn::")
	}
	return "", nil, false
}

func (t *Template) call(name string, argument any) (any, error) {
	switch name {
	case "Ref":
		return t.resolveRef(argument)
	case "Fn::GetAtt":
		return t.resolveGetAtt(argument)
	case "Fn::Sub":
		return t.resolveSub(argument)
	case "Fn::If":
		return t.resolveIf(argument)
	case "Fn::Base64":
		text, err := t.resolveText(argument)
		return base64.StdEncoding.EncodeToString([]byte(text)), err
	}
	list, err := t.resolveList(argument)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	switch name {
	case "Fn::Join":
		return join(list)
	case "Fn::Select":
		return choose(list)
	case "Fn::Split":
		return split(list)
	case "Fn::FindInMap":
		return t.findInMap(list)
	default:
		return nil, fmt.Errorf("the stand-in does not know the intrinsic function %s: add it to local/template/resolve.go", name)
	}
}

func (t *Template) resolveRef(argument any) (any, error) {
	id, ok := argument.(string)
	if !ok {
		return nil, fmt.Errorf("the argument of Ref is %v, not a name", argument)
	}
	switch id {
	case "AWS::Region":
		return t.options.Region, nil
	case "AWS::AccountId":
		return t.options.AccountID, nil
	case "AWS::Partition":
		return partition, nil
	case "AWS::URLSuffix":
		return urlSuffix, nil
	case "AWS::StackName":
		return t.options.StackName, nil
	case "AWS::StackId":
		return fmt.Sprintf("arn:%s:cloudformation:%s:%s:stack/%s/local", partition, t.options.Region, t.options.AccountID, t.options.StackName), nil
	case "AWS::NoValue":
		return noValue{}, nil
	}
	if declared, ok := t.parameters[id]; ok {
		if declared.Default == nil {
			return nil, fmt.Errorf("the parameter %s has no default", id)
		}
		return declared.Default, nil
	}
	return t.inResource(id, "Ref", t.ref)
}

// resolveGetAtt takes ["LogicalId", "Attribute"] and "LogicalId.Attribute".
func (t *Template) resolveGetAtt(argument any) (any, error) {
	if text, ok := argument.(string); ok {
		id, attribute, _ := strings.Cut(text, ".")
		argument = []any{id, attribute}
	}
	list, ok := argument.([]any)
	if !ok || len(list) != 2 {
		return nil, fmt.Errorf("the argument of Fn::GetAtt is %v, not a logical id and an attribute", argument)
	}
	id, isText := list[0].(string)
	attribute, err := t.resolveText(list[1])
	if err != nil || !isText {
		return nil, errors.Join(fmt.Errorf("the argument of Fn::GetAtt is %v, not a logical id and an attribute", argument), err)
	}
	return t.inResource(id, attribute, func(r *resource) (any, error) { return t.attribute(r, attribute) })
}

// inResource asks a resource, and notices when its answer needs itself.
func (t *Template) inResource(id, what string, ask func(*resource) (any, error)) (any, error) {
	r, ok := t.resources[id]
	if !ok {
		return nil, fmt.Errorf("the template has no resource and no parameter %s", id)
	}
	step := id + "." + what
	if slices.Contains(t.resolving, step) {
		return nil, fmt.Errorf("%s refers to itself by way of %s", step, strings.Join(t.resolving, ", "))
	}
	t.resolving = append(t.resolving, step)
	defer func() { t.resolving = t.resolving[:len(t.resolving)-1] }()
	return ask(r)
}

var placeholder = regexp.MustCompile(`\$\{(!?)([^}]+)\}`)

// resolveSub takes "text ${A} ${B.Attribute}" and ["text ${X}", {"X": value}].
func (t *Template) resolveSub(argument any) (any, error) {
	var variables map[string]any
	if list, ok := argument.([]any); ok && len(list) == 2 {
		argument = list[0]
		if variables, ok = list[1].(map[string]any); !ok {
			return nil, fmt.Errorf("the second argument of Fn::Sub is %v, not a map of variables", list[1])
		}
	}
	text, ok := argument.(string)
	if !ok {
		return nil, fmt.Errorf("the argument of Fn::Sub is %v, not a string", argument)
	}
	var failures []error
	replaced := placeholder.ReplaceAllStringFunc(text, func(match string) string {
		parts := placeholder.FindStringSubmatch(match)
		literal, name := parts[1], parts[2]
		if literal != "" {
			return "${" + name + "}"
		}
		value, ok := variables[name]
		switch {
		case ok:
		case strings.Contains(name, "."):
			value = map[string]any{"Fn::GetAtt": name}
		default:
			value = map[string]any{"Ref": name}
		}
		resolved, err := t.resolveText(value)
		if err != nil {
			failures = append(failures, err)
		}
		return resolved
	})
	return replaced, errors.Join(failures...)
}

// resolveText resolves what has to be a string in the end; numbers and booleans are written as such.
func (t *Template) resolveText(value any) (string, error) {
	resolved, err := t.resolve(value)
	if err != nil {
		return "", err
	}
	return text(resolved)
}

func text(value any) (string, error) {
	switch value := value.(type) {
	case string:
		return value, nil
	case json.Number:
		return value.String(), nil
	case bool:
		return strconv.FormatBool(value), nil
	default:
		return "", fmt.Errorf("%v is not a string", value)
	}
}

func (t *Template) resolveList(value any) ([]any, error) {
	resolved, err := t.resolve(value)
	if err != nil {
		return nil, err
	}
	list, ok := resolved.([]any)
	if !ok {
		return nil, fmt.Errorf("%v is not a list", resolved)
	}
	return list, nil
}
