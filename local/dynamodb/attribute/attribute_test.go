package attribute

import (
	"encoding/json"
	"math/big"
	"slices"
	"strings"
	"testing"
)

func TestParseNumber(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0", "-0": "0", "007": "7", "1.50": "1.5", "+3": "3", ".5": "0.5", "5.": "5", "1e3": "1000", "12E-4": "0.0012", "-1.20e+1": "-12",
		"1e125": "1" + strings.Repeat("0", 125), "1E-130": "0." + strings.Repeat("0", 129) + "1", "0e999": "0",
		"12345678901234567890123456789012345678": "12345678901234567890123456789012345678", "123456789012345678901234567890123456780": "123456789012345678901234567890123456780",
	} {
		if got, err := ParseNumber(text); string(got) != want || err != nil {
			t.Errorf("%s is %s, %v; want %s", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"": "cannot be converted to a numeric value", "abc": "numeric value: abc", "1e": "numeric value", "--1": "numeric value", "1.2.3": "numeric value",
		".": "numeric value", "1e++1": "numeric value", " 1": "numeric value", "0x1": "numeric value", "Infinity": "numeric value",
		"1e126": "Number overflow", "1e-131": "Number underflow", "1e99999999999": "Number overflow",
		"123456789012345678901234567890123456789": "more than 38 significant digits",
	} {
		if got, err := ParseNumber(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is %s, %v; want an error with %s", text, got, err, want)
		}
	}
}

func TestArithmetic(t *testing.T) {
	for _, test := range []struct{ a, b, sum, difference Number }{
		{"0.1", "0.2", "0.3", "-0.1"},
		{"5", "0", "5", "5"},
		{"12345678901234567890123456789012345678", "1", "12345678901234567890123456789012345679", "12345678901234567890123456789012345677"},
		{"1000", "-1000", "0", "2000"},
		{"-2.5", "10", "7.5", "-12.5"},
	} {
		sum, err := test.a.Plus(test.b)
		if err != nil || sum != test.sum {
			t.Errorf("%s + %s = %s, %v", test.a, test.b, sum, err)
		}
		difference, err := test.a.Minus(test.b)
		if err != nil || difference != test.difference {
			t.Errorf("%s - %s = %s, %v", test.a, test.b, difference, err)
		}
	}
	if sum, err := Number("1e125").Plus("1"); err == nil {
		t.Errorf("a sum of 126 digits is %s", sum)
	}
}

// FuzzNumbers compares with the exact numbers of math/big.
func FuzzNumbers(f *testing.F) {
	f.Add("0.1", "0.2")
	f.Add("-1e10", "99999999999.5")
	f.Add("1E-130", "12345678901234567890123456789012345678")
	f.Fuzz(func(t *testing.T, first, second string) {
		a, err := ParseNumber(first)
		b, err2 := ParseNumber(second)
		if err != nil || err2 != nil {
			return
		}
		x, y := rational(t, a), rational(t, b)
		if original, ok := new(big.Rat).SetString(first); ok && original.Cmp(x) != 0 {
			t.Errorf("%q became %s", first, a)
		}
		if a.Compare(b) != x.Cmp(y) {
			t.Errorf("%s and %s compare as %d", a, b, a.Compare(b))
		}
		if sum, err := a.Plus(b); err == nil && rational(t, sum).Cmp(new(big.Rat).Add(x, y)) != 0 {
			t.Errorf("%s + %s = %s", a, b, sum)
		}
	})
}

func rational(t *testing.T, n Number) *big.Rat {
	r, ok := new(big.Rat).SetString(string(n))
	if !ok {
		t.Fatalf("%q is no number", n)
	}
	return r
}

func TestSortable(t *testing.T) {
	numbers := []string{"-1e100", "-100", "-99.5", "-99", "-1.5", "-1", "-0.5", "-1e-100", "0", "1e-130", "0.001", "0.5", "1", "1.5", "2", "9.99", "10", "99", "100", "1e125"}
	var keys []string
	for _, text := range numbers {
		n, err := ParseNumber(text)
		if err != nil {
			t.Fatal(err)
		}
		key, ok := Sortable(n)
		if !ok {
			t.Fatalf("%s cannot be a key", n)
		}
		keys = append(keys, Joined(key, "x"))
	}
	if !slices.IsSorted(keys) {
		t.Errorf("the keys of %v are not in order: %q", numbers, keys)
	}
	texts := []string{"", "\x00", "\x00\x00", "\x00\x01", "\x01", "a", "a\x00", "a\x00b", "aa", "b", "é", "\xff"}
	for i, text := range texts {
		if i > 0 && Joined(texts[i-1], "z") >= Joined(text, "a") {
			t.Errorf("%q does not sort below %q", texts[i-1], text)
		}
		if prefix := Prefix("", text); !strings.HasPrefix(Joined(text+"more"), prefix) {
			t.Errorf("%q does not begin with %q", text+"more", prefix)
		}
	}
	for prefix, want := range map[string]string{"a": "b", "a\xff": "b", "\xff": "", "": ""} {
		if got := After(prefix); got != want {
			t.Errorf("after all with %q comes %q", prefix, got)
		}
	}
}

const every = `{"s":{"S":"é \"quoted\" \\ \n \u0001 </b>"},"n":{"N":"-1.5"},"b":{"B":"AP8="},"t":{"BOOL":true},"z":{"NULL":true},
	"l":{"L":[{"S":"a"},{"L":[]},{"M":{"x":{"N":"1"}}}]},"m":{"M":{"":{"S":""}}},"ss":{"SS":["a","b"]},"ns":{"NS":["1","2.5"]},"bs":{"BS":["YQ==","Yg=="]}}`

func TestJSON(t *testing.T) {
	item, err := ParseMap([]byte(every))
	if err != nil {
		t.Fatal(err)
	}
	text := item.AppendJSON(nil)
	var want, got any
	if err := json.Unmarshal([]byte(every), &want); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	again, err := ParseMap(text)
	if err != nil || !Equal(item, again) {
		t.Errorf("read again it is %v, %v", again, err)
	}
	if len(item) != 10 || item["b"] != Binary("\x00\xff") || item["s"] != String("é \"quoted\" \\ \n \u0001 </b>") {
		t.Errorf("it was read as %v", item)
	}
	// Names; then s, n (exponent, a pair of digits that begins at an even place, sign), b, t, z, l, m, ss, ns and bs.
	if got, want := item.Size(), 13+22+4+2+1+1+(3+(1+1)+(1+3)+(1+3+1+1+2))+(3+1)+2+(2+3)+2; got != want {
		t.Errorf("its size is %d, want %d", got, want)
	}
}

func TestEscapes(t *testing.T) {
	for text, want := range map[string]Value{
		`{"S":"a\"b"}`: String(`a"b`), `{"S":"\\"}`: String(`\`), `{"S":"\""}`: String(`"`), `{"S":"\u00e9"}`: String("é"), `{"S":""}`: String(""),
		`{"S":"}\"}"}`: String(`}"}`), `{ "S" : "x" }`: String("x"), `{"\u0053":"x"}`: String("x"), `{"N":"1"}`: Number("1"), `{"N":"\u0031"}`: Number("1"),
	} {
		if got, err := Parse([]byte(text)); err != nil || got != want {
			t.Errorf("%s is %q, %v; want %q", text, got, err, want)
		}
		item, err := ParseMap([]byte(`{"a\"b": ` + text + ` , "c":{"NULL":true}}`))
		if err != nil || len(item) != 2 || item[`a"b`] != want {
			t.Errorf("%s becomes %q, %v", text, item, err)
		}
	}
}

func TestWrongJSON(t *testing.T) {
	for text, want := range map[string]string{
		`{"a":{}}`:                        "Supplied AttributeValue is empty",
		`{"a":{"S":null}}`:                "Supplied AttributeValue is empty",
		`{"a":{"S":"x","N":"1"}}`:         "more than one datatypes set",
		`{"a":{"NULL":false}}`:            "Null attribute value types must have the value of true",
		`{"a":{"SS":[]}}`:                 "An string set  may not be empty",
		`{"a":{"NS":["1","1.0"]}}`:        "Input collection contains duplicates",
		`{"a":{"SS":["x","x"]}}`:          "Input collection [x, x] contains duplicates.",
		`{"a":{"BS":["YQ==","YQ=="]}}`:    "Input collection [YQ==, YQ==]of type BS contains duplicates.",
		`{"a":{"N":"one"}}`:               "cannot be converted to a numeric value: one",
		`{"a":{"S":1}}`:                   "NUMBER_VALUE cannot be converted to String",
		`{"a":{"BOOL":"yes"}}`:            "STRING_VALUE cannot be converted to Boolean",
		`{"a":{"L":{}}}`:                  "START_OBJECT cannot be converted to List",
		`{"a":{"B":"YQ"}}`:                "expected a multiple of 4 bytes but found: 2",
		`{"a":{"B":"YR=="}}`:              "Invalid last non-pad Base64 character",
		`{"a":"x"}`:                       "Unexpected value type in payload",
		`["a"]`:                           "Unexpected field type",
		`{"a":` + nested(33) + `}`:        "Nesting Levels have exceeded supported limits",
		`{"a":{"L":[{"N":"1e200"}]}}`:     "Number overflow",
		`{"a":{"M":{"x":{"NS":["1z"]}}}}`: "numeric value: 1z",
	} {
		if got, err := ParseMap([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s is %v, %v; want an error with %s", text, got, err, want)
		}
	}
	if _, err := ParseMap([]byte(`{"a":` + nested(32) + `}`)); err != nil {
		t.Errorf("32 levels: %v", err)
	}
}

// nested is a value of that many levels.
func nested(levels int) string {
	return strings.Repeat(`{"L":[`, levels-1) + `{"S":"x"}` + strings.Repeat("]}", levels-1)
}

func TestEqual(t *testing.T) {
	values := []Value{String("1"), Number("1"), Binary("1"), Bool(true), Null{}, List{String("1")}, List{}, StringSet{"1"}, NumberSet{"1"}, BinarySet{"1"}, Map{"1": Null{}}, Map{}, nil}
	for i, a := range values {
		for j, b := range values {
			if Equal(a, b) != (i == j) {
				t.Errorf("%v and %v are equal: %v", a, b, i != j)
			}
		}
	}
	if !Equal(StringSet{"a", "b"}, StringSet{"b", "a"}) || Equal(List{String("a"), String("b")}, List{String("b"), String("a")}) {
		t.Error("sets have no order, lists have one")
	}
}
