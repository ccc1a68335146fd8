package sqs

import (
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"
)

// settings are a queue's attributes in a form to work with.
type settings struct {
	fifo             bool
	contentBased     bool // ContentBasedDeduplication
	dedupPerGroup    bool // DeduplicationScope is messageGroup
	delay            time.Duration
	visibility       time.Duration
	wait             time.Duration
	retention        time.Duration
	maximumSize      int    // of a message, in bytes
	deadLetterTarget string // ARN; empty without a redrive policy
	maxReceives      int
}

// numbers are the attributes that are whole numbers: their limits and defaults are those of CreateQueue in the API Reference.
var numbers = map[string]struct{ min, max, fallback int }{
	"DelaySeconds":                  {0, 900, 0},
	"MaximumMessageSize":            {1024, maxMessageSize, maxMessageSize},
	"MessageRetentionPeriod":        {60, 1_209_600, 345_600},
	"ReceiveMessageWaitTimeSeconds": {0, 20, 0},
	"VisibilityTimeout":             {0, 43_200, 30},
	"KmsDataKeyReusePeriodSeconds":  {60, 86_400, 300},
}

// maxMessageSize is the limit of a message, and of all messages of a batch together: 1 MiB since August 2025, 256 KiB before.
const maxMessageSize = 1 << 20

// words are the attributes that take one of a few words; the first is the default.
var words = map[string][]string{
	"FifoQueue":                 {"false", "true"},
	"ContentBasedDeduplication": {"false", "true"},
	"DeduplicationScope":        {"queue", "messageGroup"},
	"FifoThroughputLimit":       {"perQueue", "perMessageGroupId"},
	"SqsManagedSseEnabled":      {"true", "false"},
}

// fifoOnly are the attributes that a standard queue does not have.
var fifoOnly = map[string]bool{"ContentBasedDeduplication": true, "DeduplicationScope": true, "FifoThroughputLimit": true}

// texts are the attributes that are kept as they are given.
var texts = map[string]bool{"Policy": true, "RedriveAllowPolicy": true, "KmsMasterKeyId": true}

// redrivePolicy is the attribute RedrivePolicy. SQS takes maxReceiveCount as a number and as a text.
type redrivePolicy struct {
	Target      string      `json:"deadLetterTargetArn"`
	MaxReceives json.Number `json:"maxReceiveCount"`
}

// parseSettings checks the attributes of a queue of that name and gives their meaning.
func parseSettings(name string, attributes map[string]string) (settings, error) {
	for attribute, value := range attributes {
		if err := checkAttribute(attribute, value); err != nil {
			return settings{}, err
		}
	}
	seconds := func(attribute string) time.Duration {
		return time.Duration(number(attributes, attribute)) * time.Second
	}
	s := settings{
		fifo:          attributes["FifoQueue"] == "true",
		contentBased:  attributes["ContentBasedDeduplication"] == "true",
		dedupPerGroup: attributes["DeduplicationScope"] == "messageGroup",
		delay:         seconds("DelaySeconds"),
		visibility:    seconds("VisibilityTimeout"),
		wait:          seconds("ReceiveMessageWaitTimeSeconds"),
		retention:     seconds("MessageRetentionPeriod"),
		maximumSize:   number(attributes, "MaximumMessageSize"),
	}
	if s.fifo != strings.HasSuffix(name, ".fifo") {
		return settings{}, errInvalidParameter("The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, " +
			"must end with .fifo suffix and be 1 to 80 in length.")
	}
	for attribute := range fifoOnly {
		if _, given := attributes[attribute]; given && !s.fifo {
			return settings{}, errUnknownAttribute(attribute)
		}
	}
	if attributes["FifoThroughputLimit"] == "perMessageGroupId" && !s.dedupPerGroup {
		return settings{}, errInvalidValue("perMessageGroupId", "FifoThroughputLimit",
			"The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.")
	}
	if attributes["KmsMasterKeyId"] != "" && attributes["SqsManagedSseEnabled"] == "true" {
		return settings{}, plain("InvalidAttributeName", "You can use one type of server-side encryption (SSE) at one time. "+
			"You can either enable KMS SSE or SQS SSE.")
	}
	if policy := attributes["RedrivePolicy"]; policy != "" {
		target, count, err := parseRedrivePolicy(policy)
		if err != nil {
			return settings{}, err
		}
		s.deadLetterTarget, s.maxReceives = target, count
	}
	return s, nil
}

func errUnknownAttribute(name string) *Error {
	return plain("InvalidAttributeName", "Unknown Attribute %s.", name)
}

// checkAttribute checks one attribute by itself.
func checkAttribute(name, value string) error {
	if limits, ok := numbers[name]; ok {
		n, err := strconv.Atoi(value)
		if err != nil || n < limits.min || n > limits.max {
			return plain("InvalidAttributeValue", "Invalid value for the parameter %s.", name)
		}
		return nil
	}
	if allowed, ok := words[name]; ok {
		if value != allowed[0] && value != allowed[1] {
			return plain("InvalidAttributeValue", "Invalid value for the parameter %s.", name)
		}
		return nil
	}
	switch {
	case texts[name], name == "RedrivePolicy":
		return nil
	}
	return errUnknownAttribute(name)
}

// parseRedrivePolicy checks a redrive policy by itself; whether its target exists is looked up elsewhere.
func parseRedrivePolicy(text string) (target string, maxReceives int, err error) {
	invalid := func(reason string) (string, int, error) {
		return "", 0, errInvalidValue(text, "RedrivePolicy", reason)
	}
	var policy redrivePolicy
	if json.Unmarshal([]byte(text), &policy) != nil {
		return invalid("Redrive policy is not a valid JSON map.")
	}
	count, countErr := policy.MaxReceives.Int64()
	switch {
	case policy.Target == "":
		return invalid("Redrive policy does not contain mandatory attribute: deadLetterTargetArn.")
	case policy.MaxReceives == "":
		return invalid("Redrive policy does not contain mandatory attribute: maxReceiveCount.")
	case countErr != nil || count < 1 || count > 1000:
		return invalid("Invalid value for maxReceiveCount: " + policy.MaxReceives.String() + ", valid values are from 1 to 1000 both inclusive.")
	case !strings.HasPrefix(policy.Target, "arn:aws:sqs:"):
		return invalid("Invalid value for deadLetterTargetArn.")
	}
	return policy.Target, int(count), nil
}

// number is the value of a checked attribute, or its default.
func number(attributes map[string]string, name string) int {
	value, given := attributes[name]
	if !given {
		return numbers[name].fallback
	}
	n, err := strconv.Atoi(value)
	if err != nil {
		panic(fmt.Sprintf("attribute %s was checked and is %q", name, value))
	}
	return n
}

// described are all attributes of the queue as GetQueueAttributes shows them.
func (q *queue) described() map[string]string {
	all := maps.Clone(q.attributes)
	if all == nil {
		all = make(map[string]string)
	}
	for name := range numbers {
		if _, given := all[name]; !given && name != "KmsDataKeyReusePeriodSeconds" {
			all[name] = strconv.Itoa(numbers[name].fallback)
		}
	}
	for name, allowed := range words {
		if _, given := all[name]; !given && (q.fifo || !fifoOnly[name] && name != "FifoQueue") {
			all[name] = allowed[0]
		}
	}
	if all["KmsMasterKeyId"] != "" {
		all["SqsManagedSseEnabled"] = "false"
	}
	if !q.fifo {
		delete(all, "FifoQueue")
	}
	var waitingDelayed int
	for _, m := range q.waiting.items {
		if m.state == delayed {
			waitingDelayed++
		}
	}
	all["QueueArn"] = q.arn
	all["CreatedTimestamp"] = strconv.FormatInt(q.created.Unix(), 10)
	all["LastModifiedTimestamp"] = strconv.FormatInt(q.modified.Unix(), 10)
	all["ApproximateNumberOfMessages"] = strconv.Itoa(len(q.messages) - q.waiting.Len())
	all["ApproximateNumberOfMessagesNotVisible"] = strconv.Itoa(q.flying)
	all["ApproximateNumberOfMessagesDelayed"] = strconv.Itoa(waitingDelayed)
	return all
}

// knownAttribute says whether queues of some kind have the attribute.
func knownAttribute(name string) bool {
	_, isNumber := numbers[name]
	_, isWord := words[name]
	return isNumber || isWord || texts[name] || name == "RedrivePolicy"
}

// describe is described for those who do not have the lock.
func (q *queue) describe() map[string]string {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.advance(time.Now())
	return q.described()
}

// defaultWait is how long a receive waits that does not say so itself. It needs no lock.
func (q *queue) defaultWait() time.Duration {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.settings.wait
}
