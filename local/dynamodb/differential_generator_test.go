package dynamodb

import (
	"maps"
	"math/rand/v2"
	"strconv"
	"strings"
)

// differentialTable has keys of two types, a local index and a global one.
var differentialTable = object{
	"TableName": "Differential", "BillingMode": "PAY_PER_REQUEST",
	"AttributeDefinitions": []object{
		{"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "s", "AttributeType": "N"},
		{"AttributeName": "l", "AttributeType": "S"}, {"AttributeName": "g", "AttributeType": "S"},
	},
	"KeySchema": []object{{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "s", "KeyType": "RANGE"}},
	"LocalSecondaryIndexes": []object{{
		"IndexName": "Local", "Projection": object{"ProjectionType": "KEYS_ONLY"},
		"KeySchema": []object{{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "l", "KeyType": "RANGE"}},
	}},
	"GlobalSecondaryIndexes": []object{{
		"IndexName": "Global", "Projection": object{"ProjectionType": "INCLUDE", "NonKeyAttributes": []string{"a"}},
		"KeySchema": []object{{"AttributeName": "g", "KeyType": "HASH"}, {"AttributeName": "s", "KeyType": "RANGE"}},
	}},
}

// generator makes requests, mostly right ones, on few keys and attributes, so that they meet.
type generator struct{ *rand.Rand }

func pick[T any](g *generator, from ...T) T { return from[g.IntN(len(from))] }

// chance is true once in n times.
func (g *generator) chance(n int) bool { return g.IntN(n) == 0 }

func (g *generator) request() (action string, request object) {
	request = object{"TableName": "Differential"}
	x := &writer{generator: g, names: object{}, values: object{}}
	switch action = pick(g, "PutItem", "PutItem", "UpdateItem", "UpdateItem", "UpdateItem", "UpdateItem", "DeleteItem", "GetItem", "Query", "Query", "Scan"); action {
	case "PutItem":
		request["Item"] = g.item()
		if g.chance(3) {
			request["ReturnValues"] = "ALL_OLD"
		}
		x.maybe(request, "ConditionExpression", x.condition)
	case "DeleteItem":
		request["Key"] = g.key()
		if g.chance(3) {
			request["ReturnValues"] = "ALL_OLD"
		}
		x.maybe(request, "ConditionExpression", x.condition)
	case "UpdateItem":
		request["Key"] = g.key()
		request["ReturnValues"] = pick(g, "ALL_NEW", "ALL_OLD", "UPDATED_NEW", "UPDATED_OLD", "NONE")
		request["UpdateExpression"] = g.spoil(x.update())
		x.maybe(request, "ConditionExpression", x.condition)
	case "GetItem":
		request["Key"] = g.key()
		x.maybe(request, "ProjectionExpression", x.projection)
	case "Query":
		hash, sort := "p", pick(g, "s", "s", "l")
		if sort == "l" {
			request["IndexName"] = "Local"
		} else if g.chance(3) {
			request["IndexName"], hash = "Global", "g"
		}
		request["KeyConditionExpression"] = g.spoil(x.key(hash, sort))
		request["ScanIndexForward"] = g.chance(2)
		if g.chance(3) && request["IndexName"] == nil { // the order of items with equal index keys is nobody's business
			request["Limit"] = 1 + g.IntN(4)
		}
		x.maybe(request, "FilterExpression", x.condition)
	case "Scan":
		x.maybe(request, "FilterExpression", x.condition)
		if g.chance(4) {
			request["Select"] = "COUNT"
		}
	}
	if len(x.names) > 0 {
		request["ExpressionAttributeNames"] = x.names
	}
	if len(x.values) > 0 {
		request["ExpressionAttributeValues"] = x.values
	}
	return action, request
}

// spoil damages a text now and then.
func (g *generator) spoil(text string) string {
	if !g.chance(25) {
		return text
	}
	words := strings.Fields(text)
	at := g.IntN(len(words))
	switch g.IntN(3) {
	case 0:
		words[at] = ""
	case 1:
		words[at] += " " + pick(g, "(", ")", ",", "AND", "=", ":x", "#x", "status", "[1]", "$")
	default:
		words[at] = words[g.IntN(len(words))]
	}
	if spoilt := strings.Join(words, " "); strings.TrimSpace(spoilt) != "" {
		return spoilt
	}
	return text
}

func str(s string) object { return object{"S": s} }
func num(s string) object { return object{"N": s} }

func (g *generator) key() object {
	key := object{"p": str(pick(g, "A", "B", "Ä")), "s": num(g.number())}
	if g.chance(40) {
		key[pick(g, "p", "s")] = pick(g, str("x"), num("1"), str(""))
	}
	if g.chance(60) {
		delete(key, "s")
	}
	return key
}

func (g *generator) number() string {
	return pick(g, "0", "1", "2", "10", "-1", "-10", "1.5", "-2.5", "1e2", "0.001", "12345678901234567890123456789012345678", "1E-130")
}

func (g *generator) item() object {
	item := g.key()
	for _, name := range []string{"a", "b", "c"} {
		if !g.chance(3) {
			item[name] = g.value(2)
		}
	}
	if g.chance(2) {
		item["l"] = str(pick(g, "k", "l", "m"))
	}
	if g.chance(2) {
		item["g"] = str(pick(g, "X", "Y"))
	}
	if g.chance(40) {
		item[pick(g, "l", "g")] = num("1")
	}
	return item
}

// value has no false, which dynalite takes for nothing now and then.
func (g *generator) value(depth int) object {
	if depth == 0 || !g.chance(3) {
		return pick(g, str(pick(g, "a", "ab", "b", "é")), num(g.number()), num(g.number()), object{"BOOL": true}, object{"NULL": true},
			object{"B": pick(g, "YQ==", "YWI=")}, object{"SS": pick(g, []string{"a"}, []string{"b", "a"}, []string{"c"})},
			object{"NS": pick(g, []string{"1"}, []string{"2", "10"}, []string{"1.5"})})
	}
	if g.chance(2) {
		list := []object{}
		for range g.IntN(4) {
			list = append(list, g.value(depth-1))
		}
		return object{"L": list}
	}
	m := object{}
	for _, name := range []string{"a", "x"} {
		if g.chance(2) {
			m[name] = g.value(depth - 1)
		}
	}
	return object{"M": m}
}

// writer writes expressions and remembers the placeholders in them.
type writer struct {
	*generator
	names, values object
}

func (x *writer) maybe(request object, name string, write func() string) {
	if x.chance(2) {
		request[name] = x.spoil(write())
	}
}

func (x *writer) val(value object) string {
	name := ":v" + strconv.Itoa(len(x.values))
	x.values[name] = value
	return name
}

func (x *writer) name(name string) string {
	if x.chance(4) {
		x.names["#"+name] = name
		return "#" + name
	}
	return name
}

func (x *writer) path() string {
	path := x.name(pick(x.generator, "a", "a", "b", "b", "c", "l"))
	if x.chance(30) {
		path = x.name(pick(x.generator, "p", "s", "g"))
	}
	for x.chance(4) {
		path += pick(x.generator, "[0]", "[1]", "[2]", ".a", ".x")
	}
	return path
}

func (x *writer) operand() string {
	switch x.IntN(5) {
	case 0:
		return x.val(x.value(0))
	case 1:
		return "size (" + x.path() + ")"
	}
	return x.path()
}

func (x *writer) condition() string {
	switch x.IntN(9) {
	case 0:
		return x.condition() + " AND " + x.condition()
	case 1:
		return "( " + x.condition() + " OR " + x.condition() + " )"
	case 2:
		return "NOT " + x.condition()
	case 3:
		return pick(x.generator, "attribute_exists", "attribute_not_exists") + " ( " + x.path() + " )"
	case 4:
		return pick(x.generator, "begins_with", "contains") + " ( " + x.path() + " , " + x.val(pick(x.generator, x.scalar(), object{"B": "YQ=="})) + " )"
	case 5:
		return "attribute_type ( " + x.path() + " , " + x.val(str(pick(x.generator, "S", "N", "L", "M", "SS", "X"))) + " )"
	case 6:
		return x.path() + " BETWEEN " + x.val(x.scalar()) + " AND " + x.val(x.scalar())
	case 7:
		return x.path() + " IN ( " + x.val(x.value(0)) + " , " + x.val(x.value(0)) + " )" // dynalite ends at a missing operand
	}
	return x.comparison()
}

// comparison of two attributes has a number or text on its left: dynalite takes two missing values for equal, has an order of lists and maps,
// and no equality of them.
func (x *writer) comparison() string {
	left, right := x.path(), x.operand()
	comparison := left + " " + pick(x.generator, "=", "<>", "<", "<=", ">", ">=") + " " + right
	if right[0] == ':' {
		return comparison
	}
	return "( attribute_type ( " + left + " , " + x.val(str(pick(x.generator, "N", "S"))) + " ) AND " + comparison + " )"
}

func (x *writer) scalar() object { return pick(x.generator, num(x.number()), str("a"), str("b")) }

func (x *writer) update() string {
	var sections []string
	for _, section := range []string{"SET", "REMOVE", "ADD", "DELETE"} {
		if !x.chance(3) {
			continue
		}
		var actions []string
		for range 1 + x.IntN(2) {
			switch section {
			case "SET":
				actions = append(actions, x.set())
			case "REMOVE":
				actions = append(actions, x.path())
			default:
				actions = append(actions, x.path()+" "+x.val(pick(x.generator, num(x.number()), x.value(0), object{"SS": []string{"a", "z"}})))
			}
		}
		sections = append(sections, section+" "+strings.Join(actions, " , "))
	}
	if len(sections) == 0 {
		return "SET " + x.set()
	}
	return strings.Join(sections, " ")
}

// set sets one attribute to something of another: dynalite ends when a list is put into itself.
func (x *writer) set() string {
	path := x.path()
	head := strings.TrimPrefix(path, "#")[:1]
	for {
		before := maps.Clone(x.names)
		value := x.setValue()
		if !strings.Contains(" "+value, " "+head) && !strings.Contains(value, "#"+head) {
			return path + " = " + value
		}
		x.names = before
		for name := range x.values {
			if strings.Contains(value, name) {
				delete(x.values, name)
			}
		}
	}
}

func (x *writer) setValue() string {
	switch x.IntN(6) {
	case 0:
		return x.setOperand() + pick(x.generator, " + ", " - ") + x.val(num(x.number()))
	case 1:
		return "if_not_exists ( " + x.path() + " , " + x.val(x.value(1)) + " )"
	case 2:
		return "list_append ( " + x.setOperand() + " , " + x.val(object{"L": []object{x.value(0)}}) + " )"
	case 3:
		return x.path()
	}
	return x.val(x.value(2))
}

func (x *writer) setOperand() string {
	if x.chance(3) {
		return "if_not_exists ( " + x.path() + " , " + x.val(pick(x.generator, num("0"), object{"L": []object{}})) + " )"
	}
	return x.path()
}

func (x *writer) projection() string {
	paths := []string{}
	for range 1 + x.IntN(3) {
		paths = append(paths, x.path())
	}
	return strings.Join(paths, " , ")
}

func (x *writer) key(hash, sort string) string {
	value := str(pick(x.generator, "A", "B", "X", "Y"))
	condition := x.name(hash) + " = " + x.val(value)
	bound := num(x.number())
	if sort == "l" {
		bound = str(pick(x.generator, "k", "l", "m"))
	}
	switch x.IntN(6) {
	case 0:
		return condition + " AND " + x.name(sort) + " BETWEEN " + x.val(bound) + " AND " + x.val(bound)
	case 1:
		return condition + " AND begins_with ( " + x.name(sort) + " , " + x.val(bound) + " )"
	case 2, 3:
		return condition + " AND " + x.name(sort) + " " + pick(x.generator, "=", "<", "<=", ">", ">=", "<>") + " " + x.val(bound)
	}
	return condition
}
