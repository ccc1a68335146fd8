package expression

import (
	"maps"
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func text(s string) Operand { return Value(&types.AttributeValueMemberS{Value: s}) }

func TestConditions(t *testing.T) {
	a, b := Name("a"), Name("b.c")
	for want, condition := range map[string]Condition{
		"#0 = :0":                             a.Equal(text("x")),
		"#0 <> #1":                            a.NotEqual(b),
		"#0 < :0":                             a.LessThan(text("x")),
		"#0 <= :0":                            a.LessThanEqual(text("x")),
		"#0 IN (:0)":                          a.In(text("x")),
		"#0 IN (:0, :1, #1)":                  a.In(text("x"), text("y"), b),
		"begins_with(#0, :0)":                 a.BeginsWith(text("x")),
		"attribute_exists(#0)":                Exists(a),
		"attribute_not_exists(#0)":            NotExists(a),
		"(#0 = :0) AND (#0 = :1)":             a.Equal(text("x")).And(a.Equal(text("x"))), // a name has one alias
		"(#0 = #1) AND (#1 = #0)":             a.Equal(b).And(b.Equal(a)),
		"(#0 = :0) OR (#0 = :1)":              a.Equal(text("x")).Or(a.Equal(text("y"))),
		"(#0 = #0) OR (#1 = #1) OR (#0 < #1)": a.Equal(a).Or(b.Equal(b), a.LessThan(b)),
		"(attribute_exists(#0)) AND ((attribute_not_exists(#1)) OR (#1 < :0))": Exists(a).And(NotExists(b).Or(b.LessThan(text("x")))),
	} {
		var w Writer
		if got := *w.Condition(condition); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestUpdates(t *testing.T) {
	a, b := Name("a"), Name("b")
	for want, update := range map[string]Update{
		"":                                       {},
		"SET #0 = :0":                            Set(a, text("x")),
		"SET #0 = #1":                            Set(a, b),
		"SET #0 = if_not_exists(#1, :0)":         Set(a, b.IfNotExists(text("x"))),
		"REMOVE #0, #1":                          Remove(a).Remove(b),
		"SET #0 = :0 REMOVE #1 ADD #2 :1, #3 :2": Add(a, text("1")).Set(Name("c"), text("x")).Remove(b).Add(Name("d"), text("1")),
	} {
		var w Writer
		if got := *w.Update(update); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// An expression can be the beginning of several.
func TestExpressionsDoNotChange(t *testing.T) {
	begun, held := Set(Name("a"), text("x")).Remove(Name("b")), Name("a").Equal(text("x")).And(Exists(Name("b")))
	begun.Set(Name("c"), text("y"))
	begun.Set(Name("d"), text("z"))
	held.And(Exists(Name("c")))
	held.Or(Exists(Name("d")))
	var w Writer
	if condition, update := *w.Condition(held), *w.Update(begun); condition != "(#0 = :0) AND (attribute_exists(#1))" || update != "SET #0 = :1 REMOVE #1" {
		t.Errorf("%q, %q", condition, update)
	}
}

func TestAliases(t *testing.T) {
	var w Writer
	if w.Names() != nil || w.Values() != nil {
		t.Errorf("nothing has the names %v and the values %v", w.Names(), w.Values())
	}
	w.Condition(Name("a").Equal(text("x")))
	w.Update(Set(Name("a"), text("y")).Set(Name("b.c"), text("x")))
	if want := map[string]string{"#0": "a", "#1": "b.c"}; !maps.Equal(w.Names(), want) {
		t.Errorf("names %v, want %v", w.Names(), want)
	}
	x, y := &types.AttributeValueMemberS{Value: "x"}, &types.AttributeValueMemberS{Value: "y"}
	want := map[string]types.AttributeValue{":0": x, ":1": y, ":2": x}
	if !reflect.DeepEqual(w.Values(), want) {
		t.Errorf("values %v, want %v", w.Values(), want)
	}
}
