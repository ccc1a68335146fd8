package cloud

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/serverless-ocpp/backend/local/template"
)

func TestKeepsSchedules(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		schedule := template.Schedule{
			ARN: "arn:aws:events:us-east-1:000000000000:rule/Stack-CanarySchedule", Every: 5 * time.Minute,
			Functions: []string{"Stack-Canary", "Stack-Other"}, Inputs: []json.RawMessage{nil, json.RawMessage(`{"a":1}`)},
		}
		var invoked []string
		invoke := func(function string, event []byte) {
			var scheduled struct {
				DetailType string `json:"detail-type"`
				Time       time.Time
				Resources  []string
				A          int
			}
			if err := json.Unmarshal(event, &scheduled); err != nil {
				t.Errorf("%s: %v", event, err)
			}
			invoked = append(invoked, fmt.Sprint(function, " ", scheduled.DetailType, scheduled.Resources, scheduled.A))
		}
		done := make(chan struct{})
		go keep(schedule, invoke, done)
		time.Sleep(11 * time.Minute)
		close(done)
		synctest.Wait()
		once := []string{"Stack-Canary Scheduled Event[" + schedule.ARN + "] 0", "Stack-Other [] 1"}
		if want := slices.Concat(once, once); !slices.Equal(invoked, want) {
			t.Errorf("within eleven minutes it invoked %q, want %q", invoked, want)
		}
	})
}
