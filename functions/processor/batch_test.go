package main

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// askedNothing has no commands.
type askedNothing struct{}

func (askedNothing) Get(_ context.Context, chargePointID, id string) (command.Command, error) {
	return command.Command{}, fault.New(fault.NotFound, "charge point %s was sent no %s", chargePointID, id)
}

// TestOneBadRecordHarmsNoOther: a batch that failed as a whole would come again, and take the records of other
// charge points along to the dead letter queue.
func TestOneBadRecordHarmsNoOther(t *testing.T) {
	for _, bad := range []string{"broken", "panic", "slow"} {
		t.Run(bad, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := &rig{t: t}
				handler := &Handler{Now: time.Now, Log: noLog{}, Mirror: r, Commands: r, Asked: askedNothing{}, Shadow: &Shadow{Documents: r}}
				answered := func(id, group, command string) events.SQSMessage {
					return r.sqsMessage(id, group, record(group, "ocpp1.6", `[3,"`+command+`",{}]`, ""))
				}
				const timeout = 20 * time.Second
				ctx, cancel := context.WithTimeout(t.Context(), timeout)
				defer cancel()
				started := time.Now()
				response, err := handler.Handle(ctx, events.SQSEvent{Records: []events.SQSMessage{
					answered("first", "CP001", "good"), answered("second", "CP002", bad), answered("third", "CP002", "good"), answered("fourth", "CP003", "good"),
				}})
				r.must(err)
				var failed []string
				for _, failure := range response.BatchItemFailures {
					failed = append(failed, failure.ItemIdentifier)
				}
				if want := []string{"second", "third"}; !slices.Equal(failed, want) {
					t.Errorf("%v came back, want %v", failed, want)
				}
				if took := time.Since(started); took > timeout-timeToReturn {
					t.Errorf("it took %s of %s", took, timeout)
				}
			})
		})
	}
}

// Ten charge points whose effects take a second each keep the function for a second; the records of one wait for each other.
func TestChargePointsAreHandledBesideEachOther(t *testing.T) {
	for _, test := range []struct {
		what  string
		group func(record int) string
		want  time.Duration
	}{
		{"each of its own charge point", func(record int) string { return fmt.Sprintf("CP%03d", record) }, time.Second},
		{"all of one charge point", func(int) string { return "CP001" }, 10 * time.Second},
	} {
		t.Run(test.what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := &rig{t: t}
				handler := &Handler{Now: time.Now, Log: noLog{}, Mirror: r, Commands: r, Asked: askedNothing{}, Shadow: &Shadow{Documents: r}}
				var batch events.SQSEvent
				for number := range 10 {
					group := test.group(number)
					batch.Records = append(batch.Records, r.sqsMessage(fmt.Sprint(number), group, record(group, "ocpp1.6", `[3,"late",{}]`, "")))
				}
				started := time.Now()
				response, err := handler.Handle(t.Context(), batch)
				r.must(err)
				if took := time.Since(started); took != test.want || len(response.BatchItemFailures) != 0 || len(r.finished) != 10 {
					t.Errorf("%d were handled in %s, %d came back; want 10 in %s", len(r.finished), took, len(response.BatchItemFailures), test.want)
				}
			})
		})
	}
}
