// Package attribute holds the values of DynamoDB: their types, their JSON form on the wire, exact decimal numbers, comparison,
// the sizes that limits and prices are reckoned by, and a form of keys whose bytes sort as DynamoDB sorts.
//
// Values are never changed once made, so they may be shared by stored items, answers and other items.
package attribute

// Value is one of the types below.
type Value interface {
	// Type is the descriptor of the type on the wire, such as "S".
	Type() string
}

type (
	// String is text in UTF-8.
	String string
	// Binary is bytes; a string because those are comparable and cannot be changed.
	Binary string
	// Bool is true or false.
	Bool bool
	// Null is the value that says that there is none.
	Null struct{}
	// List is an ordered list of values of any types.
	List []Value
	// StringSet holds different strings, in the order in which they were written.
	StringSet []string
	// NumberSet holds different numbers.
	NumberSet []Number
	// BinarySet holds different bytes.
	BinarySet []string
	// Map holds values by name; an item is one.
	Map map[string]Value
)

func (String) Type() string    { return "S" }
func (Number) Type() string    { return "N" }
func (Binary) Type() string    { return "B" }
func (Bool) Type() string      { return "BOOL" }
func (Null) Type() string      { return "NULL" }
func (List) Type() string      { return "L" }
func (StringSet) Type() string { return "SS" }
func (NumberSet) Type() string { return "NS" }
func (BinarySet) Type() string { return "BS" }
func (Map) Type() string       { return "M" }

// Types are the descriptors of all types, in the order in which DynamoDB's own messages list them.
var Types = []string{"B", "NULL", "SS", "BOOL", "L", "BS", "N", "NS", "S", "M"}
