package iam

import (
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	tests := []struct {
		pattern, value string
		want           bool
	}{
		{"*", "", true},
		{"", "", true},
		{"", "a", false},
		{"sqs:SendMessage", "sqs:SendMessage", true},
		{"sqs:Send*", "sqs:SendMessageBatch", true},
		{"sqs:Send*", "sqs:ReceiveMessage", false},
		{"arn:aws:iot:*:*:topic/*/out", "arn:aws:iot:us-east-1:000000000000:topic/CP001/out", true},
		{"arn:aws:iot:*:*:topic/*/out", "arn:aws:iot:us-east-1:000000000000:topic/CP001/in", false},
		{"thing/CP00?", "thing/CP001", true},
		{"thing/CP00?", "thing/CP0012", false},
		{"thing/CP00?", "thing/CP00", false},
		{"a*b*c", "aXbYbZc", true},
		{"a*b*c", "aXbYbZ", false},
		{"table/ab", "table/abc", false},
		{strings.Repeat("a*", 30) + "b", strings.Repeat("a", 200), false},
	}
	for _, test := range tests {
		if got := Match(test.pattern, test.value); got != test.want {
			t.Errorf("Match(%q, %q) = %t, want %t", test.pattern, test.value, got, test.want)
		}
	}
}
