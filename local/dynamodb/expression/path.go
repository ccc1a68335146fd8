package expression

import (
	"slices"
	"strconv"
	"strings"

	"github.com/serverless-ocpp/backend/local/dynamodb/attribute"
)

// Path leads to a value in an item, such as a.b[2]. Its first element is a name.
type Path []Element

// Element is a name in a map or an index in a list.
type Element struct {
	Name        string
	Index       int
	IsIndex     bool
	placeholder bool // Name is one of the request's ExpressionAttributeNames
}

// Get returns the value at the path, nil when there is none.
func (p Path) Get(item attribute.Map) attribute.Value {
	value := item[p[0].Name]
	for _, element := range p[1:] {
		switch container := value.(type) {
		case attribute.Map:
			if element.IsIndex {
				return nil
			}
			value = container[element.Name]
		case attribute.List:
			if !element.IsIndex || element.Index >= len(container) {
				return nil
			}
			value = container[element.Index]
		default:
			return nil
		}
	}
	return value
}

// String writes a path as DynamoDB's messages do: [a, b, [2]].
func (p Path) String() string {
	elements := make([]string, len(p))
	for i, element := range p {
		elements[i] = element.Name
		if element.IsIndex {
			elements[i] = "[" + strconv.Itoa(element.Index) + "]"
		}
	}
	return "[" + strings.Join(elements, ", ") + "]"
}

// checkPaths finds two paths of which one is or begins the other, and two that take one value as both a list and a map.
func checkPaths(paths []Path, found *faults) {
	for i, later := range paths {
		for _, earlier := range paths[:i] {
			kind, text := faultOverlap, "overlap"
			same := true
			for j := 0; same && j < min(len(earlier), len(later)); j++ {
				if earlier[j].IsIndex != later[j].IsIndex {
					kind, text = faultConflict, "conflict"
					break
				}
				same = earlier[j] == later[j]
			}
			if same {
				found.add(kind, "Two document paths %s with each other; must remove or rewrite one of these paths; path one: %s, path two: %s",
					text, earlier, later)
			}
		}
	}
}

// Select returns what of an item lies at the paths, in the places where it lies; of lists only the selected elements, one behind
// the other.
func Select(item attribute.Map, paths []Path) attribute.Map {
	root := &selection{}
	for _, path := range paths {
		if value := path.Get(item); value != nil {
			root.add(path, value)
		}
	}
	selected := make(attribute.Map, len(root.children))
	for _, child := range root.children {
		selected[child.element.Name] = child.build()
	}
	return selected
}

// selection is a tree of the selected elements.
type selection struct {
	element  Element
	value    attribute.Value // of a leaf
	children []*selection
}

func (s *selection) add(path Path, value attribute.Value) {
	if len(path) == 0 {
		s.value = value
		return
	}
	at := slices.IndexFunc(s.children, func(c *selection) bool { return c.element == path[0] })
	if at < 0 {
		at = len(s.children)
		s.children = append(s.children, &selection{element: path[0]})
	}
	s.children[at].add(path[1:], value)
}

func (s *selection) build() attribute.Value {
	switch {
	case s.value != nil:
		return s.value
	case s.children[0].element.IsIndex:
		slices.SortFunc(s.children, func(a, b *selection) int { return a.element.Index - b.element.Index })
		list := make(attribute.List, len(s.children))
		for i, child := range s.children {
			list[i] = child.build()
		}
		return list
	}
	m := make(attribute.Map, len(s.children))
	for _, child := range s.children {
		m[child.element.Name] = child.build()
	}
	return m
}
