package schemas

import (
	"strings"
	"unicode/utf8"

	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Kind says which sort of rule a payload violates.
type Kind int

// The kinds of violation.
const (
	Missing  Kind = iota + 1 // a required field is absent
	Extra                    // a field that the message does not have
	Type                     // another JSON type than wanted
	Enum                     // none of the allowed values
	Length                   // a string is too long
	Range                    // a number is too small, too large or too fine
	Items                    // an array has too few or too many elements
	Format                   // a string is no date-time or no URI
	Repeated                 // an object has a field twice
)

// Violation is one rule that one field of a payload violates.
type Violation struct {
	Kind    Kind
	Path    string // JSON pointer: "/meterValue/0/timestamp", "" for the payload itself
	Message string // the rest of a sentence about the field: "is required"

	understood bool // the value says what was meant all the same, or the field is not needed
	huge       bool // the value is longer than anything that is taken for a slip
}

// String is a sentence about the field, fit for an errorDescription. It never repeats the field's value, which may be secret.
func (v Violation) String() string {
	if v.Path == "" {
		return "the payload " + v.Message
	}
	return v.Path + " " + v.Message
}

// ErrorKind is the error to answer the violation with. Implementations differ, so a peer should not
// rely on more than that it is an error of this family.
func (v Violation) ErrorKind() ocppj.ErrorKind {
	switch v.Kind {
	case Missing, Items, Repeated:
		return ocppj.OccurrenceConstraintViolation
	case Type:
		return ocppj.TypeConstraintViolation
	case Enum, Length, Range, Format:
		return ocppj.PropertyConstraintViolation
	case Extra:
	}
	return ocppj.FormatViolation
}

// pointerEscaper writes a name as a JSON pointer wants it.
var pointerEscaper = strings.NewReplacer("~", "~0", "/", "~1")

// maxName bounds what an error repeats of a name that the peer chose. The longest name in OCPP has 38 characters.
const maxName = 64

// shorten cuts s to maxName characters, with an ellipsis in place of the rest.
func shorten(s string) string {
	if utf8.RuneCountInString(s) <= maxName {
		return s
	}
	return string([]rune(s)[:maxName-1]) + "…"
}
