package schemas

import (
	"slices"
	"strings"
)

// Tolerable reports whether a message is still understood as it was meant: a field too many, a string too long, null or an empty list
// where the field should be left out, a time in a form that only another version has, a word that no version knows where words only
// describe, or a number of a meter in another form. Charge points in the field do all of it, and give up what is refused again and again, be
// it the end of a transaction; so such a message is accepted from them unless the caller is strict. A string of any length is not: see tooHuge.
func (v Violation) Tolerable() bool {
	return v.Kind == Extra || v.Kind == Length && !v.huge || v.understood
}

// describing are fields with a word that is shown, and that nothing hangs on: units such as Hz, reasons and measurands of vendors.
var describing = []string{
	"chargingState", "context", "errorCode", "format", "location", "measurand", "operationMode", "phase", "preconditioningStatus", "reason",
	"stoppedReason", "triggerReason", "unit",
}

func describes(path string) bool {
	return slices.Contains(describing, last(path)) || strings.HasSuffix(path, "/idToken/type")
}

// last is the name of the field at a path.
func last(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// sampled tells whether the field is the value of a meter, a string in 1.6 and a number in 2.x.
func sampled(path string) bool {
	return last(path) == "value" && strings.Contains(path, "/sampledValue/")
}

// register tells whether the field is the energy register, which 1.6 tells in whole Wh, and charge points with decimals.
func register(path string) bool {
	name := last(path)
	return name == "meterStart" || name == "meterStop"
}

// understoodType tells whether a value of another type than wanted says the same.
func (p place) understoodType() bool {
	got := typeOf(p.value)
	switch {
	case p.value == nil:
		return p.optional
	case sampled(p.path):
		return got == "a number" || got == "a string"
	case register(p.path):
		return got == "a number"
	}
	return false
}

// understoodEmpty tells whether an empty list says that there is nothing.
func (p place) understoodEmpty() bool {
	return len(p.value.([]any)) == 0 && (p.optional || last(p.path) == "sampledValue")
}

// What is too long is so by some characters, as a rule. Ids and names, which OCPP limits to 255 characters at most, become
// keys of tables and levels of topics; DynamoDB takes keys of 1,024 bytes, so that a message with a longer id could be
// answered, but never stored. Values, which may have 500 characters and more, are tolerated at any length.
const (
	longestName   = 255
	mostTolerated = 1000 // bytes
)

func tooHuge(text string, limit int) bool { return limit <= longestName && len(text) > mostTolerated }
