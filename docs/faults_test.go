package docs

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/local/fault"
)

// What docs/faults.md shows is what the stand-in takes.
func TestFaultsOfTheDocument(t *testing.T) {
	document := read(t, "faults.md")
	plans := regexp.MustCompile(`(?s)-d '(\{.*?\})'`).FindAllStringSubmatch(document, -1)
	if len(plans) < 2 {
		t.Fatalf("%d plans found", len(plans))
	}
	for _, plan := range plans {
		if _, err := fault.Read(strings.NewReader(plan[1])); err != nil {
			t.Errorf("%s: %v", plan[1], err)
		}
	}
	if !strings.Contains(document, "| `probability` | from 0, which is never") {
		t.Error("it is not told that a probability of 0 is never")
	} else if plan, err := fault.Read(strings.NewReader(`{"rules":[{"target":"sqs:*","kind":"throttle","probability":0}]}`)); err != nil || plan.Rules[0].Probability != fault.Never {
		t.Errorf("a probability of 0 is read as %+v, %v", plan, err)
	}
	for service, kinds := range fault.Codes {
		row := regexp.MustCompile("(?m)^\\| `" + service + "` \\|(.*)\\|(.*)\\|$").FindStringSubmatch(document)
		if row == nil {
			t.Errorf("no row of codes of %s", service)
			continue
		}
		for i, kind := range []fault.Kind{fault.Throttle, fault.Error} {
			told := slices.DeleteFunc(regexp.MustCompile(`\b[A-Z][A-Za-z]+[a-z]\b`).FindAllString(row[i+1], -1),
				func(word string) bool { return !slices.Contains(kinds[kind], word) })
			if !slices.Equal(told, kinds[kind]) {
				t.Errorf("%s, %s: the document has %v, the stand-in %v", service, kind, told, kinds[kind])
			}
		}
	}
	for _, kind := range []fault.Kind{
		fault.Throttle, fault.Error, fault.Gone, fault.Partial, fault.Slow, fault.LoseRequest, fault.LoseAnswer, fault.KillBefore, fault.KillAfter,
		fault.Fail, fault.Cold, fault.Cut, fault.Lose, fault.Twice, fault.IdleLimit, fault.LifeLimit, fault.Again, fault.Shorten,
	} {
		if !strings.Contains(document, "`"+string(kind)+"`") {
			t.Errorf("the kind %s is not told", kind)
		}
	}
}
