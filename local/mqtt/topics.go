package mqtt

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Limits of the AWS IoT message broker, none of them adjustable.
// https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits
const (
	MaxPayload = 128 << 10 // bytes of a message
	MaxTopic   = 256       // bytes of UTF-8 of a topic or filter
	MaxSlashes = 7
)

// Reasons for refusing a message or a subscription; errors wrap them with the topic.
var (
	ErrTooLarge = errors.New("the payload is larger than 128 KB")
	ErrTopic    = errors.New("not a topic of AWS IoT")
	ErrReserved = errors.New("topics that begin with $ are reserved for AWS IoT")
)

// CheckTopic returns ErrTopic if nobody, AWS included, can publish to the topic.
func CheckTopic(topic string) error {
	if strings.ContainsAny(topic, "+#") {
		return fmt.Errorf("%w: %q has a wildcard", ErrTopic, topic)
	}
	return checkLength(topic)
}

// CheckPublish returns ErrTopic or ErrReserved if a client may not publish to the topic. Of the reserved topics only the
// requests of the Device Shadow service are open:
// $aws/things/{thing}/shadow[/name/{shadow}]/{get|update|delete}.
func CheckPublish(topic string) error {
	if err := CheckTopic(topic); err != nil {
		return err
	}
	if strings.HasPrefix(topic, "$") && !isShadowRequest(strings.Split(topic, "/")) {
		return fmt.Errorf("%w: %s", ErrReserved, topic)
	}
	return nil
}

// CheckSubscribe returns ErrTopic or ErrReserved if a client may not subscribe to the filter. Of the
// reserved topics $aws/events/… and $aws/things/… are open.
func CheckSubscribe(filter string) error {
	shared, isShared := strings.CutPrefix(filter, "$share/")
	if isShared {
		_, filter, _ = strings.Cut(shared, "/")
	}
	if err := checkLength(filter); err != nil {
		return err
	}
	if strings.HasPrefix(filter, "$") &&
		!strings.HasPrefix(filter, "$aws/events/") && !strings.HasPrefix(filter, "$aws/things/") {
		return fmt.Errorf("%w: %s", ErrReserved, filter)
	}
	return nil
}

func checkLength(topic string) error {
	switch {
	case topic == "":
		return fmt.Errorf("%w: it is empty", ErrTopic)
	case !utf8.ValidString(topic) || strings.ContainsRune(topic, 0):
		return fmt.Errorf("%w: %q is no text in UTF-8", ErrTopic, topic)
	case len(topic) > MaxTopic:
		return fmt.Errorf("%w: %s has %d bytes, %d are allowed", ErrTopic, topic, len(topic), MaxTopic)
	case strings.Count(topic, "/") > MaxSlashes:
		return fmt.Errorf("%w: %s has %d slashes, %d are allowed", ErrTopic, topic, strings.Count(topic, "/"), MaxSlashes)
	}
	return nil
}

func isShadowRequest(level []string) bool {
	if len(level) < 5 || level[0] != "$aws" || level[1] != "things" || level[2] == "" || level[3] != "shadow" {
		return false
	}
	rest := level[4:]
	if len(rest) == 3 && rest[0] == "name" && rest[1] != "" {
		rest = rest[2:]
	}
	return len(rest) == 1 && (rest[0] == "get" || rest[0] == "update" || rest[0] == "delete")
}

// Match tells if a topic filter takes a topic: + stands for one level, # for all that follow and for the
// level before it. A wildcard in the first level does not take topics that begin with $ (MQTT 3.1.1, 4.7).
func Match(filter, topic string) bool {
	if strings.HasPrefix(topic, "$") && (strings.HasPrefix(filter, "+") || strings.HasPrefix(filter, "#")) {
		return false
	}
	filters, topics := strings.Split(filter, "/"), strings.Split(topic, "/")
	for i, f := range filters {
		if f == "#" {
			return true
		}
		if i == len(topics) || (f != "+" && f != topics[i]) {
			return false
		}
	}
	return len(filters) == len(topics)
}
