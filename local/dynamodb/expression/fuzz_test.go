package expression

import (
	"testing"

	"github.com/serverless-ocpp/backend/local/dynamodb/attribute"
)

// Whatever a text is, it is read or refused, and what is read can be used.

func FuzzCondition(f *testing.F) {
	for _, text := range []string{
		"#s = :q AND (n < :ten OR NOT attribute_exists(l[1].x))", "n BETWEEN :one AND :ten", "n IN (:one, size(l))",
		"begins_with(#s, :Q) and contains(ss, :x)", "((a))=:x", "(size(a))>(:one)", "a.b[", "NOT", "attribute_type(n, :S",
	} {
		f.Add(text)
	}
	document := read(f, item)
	f.Fuzz(func(t *testing.T, text string) {
		condition, err := ParseCondition(text)
		if err != nil {
			return
		}
		bound, err := condition.Bind(bindings(t, values))
		if err != nil {
			return
		}
		bound.Holds(document)
		bound.Holds(nil)
		if conditions, err := bound.KeyConditions(); err == nil && len(conditions) > 2 {
			t.Errorf("%q has %d key conditions", text, len(conditions))
		}
	})
}

func FuzzUpdate(f *testing.F) {
	for _, text := range []string{
		"SET a = :one, l[1].x = n + :one REMOVE m.k ADD ns :one DELETE ss :yx", "SET a = list_append(if_not_exists(l, l), l)",
		"REMOVE l[0], l[1]", "SET l[9] = :x, l[8] = :x", "SET (a) = b", "ADD n", "SET a = (b",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		document := read(t, item)
		updated, err := apply(text, document, bindings(t, values))
		if !attribute.Equal(document, read(t, item)) {
			t.Fatalf("%q has changed the old item", text)
		}
		if err != nil {
			return
		}
		// Nothing of what Apply uses within is left in the item: it can be written and read again.
		if again, err := attribute.ParseMap(updated.AppendJSON(nil)); err != nil || !attribute.Equal(again, updated) {
			t.Fatalf("%q makes %s: %v", text, updated.AppendJSON(nil), err)
		}
	})
}

func FuzzProjection(f *testing.F) {
	f.Add("n, l[1].x, #dot")
	f.Add("a[,")
	f.Fuzz(func(t *testing.T, text string) {
		projection, err := ParseProjection(text)
		if err != nil {
			return
		}
		bound, err := projection.Bind(bindings(t, `{}`))
		if err != nil {
			return
		}
		for name := range bound.Of(read(t, item)) {
			if _, has := read(t, item)[name]; !has {
				t.Errorf("%q selects %s, which the item does not have", text, name)
			}
		}
	})
}
