package cloud

import (
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/serverless-ocpp/backend/local/template"
)

// startSchedules invokes functions at the rates of the template's schedules. As on AWS, the first time is one period after
// the start.
func (c *Cloud) startSchedules() error {
	schedules, err := c.template.Schedules()
	if err != nil {
		return err
	}
	for _, schedule := range schedules {
		if schedule.Disabled {
			continue
		}
		for _, function := range schedule.Functions {
			if !permitted(c.permissions, function, eventBridge, schedule.ARN) {
				return fmt.Errorf("schedule %s: no AWS::Lambda::Permission lets it invoke %s", schedule.Name, function)
			}
		}
		var running sync.WaitGroup
		done := make(chan struct{})
		running.Go(func() { keep(schedule, c.functions.InvokeAsync, done) })
		c.onClose("schedule "+schedule.Name, func() error { close(done); running.Wait(); return nil })
	}
	return nil
}

// keep keeps a schedule until done is closed.
func keep(schedule template.Schedule, invoke func(function string, event []byte), done <-chan struct{}) {
	ticker := time.NewTicker(schedule.Every)
	defer ticker.Stop()
	for {
		select {
		case <-done:
			return
		case at := <-ticker.C:
			for i, function := range schedule.Functions {
				event := []byte(schedule.Inputs[i])
				if event == nil {
					event = scheduledEvent(schedule.ARN, at)
				}
				invoke(function, event)
			}
		}
	}
}

// scheduledEvent is what a function gets of a schedule without an input of its own.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule-legacy.html
func scheduledEvent(rule string, at time.Time) []byte {
	event, err := json.Marshal(map[string]any{
		"version": "0", "id": uuid.NewString(), "detail-type": "Scheduled Event", "source": "aws.events", "account": Account,
		"time": at.UTC().Format(time.RFC3339), "region": Region, "resources": []string{rule}, "detail": map[string]any{},
	})
	if err != nil {
		panic(err) // strings only
	}
	return event
}
