package main

import (
	"reflect"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	document := strings.ReplaceAll(`# Guide
## Symptom
'''text
not behind commands
'''
'''sh
aws one
aws two
'''

'''text
first … second
third
'''
'''json
{}
'''
### Deployed
'''sh deployed: the stand-in has no CloudWatch
aws logs tail
'''
'''sh fails
false
'''
'''text
said
'''
`, "'''", "```")
	got, err := parse(document)
	want := []block{
		{kind: succeeds, line: 7, heading: "Symptom", commands: "aws one\naws two", want: []string{"first", "second", "third"}},
		{kind: deployed, line: 20, heading: "Deployed", commands: "aws logs tail"},
		{kind: fails, line: 23, heading: "Deployed", commands: "false", want: []string{"said"}},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
}

func TestParseRefuses(t *testing.T) {
	for document, want := range map[string]string{
		"```\nx\n```":               "1: a block without a language",
		"\n```sh\nx":                "2: a block that does not end",
		"```sh deployed\nx\n```":    "1: a block for a deployed stack does not say why",
		"text\n```sh later\nx\n```": `2: sh "later"`,
	} {
		if _, err := parse(document); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %q", document, err, want)
		}
	}
}

func TestMissing(t *testing.T) {
	for _, test := range []struct {
		output string
		want   []string
		miss   string
	}{
		{"a b c", []string{"a", "c"}, ""},
		{"a b c", []string{"c", "a"}, "a"},
		{"a", []string{"a", "a"}, "a"},
		{"anything", nil, ""},
	} {
		if got := missing(test.output, test.want); got != test.miss {
			t.Errorf("%q in %q: %q is missing, want %q", test.want, test.output, got, test.miss)
		}
	}
}
