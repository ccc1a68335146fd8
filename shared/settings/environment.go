// Package settings is what the mains of the functions start with: the variables of their environment,
// the AWS configuration and the log.
//
//	func main() {
//		settings.Logs()
//		env := settings.FromEnvironment()
//		chargePoints := env.Required("CHARGE_POINT_TABLE")
//		config, err := env.AWS(context.Background())
//		if err != nil {
//			settings.Exit(err)
//		}
//		…
//	}
package settings

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/serverless-ocpp/backend/shared/fault"
)

// Environment reads variables and remembers everything that is wrong with them, so that whoever
// deploys learns all of it at once. A variable that is set but empty counts as not set.
type Environment struct {
	get     func(string) string
	missing []string
	wrong   []string
}

// FromEnvironment reads the variables of this process.
func FromEnvironment() *Environment { return &Environment{get: os.Getenv} }

// Required returns a variable that has no default.
func (e *Environment) Required(name string) string {
	value := e.get(name)
	if value == "" {
		e.missing = append(e.missing, name)
	}
	return value
}

// Optional returns a variable that may be missing.
func (e *Environment) Optional(name string) string { return e.get(name) }

// OneOf returns a variable that is one of a few words; otherwise is the word that holds when it is not set.
func (e *Environment) OneOf(name, otherwise string, words ...string) string {
	value := e.get(name)
	switch {
	case value == "":
		return otherwise
	case !slices.Contains(words, value):
		e.reject(name, value, "is none of "+strings.Join(words, ", "))
	}
	return value
}

// Integer returns a whole number between low and high; otherwise is the number that holds when it is not set.
func (e *Environment) Integer(name string, otherwise, low, high int) int {
	value := e.get(name)
	if value == "" {
		return otherwise
	}
	number, err := strconv.Atoi(value)
	if err != nil || number < low || number > high {
		e.reject(name, value, fmt.Sprintf("is no whole number from %d to %d", low, high))
	}
	return number
}

// Seconds returns a duration that is given as a whole number of seconds between low and high.
func (e *Environment) Seconds(name string, otherwise, low, high time.Duration) time.Duration {
	seconds := e.Integer(name, int(otherwise/time.Second), int(low/time.Second), int(high/time.Second))
	return time.Duration(seconds) * time.Second
}

// List returns the words of a comma list; none when it is not set.
func (e *Environment) List(name string) []string {
	return strings.FieldsFunc(e.get(name), func(r rune) bool { return r == ',' })
}

// Flag returns true or false; otherwise is what holds when it is not set.
func (e *Environment) Flag(name string, otherwise bool) bool {
	return e.OneOf(name, strconv.FormatBool(otherwise), "true", "false") == "true"
}

func (e *Environment) reject(name, value, because string) {
	e.wrong = append(e.wrong, fmt.Sprintf("%s=%q %s", name, value, because))
}

// Err says in one sentence which variables are missing or wrong; nil if none is.
func (e *Environment) Err() error {
	var complaints []string
	if len(e.missing) > 0 {
		complaints = append(complaints, "lacks "+strings.Join(e.missing, ", "))
	}
	if len(e.wrong) > 0 {
		complaints = append(complaints, "has "+strings.Join(e.wrong, ", "))
	}
	if complaints == nil {
		return nil
	}
	return fault.New(fault.Invalid, "the environment %s: deploy the stack again", strings.Join(complaints, " and "))
}
