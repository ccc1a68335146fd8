package expression

import (
	"cmp"
	"maps"
	"slices"

	"github.com/serverless-ocpp/backend/local/dynamodb/attribute"
)

// Messages of updates that do not fit the item. They stand alone.
const (
	badPath      = "The document path provided in the update expression is invalid for update"
	badType      = "An operand in the update expression has an incorrect data type"
	badReference = "The provided expression refers to an attribute that does not exist in the item"
)

// removed stands for a list element that was removed, until all actions are done: their indexes are those of the list before.
type removed struct{}

func (removed) Type() string { return "" }

func isRemoved(v attribute.Value) bool {
	_, is := v.(removed)
	return is
}

// Apply returns the item as it is after the update; item itself stays as it is. All values are those before the update. The error is an
// *Error or an *attribute.InvalidError, whose texts stand alone.
func (u *BoundUpdate) Apply(item attribute.Map) (attribute.Map, error) {
	actions := slices.Clone(u.actions)
	for i, a := range actions {
		if a.section != "SET" {
			continue
		}
		value, err := evaluate(a.value, item)
		if err != nil {
			return nil, err
		}
		actions[i].value = constant{value}
	}
	sortElements(actions)
	updated := maps.Clone(item)
	for _, a := range actions {
		if _, err := a.apply(updated, a.path); err != nil {
			return nil, err
		}
	}
	// The innermost lists first, because closing a gap moves what is behind it.
	slices.SortStableFunc(actions, func(a, b action) int { return cmp.Compare(len(b.path), len(a.path)) })
	for _, a := range actions {
		if a.section != "SET" && len(a.path) > 1 {
			compact(updated, a.path)
		}
	}
	return updated, nil
}

// sortElements puts actions that set elements of lists behind the others, in the order of the indexes: elements behind the end of a list are
// added in that order. One alone stays where it is, so that of several faults the first is reported.
func sortElements(actions []action) {
	index := func(a action) int {
		if last := a.path[len(a.path)-1]; a.section == "SET" && last.IsIndex {
			return 1 + last.Index
		}
		return 0
	}
	elements := 0
	for _, a := range actions {
		elements += min(1, index(a))
	}
	if elements > 1 {
		slices.SortStableFunc(actions, func(a, b action) int { return cmp.Compare(index(a), index(b)) })
	}
}

// evaluate returns the value of what stands behind SET path =.
func evaluate(o operand, item attribute.Map) (attribute.Value, error) {
	switch o := o.(type) {
	case sum:
		return o.evaluate(item)
	case setCall:
		if o.function == "if_not_exists" {
			if value := valueOf(o.arguments[0], item); value != nil {
				return value, nil
			}
			return evaluate(o.arguments[1], item)
		}
		return o.append(item)
	}
	value := valueOf(o, item)
	if value == nil {
		return nil, fault(badReference)
	}
	return value, nil
}

func (s sum) evaluate(item attribute.Map) (attribute.Value, error) {
	left, right, err := evaluateBoth(s.left, s.right, item)
	if err != nil {
		return nil, err
	}
	a, isNumber := left.(attribute.Number)
	b, alsoNumber := right.(attribute.Number)
	if !isNumber || !alsoNumber {
		return nil, fault(badType)
	}
	if s.operator == "-" {
		return numeric(a.Minus(b))
	}
	return numeric(a.Plus(b))
}

// numeric returns a Value that is nil when there is an error, as a Number is not.
func numeric(n attribute.Number, err error) (attribute.Value, error) {
	if err != nil {
		return nil, err
	}
	return n, nil
}

func (c setCall) append(item attribute.Map) (attribute.Value, error) {
	left, right, err := evaluateBoth(c.arguments[0], c.arguments[1], item)
	if err != nil {
		return nil, err
	}
	a, isList := left.(attribute.List)
	b, alsoList := right.(attribute.List)
	if !isList || !alsoList {
		return nil, fault(badType)
	}
	return slices.Concat(a, b), nil
}

func evaluateBoth(left, right operand, item attribute.Map) (l, r attribute.Value, err error) {
	if l, err = evaluate(left, item); err != nil {
		return nil, nil, err
	}
	r, err = evaluate(right, item)
	return l, r, err
}

// apply makes the change at path below container, which must be a copy that nobody else holds: its containers on the way are replaced
// by copies. It returns the container, which is another one when a list has grown.
func (a action) apply(container attribute.Value, path Path) (attribute.Value, error) {
	element := path[0]
	switch container := container.(type) {
	case attribute.Map:
		if element.IsIndex {
			return nil, fault(badPath)
		}
		changed, err := a.change(container[element.Name], path)
		if changed == nil || isRemoved(changed) {
			delete(container, element.Name)
		} else {
			container[element.Name] = changed
		}
		return container, err
	case attribute.List:
		if !element.IsIndex {
			return nil, fault(badPath)
		}
		if element.Index < len(container) {
			changed, err := a.change(container[element.Index], path)
			container[element.Index] = changed
			return container, err
		}
		if len(path) > 1 {
			return nil, fault(badPath)
		}
		added, err := a.change(nil, path)
		if added != nil && !isRemoved(added) {
			container = append(container, added)
		}
		return container, err
	}
	return nil, fault(badPath)
}

// change returns what is to stand in the place of value: path's first element has led to it.
func (a action) change(value attribute.Value, path Path) (attribute.Value, error) {
	if len(path) == 1 {
		return a.result(value)
	}
	switch value := value.(type) {
	case attribute.Map:
		return a.apply(maps.Clone(value), path[1:])
	case attribute.List:
		return a.apply(slices.Clone(value), path[1:])
	}
	return nil, fault(badPath)
}

// result is the new value in the place of an old one, which is nil when there is none; removed says that there is none any more.
func (a action) result(old attribute.Value) (attribute.Value, error) {
	switch a.section {
	case "SET":
		return valueOf(a.value, nil), nil
	case "REMOVE":
		return removed{}, nil
	}
	operand := valueOf(a.value, nil)
	if old != nil && old.Type() != operand.Type() {
		return nil, fault(badType)
	}
	if a.section == "ADD" {
		return added(old, operand)
	}
	if old == nil {
		return removed{}, nil
	}
	return without(old, operand), nil
}

func added(old, operand attribute.Value) (attribute.Value, error) {
	if old == nil {
		return operand, nil
	}
	switch old := old.(type) {
	case attribute.Number:
		return numeric(old.Plus(operand.(attribute.Number)))
	case attribute.StringSet:
		return union(old, operand.(attribute.StringSet)), nil
	case attribute.NumberSet:
		return union(old, operand.(attribute.NumberSet)), nil
	case attribute.BinarySet:
		return union(old, operand.(attribute.BinarySet)), nil
	}
	return nil, fault(badType)
}

// without is what is left of a set; removed when nothing is, for there are no empty sets.
func without(old, operand attribute.Value) attribute.Value {
	switch old := old.(type) {
	case attribute.StringSet:
		if rest := difference(old, operand.(attribute.StringSet)); len(rest) > 0 {
			return rest
		}
	case attribute.NumberSet:
		if rest := difference(old, operand.(attribute.NumberSet)); len(rest) > 0 {
			return rest
		}
	case attribute.BinarySet:
		if rest := difference(old, operand.(attribute.BinarySet)); len(rest) > 0 {
			return rest
		}
	}
	return removed{}
}

func union[S ~[]E, E comparable](a, b S) S {
	all := slices.Clone(a)
	for _, element := range b {
		if !slices.Contains(a, element) {
			all = append(all, element)
		}
	}
	return all
}

func difference[S ~[]E, E comparable](a, b S) S {
	var rest S
	for _, element := range a {
		if !slices.Contains(b, element) {
			rest = append(rest, element)
		}
	}
	return rest
}

// compact closes the gaps in the list that holds the last element of path. What is on the way is a copy already.
func compact(item attribute.Map, path Path) {
	path = path[:len(path)-1]
	list, is := path.Get(item).(attribute.List)
	if !is || !slices.ContainsFunc(list, isRemoved) {
		return
	}
	list = slices.DeleteFunc(list, isRemoved)
	last := path[len(path)-1]
	var parent attribute.Value = item
	if len(path) > 1 {
		parent = path[:len(path)-1].Get(item)
	}
	switch parent := parent.(type) {
	case attribute.Map:
		parent[last.Name] = list
	case attribute.List:
		parent[last.Index] = list
	}
}
