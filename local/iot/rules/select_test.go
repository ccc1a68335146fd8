package rules

import (
	"strings"
	"testing"
	"time"
)

const thingCreated = `{"eventType":"THING_EVENT","operation":"CREATED","timestamp":1234567890123,"thingName":"CP001","versionNumber":1,` +
	`"thingTypeName":null,"attributes":{"vendor":"acme"}}`

const campaignCommands = "SELECT * FROM 'ocpp/+/command' WHERE data.campaignId <> ''"

func TestSelect(t *testing.T) {
	for _, test := range []struct {
		name, sql, topic, payload string
		want                      string // output; "-" when WHERE does not take the message
	}{
		{"a CALL for a charge point", "SELECT * AS message, topic(1) AS chargePointId FROM '+/out' WHERE get(*, 0) = 2",
			"CP001/out", `[2,"19","Reset",{"type":"Soft"}]`, `{"chargePointId":"CP001","message":[2,"19","Reset",{"type":"Soft"}]}`},
		{"a result is no CALL", "SELECT * AS message, topic(1) AS chargePointId FROM '+/out' WHERE get(*, 0) = 2",
			"CP001/out", `[3,"19",{}]`, "-"},
		{"an object is no CALL", "SELECT * AS message, topic(1) AS chargePointId FROM '+/out' WHERE get(*, 0) = 2",
			"CP001/out", `{"a":2}`, "-"},
		{"a string is no CALL", "SELECT * AS message FROM '+/out' WHERE get(*, 0) = 2", "CP001/out", `"2,"`, "-"},
		{"a text two is no two", "SELECT * AS message FROM '+/out' WHERE get(*, 0) = 2", "CP001/out", `["2"]`, "-"},
		{"2.0 is two", "SELECT * AS message FROM '+/out' WHERE get(*, 0) = 2", "CP001/out", `[2.0]`, `{"message":[2.0]}`},
		{"thing events as they are", "SELECT * FROM '$aws/events/thing/+/+'", "$aws/events/thing/CP001/created", thingCreated, thingCreated},
		{"two members of a thing event", "SELECT thingName as chargePointId, timestamp FROM '$aws/events/thing/+/created'",
			"$aws/events/thing/CP001/created", thingCreated, `{"chargePointId":"CP001","timestamp":1234567890123}`},

		{"star keeps the bytes", "SELECT * FROM 'a'", "a", `{ "b" : 1.50 }`, `{ "b" : 1.50 }`},
		{"star takes what is no JSON", "SELECT * FROM 'a'", "a", "\x00\xff", "\x00\xff"},
		{"star and more", "SELECT *, 15 as speed FROM 'a/b'", "a/b", `{"color":"red","temperature":50}`, `{"color":"red","speed":15,"temperature":50}`},
		{"a property of a property", "SELECT color.red as red_value FROM 'a'", "a", `{"color":{"red":255}}`, `{"red_value":255}`},
		{"a property keeps its last name", "select color.red from 'a'", "a", `{"color":{"red":255}}`, `{"red":255}`},
		{"a property of a function", "SELECT get(*, 3).type AS t FROM 'a'", "a", `[2,"1","Reset",{"type":"Hard"}]`, `{"t":"Hard"}`},
		{"what is not there is left out", "SELECT a, b FROM 'a'", "a", `{"a":null}`, `{"a":null}`},
		{"a property of an array is not there", "SELECT a FROM 'a'", "a", `[1]`, `{}`},
		{"VALUE", "SELECT VALUE color FROM 'a'", "a", `{"color":"red"}`, `"red"`},
		{"VALUE of a star", "SELECT VALUE * FROM 'a'", "a", `[1]`, `[1]`},
		{"VALUE of nothing", "SELECT VALUE color FROM 'a'", "a", `{}`, ``},
		{"a property called value", "SELECT value, value AS v FROM 'a'", "a", `{"value":1}`, `{"v":1,"value":1}`},
		{"the end of a campaign's command, as it is", campaignCommands, "ocpp/CP001/command", `{"data":{"campaignId":"c1", "state":"accepted"}}`,
			`{"data":{"campaignId":"c1", "state":"accepted"}}`},
		{"a command of no campaign", campaignCommands, "ocpp/CP001/command", `{"data":{"state":"accepted"}}`, "-"},
		{"an empty campaign", campaignCommands, "ocpp/CP001/command", `{"data":{"campaignId":""}}`, "-"},
		{"an event without data", campaignCommands, "ocpp/CP001/command", `{}`, "-"},
		{"arithmetic", "SELECT (temperature - 32) * 5 / 9 AS celsius, upper(color) as my_color FROM 'a/b'",
			"a/b", `{"color":"red","temperature":50}`, `{"celsius":10,"my_color":"RED"}`},
		{"literals", "SELECT {'latitude': get(lat_long, 0), 'none': nothing} AS p, [1, 'a', true, null, nothing] AS l FROM 'a'",
			"a", `{"lat_long":[47.606,-122.332]}`, `{"l":[1,"a",true,null],"p":{"latitude":47.606}}`},
		{"numbers keep all their digits", "SELECT n AS m FROM 'a'", "a", `{"n":12345678901234567890.1}`, `{"m":12345678901234567890.1}`},
		{"no escapes in text", "SELECT a FROM 'a'", "a", `{"a":"<&>"}`, `{"a":"<&>"}`},

		{"functions of the message", "SELECT topic() AS t, topic(2) AS t2, topic(9) AS t9, clientid() AS c, accountid() AS a, timestamp() AS ts FROM '#'",
			"a/b", `{}`, `{"a":"000000000000","c":"integrator","t":"a/b","t2":"b","ts":946684800000}`},
		{"functions of text", "SELECT lower('Ab') AS a, length('äb') AS b, trim(' x ') AS c, concat('a', 1, true) AS d, indexof('aäb','b') AS e, indexof('a','b') AS f FROM 'a'",
			"a", `{}`, `{"a":"ab","b":2,"c":"x","d":"a1true","e":2,"f":-1}`},
		{"nested functions", "SELECT upper(get(get(*, 3), 'type')) AS t FROM 'a'", "a", `[2,"1","Reset",{"type":"hard"}]`, `{"t":"HARD"}`},
		{"encode takes the bytes that came", "SELECT encode(*, 'base64') AS data FROM 'a'", "a", "\x00\xff", `{"data":"AP8="}`},
		{"encode takes JSON as it came", "SELECT encode(*, 'base64') AS data FROM 'a'", "a", `{ }`, `{"data":"eyB9"}`},
		{"decode makes an object", `SELECT decode(e, "base64").temperature AS temp FROM 'a'`, "a", `{"e":"eyAidGVtcGVyYXR1cmUiOiAzMyB9Cg=="}`, `{"temp":33}`},
		{"decode of nonsense is Null", "SELECT decode('%', 'base64') AS d FROM 'a'", "a", `{}`, `{"d":null}`},
		{"get of characters and bounds", "SELECT get('abc', 1) AS a, get('abc', 3) AS b, get([1], -1) AS c, get({'k': 1}, 'k') AS d, get(1, 0) AS e FROM 'a'",
			"a", `{}`, `{"a":"b","d":1}`},
		{"null is not undefined", "SELECT isNull(a) AS a, isNull(b) AS b, isUndefined(a) AS c, isUndefined(b) AS d FROM 'a'", "a", `{"a":null}`,
			`{"a":true,"b":false,"c":false,"d":true}`},
		{"division", "SELECT 7 / 2 AS a, 7.0 / 2.5 AS b, 7 % 4 AS c, 1 / 0 AS d, -7 / 2 AS e, '7' / 2 AS f FROM 'a'", "a", `{}`, `{"a":3,"b":2.8,"c":3,"e":-3,"f":3.5}`},
		{"plus joins text", "SELECT 'a' + 1 AS a, 1 + 'b' AS b, 1 + 2.5 AS c, true + 1 AS d FROM 'a'", "a", `{}`, `{"a":"a1","b":"1b","c":3.5}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, err := parse(test.sql)
			if err != nil {
				t.Fatal(err)
			}
			output, taken, err := s.run(testContext(test.topic, test.payload))
			switch {
			case err != nil:
				t.Error(err)
			case !taken && test.want != "-":
				t.Error("WHERE did not take the message")
			case taken && string(output) != test.want:
				t.Errorf("got  %s\nwant %s", output, test.want)
			}
		})
	}
}

func testContext(topic, payload string) *context {
	c := newContext(Message{Topic: topic, Payload: []byte(payload), ClientID: "integrator"}, "000000000000")
	c.now = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	return c
}

func TestWhere(t *testing.T) {
	const payload = `{"color":"red","temperature":50,"on":true,"off":"false","none":null,"list":[1,2],"text":"50"}`
	for condition, want := range map[string]bool{
		"temperature > 49 AND color = 'red'":  true,
		"temperature > 50 AND color <> 'red'": false,
		"temperature >= 50":                   true,
		"temperature <= 49.9":                 false,
		"temperature < 5E1":                   false,
		"text > 49":                           true, // text is converted
		"text = 50":                           false,
		"color > 1":                           false, // Undefined
		"NOT color = 'blue'":                  true,
		"NOT on = true OR color = 'red'":      true,
		"on":                                  true,
		"off":                                 false,
		"NOT off":                             true,
		"on AND NOT off":                      true,
		"color OR on":                         false, // Undefined: color is no Boolean
		"color = 'blue' OR temperature = 50 AND on":       true,
		"(color = 'blue' OR temperature = 50) AND NOT on": false,
		"missing = 1":                 false,
		"missing <> 1":                false, // Undefined, not true
		"none = null":                 true,
		"none <> 1":                   true,
		"list = [1, 2.0]":             true,
		"list <> [2, 1]":              true,
		"{'a': list} = {'a': [1, 2]}": true,
		"startswith(color, 'r') AND endswith(color, 'ed')":   true,
		"startswith(missing, 'r')":                           false,
		"temperature - 1 * 2 = 48 AND -temperature = 0 - 50": true,
		"topic(2) = 'b'": true,
	} {
		s, err := parse("SELECT * FROM '#' WHERE " + condition)
		if err != nil {
			t.Errorf("%s: %v", condition, err)
			continue
		}
		if _, taken, err := s.run(testContext("a/b", payload)); taken != want || err != nil {
			t.Errorf("%s: %v, %v", condition, taken, err)
		}
	}
}

func TestPayloadThatIsNotJSON(t *testing.T) {
	for sql, want := range map[string]error{
		"SELECT * AS message, topic(1) AS c FROM '#' WHERE get(*, 0) = 2": errNotJSON, // not taken
		"SELECT * AS message FROM '#'":                                    errNotJSON,
		"SELECT *, 1 AS a FROM '#'":                                       errNotJSON,
		"SELECT VALUE * FROM '#'":                                         nil,
		"SELECT * FROM '#' WHERE topic(1) = 'a'":                          nil,
		"SELECT a FROM '#'":                                               nil, // {}
	} {
		s, err := parse(sql)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.run(testContext("a", "[2, not JSON")); err != want {
			t.Errorf("%s: %v, want %v", sql, err, want)
		}
	}
}

func TestStarBesideOthersNeedsAnObject(t *testing.T) {
	s, err := parse("SELECT *, 1 AS a FROM '#'")
	if err != nil {
		t.Fatal(err)
	}
	if output, _, err := s.run(testContext("a", "[1]")); err == nil {
		t.Errorf("an array was merged: %s", output)
	}
}

func TestParseRefuses(t *testing.T) {
	for sql, mention := range map[string]string{
		"":                                              "SELECT",
		"SELECT":                                        "expression",
		"SELECT * FROM":                                 "topic filter",
		"SELECT * FROM a":                               "topic filter",
		"SELECT * FROM 'a/#/b'":                         "topic filter",
		"SELECT * FROM 'a+'":                            "topic filter",
		"SELECT * FROM ''":                              "topic filter",
		"SELECT * FROM 'a":                              "does not end",
		"SELECT * FROM 'a' WHERE":                       "expression",
		"SELECT * FROM 'a' LIMIT 1":                     "LIMIT",
		"SELECT * FROM 'a';":                            ";",
		"SELECT topic(1) FROM 'a'":                      "AS",
		"SELECT a AS FROM 'a'":                          "'a'",
		"SELECT VALUE a, b FROM 'a'":                    "one item",
		"SELECT aws_lambda('f', *) AS x FROM 'a'":       "aws_lambda",
		"SELECT get(*) AS x FROM 'a'":                   "arguments",
		"SELECT (SELECT v FROM e) AS x FROM 'a'":        "nested SELECT",
		"SELECT CASE a WHEN 1 THEN 2 END AS x FROM 'a'": "CASE",
		"SELECT * FROM 'a' WHERE b IN [1]":              "IN",
		"SELECT * FROM 'a' WHERE a != 1":                "!",
		"SELECT a. AS x FROM 'a'":                       "x", // AS is taken for the property
		"SELECT {a: 1} AS x FROM 'a'":                   "quotes",
		"SELECT [1, 2 AS x FROM 'a'":                    "]",
	} {
		if _, err := parse(sql); err == nil || !strings.Contains(err.Error(), mention) {
			t.Errorf("%s: the error is %v, and should speak of %s", sql, err, mention)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("SELECT * AS message, topic(1) AS chargePointId FROM '+/out' WHERE get(*, 0) = 2", `[2,"1"]`)
	f.Add("SELECT VALUE {'a': -b.c % 2} FROM '#'", `{"b":{"c":1e9}}`)
	f.Fuzz(func(t *testing.T, sql, payload string) {
		s, err := parse(sql)
		if err != nil {
			return
		}
		if _, taken, err := s.run(testContext("a/b", payload)); taken && err != nil {
			t.Errorf("taken and refused: %v", err)
		}
	})
}
