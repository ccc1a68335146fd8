package operation

import (
	"maps"
	"slices"
	"strings"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// word returns what a version says for the value of a member. fault.Invalid, naming those that there are, if it has no
// word for it.
func word(version ocppj.Version, member, value string, words map[string]string) (string, error) {
	if said, ok := words[value]; ok {
		return said, nil
	}
	known := slices.DeleteFunc(slices.Sorted(maps.Keys(words)), func(word string) bool { return word == "" })
	if value == "" {
		return "", fault.New(fault.Malformed, "Missing required parameter: '%s' (in %s one of %s)", member, version, strings.Join(known, ", "))
	}
	return "", fault.New(fault.Invalid, "'%s' must be one of %s in %s, not %.40q", member, strings.Join(known, ", "), version, value)
}

// with returns a table of words with more of them.
func with(words, more map[string]string) map[string]string {
	all := maps.Clone(words)
	maps.Copy(all, more)
	return all
}

// unknownIn is the error for a member that a version cannot express.
func unknownIn(version ocppj.Version, member string) error {
	return fault.New(fault.Invalid, "'%s' must be left out: %s has no such thing", member, version)
}

// missingIn is the error for a member that a version cannot do without, unlike others.
func missingIn(version ocppj.Version, member string) error {
	return fault.New(fault.Malformed, "Missing required parameter: '%s' (%s needs it)", member, version)
}
