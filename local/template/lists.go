package template

import (
	"fmt"
	"strconv"
	"strings"
)

// join takes [delimiter, [values]].
func join(arguments []any) (string, error) {
	delimiter, values, err := delimiterAndRest(arguments)
	if err != nil {
		return "", fmt.Errorf("Fn::Join: %w", err)
	}
	list, ok := values.([]any)
	if !ok {
		return "", fmt.Errorf("Fn::Join: %v is not a list", values)
	}
	parts := make([]string, len(list))
	for i, element := range list {
		if parts[i], err = text(element); err != nil {
			return "", fmt.Errorf("Fn::Join: %w", err)
		}
	}
	return strings.Join(parts, delimiter), nil
}

// split takes [delimiter, string].
func split(arguments []any) ([]any, error) {
	delimiter, value, err := delimiterAndRest(arguments)
	if err != nil {
		return nil, fmt.Errorf("Fn::Split: %w", err)
	}
	whole, err := text(value)
	if err != nil {
		return nil, fmt.Errorf("Fn::Split: %w", err)
	}
	var parts []any
	for part := range strings.SplitSeq(whole, delimiter) {
		parts = append(parts, part)
	}
	return parts, nil
}

func delimiterAndRest(arguments []any) (string, any, error) {
	if len(arguments) != 2 {
		return "", nil, fmt.Errorf("%d arguments, want a delimiter and one more", len(arguments))
	}
	delimiter, err := text(arguments[0])
	return delimiter, arguments[1], err
}

// choose is Fn::Select: [index, [values]].
func choose(arguments []any) (any, error) {
	if len(arguments) != 2 {
		return nil, fmt.Errorf("Fn::Select: %d arguments, want an index and a list", len(arguments))
	}
	list, isList := arguments[1].([]any)
	position, err := text(arguments[0])
	if err != nil || !isList {
		return nil, fmt.Errorf("Fn::Select: %v is not an index and a list", arguments)
	}
	index, err := strconv.Atoi(position)
	if err != nil || index < 0 || index >= len(list) {
		return nil, fmt.Errorf("Fn::Select: %s is not an index of %d values", position, len(list))
	}
	return list[index], nil
}

// findInMap takes [map, first key, second key].
func (t *Template) findInMap(arguments []any) (any, error) {
	if len(arguments) != 3 {
		return nil, fmt.Errorf("Fn::FindInMap: %d arguments, want a map and two keys", len(arguments))
	}
	var keys [3]string
	for i, argument := range arguments {
		var err error
		if keys[i], err = text(argument); err != nil {
			return nil, fmt.Errorf("Fn::FindInMap: %w", err)
		}
	}
	value, ok := t.mappings[keys[0]][keys[1]][keys[2]]
	if !ok {
		return nil, fmt.Errorf("Fn::FindInMap: the mapping %s has no value for %s and %s", keys[0], keys[1], keys[2])
	}
	return value, nil
}
