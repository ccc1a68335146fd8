package expression

import (
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/local/dynamodb/attribute"
)

// read reads a value or item written as on the wire.
func read(t testing.TB, text string) attribute.Map {
	t.Helper()
	m, err := attribute.ParseMap([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return m
}

func bindings(t testing.TB, values string) *Bindings {
	t.Helper()
	b, err := NewBindings(map[string]string{"#s": "status", "#dot": "a.b"}, read(t, values))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const item = `{"status":{"S":"Queued"},"n":{"N":"5"},"l":{"L":[{"S":"a"},{"M":{"x":{"N":"1"}}}]},"m":{"M":{"k":{"S":"v"}}},
	"ss":{"SS":["x","y"]},"ns":{"NS":["1","2"]},"b":{"B":"YWI="},"a.b":{"S":"dotted"},"t":{"BOOL":true},"e":{"S":""},"bs":{"BS":["YQ=="]}}`

const values = `{":q":{"S":"Queued"},":one":{"N":"1"},":five":{"N":"5.0"},":nine":{"N":"9"},":ten":{"N":"10"},":x":{"S":"x"},":Q":{"S":"Q"},":S":{"S":"S"},
	":yx":{"SS":["y","x"]},":a":{"B":"YQ=="},":true":{"BOOL":true},":empty":{"S":""},":m":{"M":{"x":{"N":"1.0"}}},":bad":{"S":"bad"}}`

func TestConditions(t *testing.T) {
	for text, want := range map[string]bool{
		"#s = :q":                             true,
		"#s <> :q":                            false,
		"absent <> :q":                        true,
		"absent = :q":                         false,
		"absent < :q":                         false,
		"absent = gone":                       false,
		"n = :five":                           true, // 5 and 5.0 are one number
		"n < :ten":                            true, // as numbers, not as text
		"n > :x":                              false,
		"n BETWEEN :one AND :ten":             true,
		"n BETWEEN :nine AND :ten":            false,
		"n IN (:one, :five)":                  true,
		"n in (:one)":                         false,
		"NOT n IN (:one)":                     true,
		"not not n = :five":                   true,
		"n = :one OR n = :five":               true,
		"n = :one OR n = :five AND n = :one":  false, // AND binds closer
		"(n = :five OR n = :one) AND #s = :q": true,
		"(n) = (:five)":                       true,
		"attribute_exists(l[1].x)":            true,
		"attribute_exists(l[2])":              false,
		"attribute_exists(l.x)":               false,
		"attribute_exists(m[0])":              false,
		"attribute_exists(#dot)":              true,
		"attribute_exists(e)":                 true,
		"attribute_not_exists(m.k)":           false,
		"attribute_type(#s, :S)":              true,
		"attribute_type(n, :S)":               false,
		"begins_with(#s, :Q)":                 true,
		"begins_with(b, :a)":                  true,
		"begins_with(n, :Q)":                  false,
		"contains(#s, :Q)":                    true,
		"contains(ss, :x)":                    true,
		"contains(ns, :one)":                  true,
		"contains(bs, :a)":                    true,
		"contains(b, :a)":                     true,
		"contains(l, :m)":                     true,
		"contains(n, :x)":                     false,
		"contains(absent, :x)":                false,
		"size(#s) > :five":                    true,
		"size(ss) < n":                        true,
		"size(l) BETWEEN :one AND :five":      true,
		"size(e) < :one":                      true,
		"size(n) > :one":                      false, // numbers have no size
		"ss = :yx":                            true,
		"t = :true":                           true,
		"e = :empty":                          true,
	} {
		condition, err := ParseCondition(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		bound, err := condition.Bind(bindings(t, values))
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if got := bound.Holds(read(t, item)); got != want {
			t.Errorf("%s is %v", text, got)
		}
	}
}

func TestWrongConditions(t *testing.T) {
	for text, want := range map[string]string{
		"":                                 "The expression can not be empty;",
		"n =":                              `Syntax error; token: "<EOF>", near: "="`,
		"n = = :one":                       `Syntax error; token: "=", near: "= = :one"`,
		"n":                                `Syntax error; token: "<EOF>", near: "n"`,
		"n = :one n":                       `Syntax error; token: "n", near: ":one n"`,
		"n = :one)":                        `Syntax error; token: ")", near: ":one)"`,
		"attribute_exists()":               `Syntax error; token: ")", near: "()"`,
		"n ! :one":                         `Syntax error; token: "!", near: "n !"`,
		"l[x] = :one":                      `Syntax error; token: "x", near: "[x]"`,
		"and = :one":                       `Syntax error; token: "and", near: "and ="`,
		"status = :q":                      "Attribute name is a reserved keyword; reserved keyword: status",
		"nothing(n)":                       "Invalid function name; function: nothing",
		"size(n)":                          "The function is not allowed to be used this way in an expression; function: size",
		"contains(ss, :x) = :true":         "The function is not allowed to be used this way in an expression; function: contains",
		"((n = :one))":                     "The expression has redundant parentheses;",
		"#none = :q":                       "An expression attribute name used in the document path is not defined; attribute name: #none",
		"n = :none":                        "An expression attribute value used in expression is not defined; attribute value: :none",
		"n = n":                            "The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [n]",
		"contains(n)":                      "Incorrect number of operands for operator or function; operator or function: contains, number of operands: 1",
		"attribute_exists(:q)":             "Operator or function requires a document path; operator or function: attribute_exists",
		"begins_with(n, :one)":             "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N",
		"attribute_type(n, :bad)":          "Invalid attribute type name found; type: bad, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}",
		"n < :true":                        "Incorrect operand type for operator or function; operator or function: <, operand type: BOOL",
		"n BETWEEN :ten AND :one":          "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:10}, upper bound operand: AttributeValue: {N:1}",
		"n BETWEEN :ten AND :x":            "The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {N:10}, upper bound operand: AttributeValue: {S:x}",
		strings.Repeat("(", 50) + "n = :x": "The expression has too many nested parentheses; maximum: 32",
		strings.Repeat("x", 5000):          "Expression size has exceeded the maximum allowed size; expression size: 5000",
	} {
		condition, err := ParseCondition(text)
		if err == nil {
			_, err = condition.Bind(bindings(t, values))
		}
		if err == nil || err.Error() != want {
			t.Errorf("%.60s gave\n%v, want\n%s", text, err, want)
		}
	}
}

func TestUpdates(t *testing.T) {
	before := `{"p":{"S":"1"},"n":{"N":"5"},"l":{"L":[{"N":"0"},{"N":"1"},{"L":[{"N":"8"},{"N":"9"}]},{"N":"3"}]},"m":{"M":{"k":{"S":"v"}}},"ss":{"SS":["x","y"]}}`
	given := `{":one":{"N":"1"},":two":{"N":"2"},":s":{"S":"s"},":l":{"L":[{"N":"7"}]},":x":{"SS":["x"]},":z":{"SS":["z","x"]},":xy":{"SS":["x","y"]}}`
	for text, want := range map[string]string{
		"SET a = :one":                                   `{"a":{"N":"1"}}`,
		"set #s = n, n = :one":                           `{"status":{"N":"5"},"n":{"N":"1"}}`, // values are those before the update
		"SET n = n + :one":                               `{"n":{"N":"6"}}`,
		"SET n = :one - n":                               `{"n":{"N":"-4"}}`,
		"SET a = if_not_exists(n, :one)":                 `{"a":{"N":"5"}}`,
		"SET a = if_not_exists(zz, :one) + :two":         `{"a":{"N":"3"}}`,
		"SET a = list_append(:l, l[2])":                  `{"a":{"L":[{"N":"7"},{"N":"8"},{"N":"9"}]}}`,
		"SET a = list_append(if_not_exists(zz, :l), :l)": `{"a":{"L":[{"N":"7"},{"N":"7"}]}}`,
		"SET m.#dot = :one, m.k = :s":                    `{"m":{"M":{"k":{"S":"s"},"a.b":{"N":"1"}}}}`,
		"SET l[0] = :s":                                  `{"l":{"L":[{"S":"s"},{"N":"1"},{"L":[{"N":"8"},{"N":"9"}]},{"N":"3"}]}}`,
		"SET l[99] = :two, l[50] = :one":                 `{"l":{"L":[{"N":"0"},{"N":"1"},{"L":[{"N":"8"},{"N":"9"}]},{"N":"3"},{"N":"1"},{"N":"2"}]}}`,
		"REMOVE l[0], l[1]":                              `{"l":{"L":[{"L":[{"N":"8"},{"N":"9"}]},{"N":"3"}]}}`, // indexes are those before the update
		"REMOVE l[0], l[2][0]":                           `{"l":{"L":[{"N":"1"},{"L":[{"N":"9"}]},{"N":"3"}]}}`,
		"REMOVE l[0] SET l[3] = :s":                      `{"l":{"L":[{"N":"1"},{"L":[{"N":"8"},{"N":"9"}]},{"S":"s"}]}}`,
		"REMOVE l[9], zz":                                `{}`,
		"REMOVE n, m.k":                                  `{"n":null,"m":{"M":{}}}`,
		"ADD n :two, a :one, ss :z":                      `{"n":{"N":"7"},"a":{"N":"1"},"ss":{"SS":["x","y","z"]}}`,
		"DELETE ss :x, zz :x":                            `{"ss":{"SS":["y"]}}`,
		"DELETE ss :xy":                                  `{"ss":null}`, // there are no empty sets
	} {
		want = strings.ReplaceAll(want, "null", `{"NULL":true}`) // stands for an attribute that is gone
		old := read(t, before)
		got, err := apply(text, old, bindings(t, given))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		expected := read(t, before)
		for name, value := range read(t, want) {
			if delete(expected, name); value != (attribute.Null{}) {
				expected[name] = value
			}
		}
		if !attribute.Equal(got, expected) {
			t.Errorf("%s makes\n%s, want\n%s", text, got.AppendJSON(nil), expected.AppendJSON(nil))
		}
		if !attribute.Equal(old, read(t, before)) {
			t.Errorf("%s has changed the old item", text)
		}
	}
}

func apply(text string, old attribute.Map, b *Bindings) (attribute.Map, error) {
	update, err := ParseUpdate(text)
	if err != nil {
		return nil, err
	}
	bound, err := update.Bind(b)
	if err != nil {
		return nil, err
	}
	return bound.Apply(old)
}

func TestWrongUpdates(t *testing.T) {
	given := `{":one":{"N":"1"},":s":{"S":"s"},":ss":{"SS":["x"]},":huge":{"N":"9E125"}}`
	for text, want := range map[string]string{
		"":                              "The expression can not be empty;",
		"PUT a = :one":                  `Syntax error; token: "PUT", near: "PUT a"`,
		"SET a :one":                    `Syntax error; token: ":one", near: "a :one"`,
		"SET a = b + c + d":             `Syntax error; token: "+", near: "c + d"`,
		"ADD a b":                       `Syntax error; token: "b", near: "a b"`,
		"SET a = :one SET b = :one":     `The "SET" section can only be used once in an update expression;`,
		"SET name = :one":               "Attribute name is a reserved keyword; reserved keyword: name",
		"SET a = size(b)":               "Invalid function name; function: size",
		"SET a = if_not_exists(b)":      "Incorrect number of operands for operator or function; operator or function: if_not_exists, number of operands: 1",
		"SET a = if_not_exists(:s, b)":  "Operator or function requires a document path; operator or function: if_not_exists",
		"SET a = :s + :one":             "Incorrect operand type for operator or function; operator or function: +, operand type: S",
		"SET a = list_append(b, :s)":    "Incorrect operand type for operator or function; operator or function: list_append, operand type: S",
		"ADD a :s":                      "Incorrect operand type for operator or function; operator: ADD, operand type: STRING",
		"DELETE a :one":                 "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER",
		"SET a.b = :one REMOVE a":       "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a]",
		"SET a[0] = :one, a.b = :one":   "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, [0]], path two: [a, b]",
		"SET a = zz":                    badReference,
		"SET a = words + :one":          badType,
		"SET a = list_append(words, b)": badReference,
		"ADD words :one":                badType,
		"DELETE words :ss":              badType,
		"SET zz.a = :one":               badPath,
		"SET words.a = :one":            badPath,
		"SET words[0] = :one":           badPath,
		"REMOVE zz.a":                   badPath,
		"SET a = big + :huge":           "Number overflow. Attempting to store a number with magnitude larger than supported range",
	} {
		_, err := apply(text, read(t, `{"p":{"S":"1"},"words":{"S":"t"},"big":{"N":"9E125"}}`), bindings(t, given))
		if err == nil || err.Error() != want {
			t.Errorf("%s gave\n%v, want\n%s", text, err, want)
		}
	}
}

func TestProjections(t *testing.T) {
	for text, want := range map[string]string{
		"n, absent":          `{"n":{"N":"5"}}`,
		"l[1].x, l[0], m.k":  `{"l":{"L":[{"S":"a"},{"M":{"x":{"N":"1"}}}]},"m":{"M":{"k":{"S":"v"}}}}`,
		"l[1], l[7], #dot":   `{"l":{"L":[{"M":{"x":{"N":"1"}}}]},"a.b":{"S":"dotted"}}`,
		"n.x, l.x, m[0], zz": `{}`,
	} {
		projection, err := ParseProjection(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		bound, err := projection.Bind(bindings(t, `{}`))
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if got := bound.Of(read(t, item)); !attribute.Equal(got, read(t, want)) {
			t.Errorf("%s selects %s, want %s", text, got.AppendJSON(nil), want)
		}
	}
}

func TestUnused(t *testing.T) {
	b := bindings(t, `{":a":{"S":"a"},":b":{"S":"b"}}`)
	condition, err := ParseCondition("#s = :a")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := condition.Bind(b); err != nil {
		t.Fatal(err)
	}
	if err := b.Unused(); err == nil || err.Error() != "Value provided in ExpressionAttributeNames unused in expressions: keys: {#dot}" {
		t.Errorf("unused: %v", err)
	}
	delete(b.Names, "#dot")
	if err := b.Unused(); err == nil || err.Error() != "Value provided in ExpressionAttributeValues unused in expressions: keys: {:b}" {
		t.Errorf("unused: %v", err)
	}
}
