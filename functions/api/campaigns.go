package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/serverless-ocpp/backend/shared/campaign"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/secret"
)

// Campaigns is what the routes of campaigns work with. The function campaign does the work.
type Campaigns struct {
	Store   campaign.Store
	Members campaign.Members
	Ticks   campaign.Ticks
}

func (a *API) campaignRoutes() []route {
	states := make([]string, len(campaign.States))
	for i, state := range campaign.States {
		states[i] = string(state)
	}
	return []route{
		{method: "POST", path: "/campaigns", id: "createCampaign", tag: tagCampaigns, summary: "Order many charge points, a few a second",
			description: "Members are the charge points of a list, or those that attributes select at this moment. Each is told the same: an operation, " +
				"with the body of its route as `request`, or a CALL in the words of one version. The answer comes before anybody is ordered; it says in which " +
				"versions the order can be said. Charge points that speak another, have never connected or do not exist become members that failed, with the reason.",
			headers: []parameter{idempotency}, body: campaignBody{},
			example: `{"name":"Keys of May","where":{"vendorName":"Acme","protocol":"ocpp1.6"},"operation":"key-rotation","perMinute":120}`,
			answers: map[int]any{http.StatusAccepted: createdCampaign{}}, serve: a.createCampaign},
		{method: "GET", path: "/campaigns", id: "listCampaigns", tag: tagCampaigns, summary: "List campaigns, newest first",
			query: paged, answers: map[int]any{http.StatusOK: campaignList{}}, problems: []int{http.StatusUnprocessableEntity}, serve: a.listCampaigns},
		{method: "GET", path: "/campaigns/{campaignId}", id: "getCampaign", tag: tagCampaigns, summary: "Read how far a campaign is",
			answers: map[int]any{http.StatusOK: campaignProgress{}}, problems: []int{http.StatusNotFound}, serve: a.getCampaign},
		{method: "GET", path: "/campaigns/{campaignId}/members", id: "listCampaignMembers", tag: tagCampaigns, summary: "List the members of a campaign, by id",
			query:   append(slices.Clone(paged), parameter{name: "state", description: "only members in that state", schema: "", enum: states}),
			answers: map[int]any{http.StatusOK: memberList{}}, problems: []int{http.StatusNotFound, http.StatusUnprocessableEntity}, serve: a.listCampaignMembers},
		{method: "DELETE", path: "/campaigns/{campaignId}", id: "stopCampaign", tag: tagCampaigns, summary: "Stop a campaign",
			description: "Nobody is ordered any more and commands that wait are cancelled, within seconds. What was sent runs out.",
			answers:     map[int]any{http.StatusAccepted: campaignView{}}, problems: []int{http.StatusNotFound, http.StatusConflict}, serve: a.stopCampaign},
	}
}

// campaignView is a campaign as it was asked for, and its times.
type campaignView struct {
	CampaignID       string          `json:"campaignId"`
	Name             string          `json:"name,omitempty"`
	Phase            campaign.Phase  `json:"phase"`
	DryRun           bool            `json:"dryRun,omitempty"`
	Where            *campaign.Where `json:"where,omitempty"` // none: the charge points were listed
	Operation        string          `json:"operation,omitempty"`
	Request          json.RawMessage `json:"request,omitempty"`
	Action           string          `json:"action,omitempty"`
	Payload          json.RawMessage `json:"payload,omitempty"`
	PerMinute        int             `json:"perMinute"`
	ExpiresInSeconds int             `json:"expiresInSeconds"`
	TimeoutSeconds   int             `json:"timeoutSeconds"`

	CreatedAt  time.Time `json:"createdAt"`
	StartedAt  time.Time `json:"startedAt,omitzero"` // of the first order
	OrderedAt  time.Time `json:"orderedAt,omitzero"` // of the last
	StoppedAt  time.Time `json:"stoppedAt,omitzero"` // when somebody stopped it
	FinishedAt time.Time `json:"finishedAt,omitzero"`
	Problem    string    `json:"problem,omitempty"` // why it ended before anything was ordered
}

func viewCampaign(c campaign.Campaign) campaignView {
	return campaignView{
		CampaignID: c.ID, Name: c.Name, Phase: c.PhaseAt(), DryRun: c.DryRun, Where: c.Where,
		Operation: c.Operation, Request: secret.Masked(c.Request), Action: c.Action, Payload: secret.Masked(c.Payload),
		PerMinute: c.PerMinute, ExpiresInSeconds: int(c.Expiry.Seconds()), TimeoutSeconds: int(c.Timeout.Seconds()),
		CreatedAt: c.CreatedAt, StartedAt: c.StartedAt, OrderedAt: c.OrderedAt, StoppedAt: c.StoppedAt, FinishedAt: c.FinishedAt, Problem: c.Problem,
	}
}

// createdCampaign is a campaign that begins in a moment.
type createdCampaign struct {
	campaignView
	Versions []ocppj.Version `json:"versions"` // that the order can be said in
}

// campaignProgress is a campaign, and what became of its members.
type campaignProgress struct {
	campaignView
	campaign.Summary
}

// campaignList is a page of campaigns.
type campaignList struct {
	Campaigns  []campaignView `json:"campaigns"`
	NextCursor string         `json:"nextCursor,omitempty"`
}

func (a *API) listCampaigns(r *http.Request) (answer, error) {
	cursor, limit, err := page(r)
	if err != nil {
		return answer{}, err
	}
	found, next, err := a.Campaigns.Store.List(r.Context(), cursor, limit)
	if err != nil {
		return answer{}, err
	}
	return reply(http.StatusOK, campaignList{views(found, viewCampaign), next}), nil
}

func (a *API) getCampaign(r *http.Request) (answer, error) {
	c, err := a.campaign(r)
	if err != nil {
		return answer{}, err
	}
	members, err := campaign.All(r.Context(), a.Campaigns.Members, c.ID)
	if err != nil {
		return answer{}, err
	}
	return reply(http.StatusOK, campaignProgress{viewCampaign(c), c.Summarize(members, a.Now())}), nil
}

// campaign reads the one that the path names.
func (a *API) campaign(r *http.Request) (campaign.Campaign, error) {
	c, err := a.Campaigns.Store.Get(r.Context(), r.PathValue("campaignId"))
	return c, noCampaign(r, err)
}

func noCampaign(r *http.Request, err error) error {
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.NotFound, "there is no campaign %.60q; they are forgotten after 90 days", r.PathValue("campaignId"))
	}
	return err
}

// stopCampaign notes that the campaign shall end, and lets its tick come at once: it may be due in a quarter of an hour.
func (a *API) stopCampaign(r *http.Request) (answer, error) {
	c, err := a.Campaigns.Store.Stop(r.Context(), r.PathValue("campaignId"), a.Now())
	if err != nil {
		return answer{}, noCampaign(r, err)
	}
	if err := a.Campaigns.Ticks.After(r.Context(), 0, campaign.Tick{CampaignID: c.ID, Tick: c.Tick}); err != nil {
		return answer{}, err
	}
	return reply(http.StatusAccepted, viewCampaign(c)).with("Location", campaignPath(c)), nil
}

func campaignPath(c campaign.Campaign) string { return "/campaigns/" + url.PathEscape(c.ID) }
