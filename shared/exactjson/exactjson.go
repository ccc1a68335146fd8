// Package exactjson reads what others wrote, member by member under its exact name. encoding/json reads "IDTAG" into the field of
// "idTag" as well, and so takes for meant what a schema, to which names have their case, has never looked at.
package exactjson

import (
	"strings"

	exact "sigs.k8s.io/json"

	"github.com/serverless-ocpp/backend/shared/fault"
)

// Unmarshal is json.Unmarshal, except that names have their case: a member of another case is one that is not known, and ignored.
// Of a member that is given twice, parts of both may be read; schemas.Validate refuses those.
func Unmarshal(data []byte, into any) error {
	return exact.UnmarshalCaseSensitivePreserveInts(data, into)
}

// UnmarshalOnce is Unmarshal, with a fault.Malformed for a member that is given twice.
func UnmarshalOnce(data []byte, into any) error {
	return refusing(data, into, exact.DisallowDuplicateFields)
}

// UnmarshalKnown is UnmarshalOnce, with a fault.Malformed for a member that is not known as well.
func UnmarshalKnown(data []byte, into any) error {
	return refusing(data, into, exact.DisallowDuplicateFields, exact.DisallowUnknownFields)
}

// refusing is not for the payloads of charge points: looking for members that are given twice costs allocations.
func refusing(data []byte, into any, what ...exact.StrictOption) error {
	found, err := exact.UnmarshalStrict(data, into, what...)
	if err != nil || len(found) == 0 {
		return err
	}
	first, path := found[0], ""
	if member, ok := first.(exact.FieldError); ok {
		path = member.FieldPath()
	}
	if strings.HasPrefix(first.Error(), "duplicate") {
		return fault.New(fault.Malformed, "'%.80s' is given twice", path)
	}
	return fault.New(fault.Malformed, "'%.80s' is not known here: a member is named as it is documented, with its case", path)
}
