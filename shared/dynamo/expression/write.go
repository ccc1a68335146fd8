package expression

import (
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Writer writes the expressions of one call, in which aliases stand for names and values. Its zero value is ready.
type Writer struct {
	written strings.Builder // of the expression that is being written
	names   []string        // the alias of each is # and its index
	values  []types.AttributeValue
}

// Condition writes a condition.
func (w *Writer) Condition(c Condition) *string {
	w.written.Grow(usualSize)
	c(w)
	return w.taken()
}

const usualSize = 64 // of an expression, in bytes

// Update writes an update.
func (w *Writer) Update(u Update) *string {
	w.written.Grow(usualSize)
	w.clause("SET ", u.set)
	w.clause("REMOVE ", u.remove)
	w.clause("ADD ", u.add)
	return w.taken()
}

func (w *Writer) clause(name string, changes func(*Writer)) {
	if changes == nil {
		return
	}
	if w.written.Len() > 0 {
		w.text(" ")
	}
	w.text(name)
	changes(w)
}

func (w *Writer) taken() *string {
	text := w.written.String()
	w.written.Reset()
	return &text
}

func (w *Writer) text(s string) { w.written.WriteString(s) }

func (w *Writer) function(name string, of ...Operand) {
	w.text(name)
	before := "("
	for _, operand := range of {
		w.text(before)
		operand(w)
		before = ", "
	}
	w.text(")")
}

func (w *Writer) name(attribute string) {
	index := slices.Index(w.names, attribute)
	if index < 0 {
		index = len(w.names)
		w.names = append(w.names, attribute)
	}
	w.text("#")
	w.text(strconv.Itoa(index))
}

func (w *Writer) value(v types.AttributeValue) {
	w.text(":")
	w.text(strconv.Itoa(len(w.values)))
	w.values = append(w.values, v)
}

// Names are what the aliases of names stand for; nil for none, as DynamoDB wants it.
func (w *Writer) Names() map[string]string { return aliased("#", w.names) }

// Values are what the aliases of values stand for; nil for none.
func (w *Writer) Values() map[string]types.AttributeValue { return aliased(":", w.values) }

func aliased[T any](kind string, all []T) map[string]T {
	if len(all) == 0 {
		return nil
	}
	aliases := make(map[string]T, len(all))
	for i, one := range all {
		aliases[kind+strconv.Itoa(i)] = one
	}
	return aliases
}
