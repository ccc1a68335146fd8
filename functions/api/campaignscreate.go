package main

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/serverless-ocpp/backend/shared/campaign"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// campaignBody says who is ordered what, and how fast.
type campaignBody struct {
	Name             string          `json:"name"`             // for people, 100 characters at most
	ChargePointIDs   []string        `json:"chargePointIds"`   // 1000 at most; this or where
	Where            *campaign.Where `json:"where"`            // {}: all charge points; 20000 at most
	Operation        string          `json:"operation"`        // as in the path of its route below /charge-points/{id}; this or action
	Request          json.RawMessage `json:"request"`          // the body of that route, without its times; left out: {}
	Action           string          `json:"action"`           // of a CALL in the words of one version
	Payload          json.RawMessage `json:"payload"`          // of that CALL; left out: {}
	PerMinute        *int            `json:"perMinute"`        // charge points that are ordered in a minute, 1 to 6000; left out: 60
	ExpiresInSeconds *int            `json:"expiresInSeconds"` // how long each command may wait for its charge point; left out: a day, at most a week
	TimeoutSeconds   *int            `json:"timeoutSeconds"`   // from sending to the answer; default 30
	DryRun           bool            `json:"dryRun"`           // sends nothing: members end as planned, or failed with the reason
}

// campaign is what the body asks for. fault.Invalid names the member that is wrong.
func (b campaignBody) campaign(now time.Time) (campaign.Campaign, error) {
	times := timing{TimeoutSeconds: b.TimeoutSeconds}
	c := campaign.Campaign{
		Name: b.Name, CreatedAt: now, Selection: campaign.Selection{ChargePointIDs: b.ChargePointIDs, Where: b.Where},
		Order:     campaign.Order{Operation: b.Operation, Request: b.Request, Action: b.Action, Payload: b.Payload},
		PerMinute: campaign.DefaultPerMinute, Expiry: campaign.DefaultExpiry, Timeout: times.timeout(), DryRun: b.DryRun,
		Progress: campaign.Progress{Phase: campaign.Selecting, Tick: campaign.FirstTick},
	}
	if b.PerMinute != nil {
		c.PerMinute = *b.PerMinute
	}
	if b.ExpiresInSeconds != nil {
		c.Expiry = time.Duration(*b.ExpiresInSeconds) * time.Second
	}
	if err := times.check(); err != nil {
		return c, err
	}
	if err := c.Check(); err != nil {
		return c, err
	}
	slices.Sort(c.ChargePointIDs)
	c.ChargePointIDs = slices.Compact(c.ChargePointIDs) // whoever is named twice is ordered once
	return c, nil
}

// createCampaign stores a campaign. Its first tick is in the queue before: a campaign that is stored goes on.
func (a *API) createCampaign(r *http.Request) (answer, error) {
	given, err := readBody(r)
	if err != nil {
		return answer{}, err
	}
	var body campaignBody
	if err := decodeJSON(given, &body, strict); err != nil {
		return answer{}, err
	}
	c, err := body.campaign(a.Now())
	if err != nil {
		return answer{}, err
	}
	versions, err := c.Order.Check(r.Context(), c.Versions())
	if err != nil {
		return answer{}, err
	}
	var repeated bool
	if c.ID, repeated, err = a.claim(r, "campaigns", given, campaign.NewID()); err != nil {
		return answer{}, err
	}
	if repeated {
		before, err := a.Campaigns.Store.Get(r.Context(), c.ID)
		if err == nil {
			return reply(http.StatusAccepted, createdCampaign{viewCampaign(before), versions}).
				with("Location", campaignPath(before)).with(replayedHeader, "true"), nil
		}
		if !fault.Is(err, fault.NotFound) { // the first request ended before it stored it
			return answer{}, err
		}
	}
	if err := a.Campaigns.Ticks.After(r.Context(), campaign.FirstDelay, campaign.Tick{CampaignID: c.ID, Tick: c.Tick}); err != nil {
		return answer{}, err
	}
	if err := a.Campaigns.Store.Create(r.Context(), c); err != nil {
		return answer{}, err
	}
	slog.InfoContext(r.Context(), "campaign created", "campaignId", c.ID, "operation", c.Operation, "action", c.Action, "perMinute", c.PerMinute, "dryRun", c.DryRun)
	return reply(http.StatusAccepted, createdCampaign{viewCampaign(c), versions}).with("Location", campaignPath(c)), nil
}
