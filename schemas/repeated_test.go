package schemas

import (
	"encoding/json"
	"testing"

	exact "sigs.k8s.io/json"
)

// FuzzRepeated holds the look for repeated fields to another one.
func FuzzRepeated(f *testing.F) {
	for _, seed := range []string{
		`{"a":1,"a":2}`, `{"a":{"a":1},"b":[{"c":1},{"c":2}]}`, ` [ { "a" : "}\"," , "\u0061":[ ]} ] `, `7`, `"\ud800"`, `{"\ud800":1,"\udc00":1}`, `{"":1,"":1e5}`, `[]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if !json.Valid(data) {
			return
		}
		var value any
		want, err := exact.UnmarshalStrict(data, &value, exact.DisallowDuplicateFields)
		if err != nil {
			return // a number that does not fit
		}
		if got := repeated(data); len(got) > 0 != (len(want) > 0) {
			t.Errorf("%s: got %v, want %v", data, got, want)
		}
	})
}
