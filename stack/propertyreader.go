package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// reader reads context values and keeps the first error, so that the list of properties reads as a list.
type reader struct {
	context func(key string) any
	err     error
}

// text is the value as written: the command line gives strings, cdk.json also numbers and booleans.
func (r *reader) text(key, byDefault string) string {
	switch value := r.context(key).(type) {
	case nil:
		return byDefault
	case float64: // any number that came through JSON
		return strconv.FormatFloat(value, 'f', -1, 64)
	default:
		return fmt.Sprint(value)
	}
}

func (r *reader) choice(key, byDefault string, allowed ...string) string {
	value := r.text(key, byDefault)
	if !slices.Contains(allowed, value) {
		r.refuse(key, value, enumeration(allowed))
	}
	return value
}

func (r *reader) flag(key string, byDefault bool) bool {
	return r.choice(key, strconv.FormatBool(byDefault), "true", "false") == "true"
}

func (r *reader) number(key string, byDefault, least, most int) int {
	value := r.text(key, strconv.Itoa(byDefault))
	n, err := strconv.Atoi(value)
	if err != nil || n < least || n > most {
		r.refuse(key, value, fmt.Sprintf("a whole number from %d to %d", least, most))
	}
	return n
}

func (r *reader) numberOf(key string, byDefault int, allowed []int) int {
	value := r.text(key, strconv.Itoa(byDefault))
	n, err := strconv.Atoi(value)
	if err != nil || !slices.Contains(allowed, n) {
		r.refuse(key, value, enumeration(allowed))
	}
	return n
}

// maxVendorID is what AWS IoT leaves for the last level of a topic: of 256 bytes, 48 may be a charge point's name.
// OCPP allows 255 characters.
const maxVendorID = 256 - 48 - len("/data/")

func (r *reader) vendors(key string) []string {
	value := r.text(key, "")
	if value == "" {
		return nil
	}
	var vendors []string
	for id := range strings.SplitSeq(value, ",") {
		id = strings.TrimSpace(id)
		if id == "" || len(id) > maxVendorID || strings.ContainsAny(id, "/+#") {
			r.refuse(key, value, fmt.Sprintf("vendor ids with commas between them, each of 1 to %d bytes without / + #: it ends the name of a topic", maxVendorID))
		}
		vendors = append(vendors, id)
	}
	return vendors
}

// matching is a text of a form that is said in words; by default there is none.
func (r *reader) matching(key string, form *regexp.Regexp, words string) string {
	value := r.text(key, "")
	if value != "" && !form.MatchString(value) {
		r.refuse(key, value, words)
	}
	return value
}

// list has texts of a form with commas between them; by default there are none.
func (r *reader) list(key string, form *regexp.Regexp, words string) []string {
	value := r.text(key, "")
	if value == "" {
		return nil
	}
	var list []string
	for text := range strings.SplitSeq(value, ",") {
		text = strings.TrimSpace(text)
		if !form.MatchString(text) {
			r.refuse(key, value, words+", with commas between them")
		}
		list = append(list, text)
	}
	return list
}

// needs refuses the value of a context value that means nothing without another one.
func (r *reader) needs(key, other string) {
	if r.text(other, "") == "" {
		r.refuse(key, r.text(key, ""), "left out where "+other+" is not given")
	}
}

func (r *reader) refuse(key, value, allowed string) {
	if r.err == nil {
		r.err = fmt.Errorf("context value %s is %q, but must be %s", key, value, allowed)
	}
}

// enumeration is "a, b or c".
func enumeration[T any](allowed []T) string {
	var words []string
	for _, a := range allowed {
		words = append(words, fmt.Sprint(a))
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
