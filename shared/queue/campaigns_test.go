package queue

import (
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/campaign"
	"github.com/serverless-ocpp/backend/shared/fault"
)

func TestTicks(t *testing.T) {
	api, requests := standIn(t, 200, "")
	campaigns := NewCampaigns(api, queueURL)
	for _, test := range []struct {
		delay time.Duration
		want  int
	}{{-time.Second, 0}, {0, 0}, {600 * time.Millisecond, 1}, {15 * time.Minute, 900}} {
		if err := campaigns.After(t.Context(), test.delay, campaign.Tick{CampaignID: "c1", Tick: 7}); err != nil {
			t.Fatal(err)
		}
		if got := (*requests)[len(*requests)-1]; got.DelaySeconds != test.want || got.MessageBody != `{"campaignId":"c1","tick":7}` {
			t.Errorf("a delay of %s becomes %+v", test.delay, got)
		}
	}
	before := len(*requests)
	if err := campaigns.After(t.Context(), 16*time.Minute, campaign.Tick{}); !fault.Is(err, fault.Invalid) || len(*requests) != before {
		t.Errorf("too long a delay: %v", err)
	}
}
