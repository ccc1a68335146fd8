package mqtt_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/local/mqtt"
)

func TestCheckPublish(t *testing.T) {
	for topic, want := range map[string]error{
		"CP001/out":                              nil,
		"a/b/c/d/e/f/g/h":                        nil,
		"a/b/c/d/e/f/g/h/i":                      mqtt.ErrTopic,
		strings.Repeat("a", 256):                 nil,
		strings.Repeat("a", 257):                 mqtt.ErrTopic,
		"":                                       mqtt.ErrTopic,
		"a/+/b":                                  mqtt.ErrTopic,
		"a/#":                                    mqtt.ErrTopic,
		"a\x00b":                                 mqtt.ErrTopic,
		"\xff":                                   mqtt.ErrTopic,
		"$aws/things/CP001/shadow/update":        nil,
		"$aws/things/CP001/shadow/get":           nil,
		"$aws/things/CP001/shadow/delete":        nil,
		"$aws/things/CP001/shadow/name/diag/get": nil,
		"$aws/things/CP001/shadow/update/accepted": mqtt.ErrReserved,
		"$aws/things/CP001/shadow/name/get":        mqtt.ErrReserved,
		"$aws/things//shadow/get":                  mqtt.ErrReserved,
		"$aws/events/thing/CP001/created":          mqtt.ErrReserved,
		"$SYS/broker":                              mqtt.ErrReserved,
		"$anything":                                mqtt.ErrReserved,
	} {
		if err := mqtt.CheckPublish(topic); !errors.Is(err, want) {
			t.Errorf("CheckPublish(%q) = %v, want %v", topic, err, want)
		}
	}
}

func TestCheckSubscribe(t *testing.T) {
	for filter, want := range map[string]error{
		"#":                                  nil,
		"+/in":                               nil,
		"$aws/events/#":                      nil,
		"$aws/things/+/shadow/update/delta":  nil,
		"$share/observers/+/in":              nil,
		"$share/observers/$SYS/#":            mqtt.ErrReserved,
		"$SYS/#":                             mqtt.ErrReserved,
		"$aws/#":                             mqtt.ErrReserved,
		"a/b/c/d/e/f/g/h/#":                  mqtt.ErrTopic,
		"":                                   mqtt.ErrTopic,
		strings.Repeat("a", mqtt.MaxTopic+1): mqtt.ErrTopic,
	} {
		if err := mqtt.CheckSubscribe(filter); !errors.Is(err, want) {
			t.Errorf("CheckSubscribe(%q) = %v, want %v", filter, err, want)
		}
	}
}

func TestMatch(t *testing.T) {
	for _, test := range []struct {
		filter, topic string
		want          bool
	}{
		{"CP001/out", "CP001/out", true},
		{"CP001/out", "CP001/in", false},
		{"+/out", "CP001/out", true},
		{"+/out", "a/CP001/out", false},
		{"+/out", "/out", true},
		{"a/+", "a", false},
		{"a/+", "a/", true},
		{"a/#", "a", true},
		{"a/#", "a/b/c", true},
		{"a/#", "ab", false},
		{"#", "a/b", true},
		{"#", "$aws/events/thing/CP001/created", false},
		{"+/events/#", "$aws/events/x", false},
		{"$aws/events/thing/+/+", "$aws/events/thing/CP001/created", true},
		{"$aws/events/thing/+/created", "$aws/events/thing/CP001/deleted", false},
		{"a/b/c", "a/b", false},
		{"a/b", "a/b/c", false},
	} {
		if got := mqtt.Match(test.filter, test.topic); got != test.want {
			t.Errorf("Match(%q, %q) = %v", test.filter, test.topic, got)
		}
	}
}
