package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/serverless-ocpp/backend/shared/campaign"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/event/eventtest"
)

// The sample tick selects the member of its campaign, and the sample event makes the fate of its command known.
func TestSampleEvents(t *testing.T) {
	r := newRig(t)
	r.lossy, r.says["CP001"] = true, "" // it does not answer yet, and the only event that comes is the sample
	r.register("ocpp1.6", true, "CP001")
	id := r.start(func(c *campaign.Campaign) {
		c.ID, c.ChargePointIDs = "019cb8d4-8e00-7000-8000-000000000001", []string{"CP001"}
	})
	r.sample("sqs-campaign-tick.json")
	r.wantStates(id, "CP001 waiting")
	r.pass(6*time.Second, r.healthy) // to the tick that orders it
	r.wantStates(id, "CP001 sent")
	answer := command.Outcome{Event: command.EventAccept, At: r.now(), Result: json.RawMessage(`{"status":"Accepted"}`)}
	r.must(r.dispatcher.Finish(t.Context(), "CP001", r.members(id)["CP001"].CommandID, answer))
	r.wantStates(id, "CP001 sent")
	r.sample("sqs-campaign-command.json")
	r.wantStates(id, "CP001 accepted")
}

// sample hands the function an event as `make invoke` does.
func (r *rig) sample(name string) {
	r.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "events", name))
	r.must(err)
	var batch events.SQSEvent
	r.must(json.Unmarshal(text, &batch))
	for _, record := range batch.Records {
		if name == "sqs-campaign-command.json" {
			r.must(eventtest.Validate(event.CommandFinished, []byte(record.Body)))
		}
	}
	response, err := r.handler.Handle(r.Context(), batch)
	r.must(err)
	if len(response.BatchItemFailures) > 0 {
		r.Errorf("%s: %+v", name, response)
	}
}
