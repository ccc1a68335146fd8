package template

import (
	"testing"
	"time"
)

func TestRate(t *testing.T) {
	for expression, want := range map[string]time.Duration{
		"rate(1 minute)":  time.Minute,
		"rate(5 minutes)": 5 * time.Minute,
		"rate(12 hours)":  12 * time.Hour,
		"rate(1 day)":     24 * time.Hour,
	} {
		if got, err := rate(expression); got != want || err != nil {
			t.Errorf("%s is %v, %v, want %v", expression, got, err, want)
		}
	}
	for _, expression := range []string{
		"", "rate()", "rate(5)", "rate(0 minutes)", "rate(1 minutes)", "rate(5 minute)", "rate(5 weeks)", "rate(5 minutes", "cron(0 12 * * ? *)",
	} {
		if got, err := rate(expression); err == nil {
			t.Errorf("%q is taken for %v", expression, got)
		}
	}
}
