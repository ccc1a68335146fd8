package template

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Schedule is an EventBridge rule that invokes functions again and again.
type Schedule struct {
	Name      string
	ARN       string
	Every     time.Duration
	Disabled  bool
	Functions []string          // names
	Inputs    []json.RawMessage // what each of them gets instead of the scheduled event; nil for that
}

// Schedules returns the rules with a rate, in the order of their logical ids. Other rules of EventBridge are refused.
func (t *Template) Schedules() ([]Schedule, error) {
	var schedules []Schedule
	for _, r := range t.ofType("AWS::Events::Rule") {
		var properties struct {
			ScheduleExpression, State string
			EventPattern              any
			Targets                   []struct{ Arn, Input string }
		}
		if err := t.decode(r, &properties); err != nil {
			return nil, err
		}
		if properties.EventPattern != nil {
			return nil, fmt.Errorf("resource %s (%s): the stand-in knows schedules, not event patterns", r.logicalID, r.Type)
		}
		every, err := rate(properties.ScheduleExpression)
		if err != nil {
			return nil, fmt.Errorf("resource %s (%s): %w", r.logicalID, r.Type, err)
		}
		schedule := Schedule{Every: every, Disabled: properties.State == "DISABLED"}
		if schedule.Name, err = t.physicalName(r); err != nil {
			return nil, err
		}
		if schedule.ARN, err = t.fill(r, kinds[r.Type].attributes["Arn"]); err != nil {
			return nil, err
		}
		for _, target := range properties.Targets {
			var input json.RawMessage
			if target.Input != "" {
				input = json.RawMessage(target.Input)
			}
			schedule.Functions = append(schedule.Functions, functionName(target.Arn))
			schedule.Inputs = append(schedule.Inputs, input)
		}
		schedules = append(schedules, schedule)
	}
	return schedules, nil
}

var rateUnits = map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}

// rate reads "rate(5 minutes)". https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rate-expressions.html
func rate(expression string) (time.Duration, error) {
	inner, opened := strings.CutPrefix(expression, "rate(")
	inner, closed := strings.CutSuffix(inner, ")")
	number, unit, _ := strings.Cut(inner, " ")
	n, err := strconv.Atoi(number)
	length, known := rateUnits[strings.TrimSuffix(unit, "s")]
	// AWS refuses 1 minutes and 5 minute.
	if !opened || !closed || err != nil || n < 1 || !known || (n == 1) == strings.HasSuffix(unit, "s") {
		return 0, fmt.Errorf("the stand-in knows schedules such as rate(5 minutes), not %q", expression)
	}
	return time.Duration(n) * length, nil
}
