package queue

import (
	"context"
	"encoding/json"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/serverless-ocpp/backend/shared/awsfault"
	"github.com/serverless-ocpp/backend/shared/campaign"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// Campaigns is the standard queue of that name. Ticks of campaigns are delayed one by one; an IoT rule puts the ends of
// their commands beside them.
type Campaigns struct {
	to  sender
	url string
}

// NewCampaigns takes the URL of the queue.
func NewCampaigns(api *sqs.Client, queueURL string) *Campaigns {
	return &Campaigns{to: newSender(api), url: queueURL}
}

var _ campaign.Ticks = (*Campaigns)(nil)

// After implements campaign.Ticks. The delay is rounded up to a whole second; fault.Invalid if it is longer than 15 minutes.
func (q *Campaigns) After(ctx context.Context, delay time.Duration, tick campaign.Tick) error {
	if delay > maxDelay {
		return fault.New(fault.Invalid, "a tick of campaign %s in %s is too late: a queue message waits %s at most", tick.CampaignID, delay, maxDelay)
	}
	body, err := json.Marshal(tick)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "a tick of campaign %s cannot be written as JSON", tick.CampaignID)
	}
	seconds := (max(delay, 0) + time.Second - 1) / time.Second
	err = q.to.send(ctx, message{QueueURL: q.url, Body: string(body), DelaySeconds: int(seconds)})
	if err != nil {
		return awsfault.Wrap(err, "queue %s did not take a tick of campaign %s", q.url, tick.CampaignID)
	}
	return nil
}
