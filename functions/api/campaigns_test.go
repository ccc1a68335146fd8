package main

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/campaign"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// campaignRig is the API with campaigns on a real table. Their ticks are noted, and nobody does the work.
type campaignRig struct {
	*rig
	ticks  []campaign.Tick
	delays []time.Duration
}

func newCampaignRig(t *testing.T) *campaignRig {
	r := &campaignRig{rig: newRig(t)}
	table := dynamotest.Table(t, "CampaignTable")
	r.api.Campaigns = Campaigns{
		Store: dynamo.NewCampaigns(dynamotest.Client(), table), Members: dynamo.NewCampaignMembers(dynamotest.Client(), table), Ticks: campaignTicks{r},
	}
	return r
}

type campaignTicks struct{ *campaignRig }

func (r campaignTicks) After(_ context.Context, delay time.Duration, tick campaign.Tick) error {
	r.ticks, r.delays = append(r.ticks, tick), append(r.delays, delay)
	return nil
}

func TestCreateCampaign(t *testing.T) {
	r := newCampaignRig(t)
	made := r.do("POST", "/campaigns", `{"name":"Nightly","chargePointIds":["CP201","CP16","CP16"],"operation":"reset","request":{"type":"hard"},"perMinute":120,"expiresInSeconds":600}`).
		want(http.StatusAccepted, `"phase":"selecting"`, `"perMinute":120`, `"expiresInSeconds":600`, `"versions":["ocpp1.6","ocpp2.0.1","ocpp2.1"]`)
	id, _ := made.body["campaignId"].(string)
	if got := made.header.Get("Location"); got != "/campaigns/"+id {
		t.Errorf("Location %q", got)
	}
	if len(r.ticks) != 1 || r.ticks[0] != (campaign.Tick{CampaignID: id, Tick: campaign.FirstTick}) || r.delays[0] != campaign.FirstDelay {
		t.Errorf("ticks %+v %v", r.ticks, r.delays)
	}
	c, err := r.api.Campaigns.Store.Get(t.Context(), id)
	if err != nil || strings.Join(c.ChargePointIDs, " ") != "CP16 CP201" || string(c.Request) != `{"type":"hard"}` || c.Timeout != 30*time.Second {
		t.Errorf("%+v, %v", c, err)
	}
	r.do("GET", "/campaigns/"+id, "").want(http.StatusOK, `"members":0`, `"name":"Nightly"`)
	r.do("POST", "/campaigns", `{"where":{},"action":"ClearCache"}`).want(http.StatusAccepted, `"perMinute":60`, `"expiresInSeconds":86400`)
	// In one version a restart of a single connector cannot be said.
	r.do("POST", "/campaigns", `{"where":{},"operation":"reset","request":{"connector":"1"},"dryRun":true}`).
		want(http.StatusAccepted, `"versions":["ocpp2.0.1","ocpp2.1"]`, `"dryRun":true`)
	r.do("GET", "/campaigns?limit=2", "").want(http.StatusOK, `"nextCursor"`, `"action":"ClearCache"`)
}

func TestRefusedCampaigns(t *testing.T) {
	r := newCampaignRig(t)
	tooMany := `["CP` + strings.Repeat(`","CP`, campaign.MaxListed) + `"]`
	for _, test := range []struct {
		body, says string
		status     int
	}{
		{``, "empty", 400},
		{`{"where":{},"operation":"reset","permin":1}`, "permin", 400},
		{`{"where":{},"operation":"reset","perMinute":"fast"}`, "'perMinute'", 400},
		{`{"operation":"reset"}`, "'chargePointIds'", 422},
		{`{"operation":"reset","chargePointIds":[]}`, "'chargePointIds'", 422},
		{`{"operation":"reset","where":{},"chargePointIds":["CP16"]}`, "'chargePointIds'", 422},
		{`{"operation":"reset","chargePointIds":["CP16","no/name"]}`, "'chargePointIds[1]'", 422},
		{`{"operation":"reset","chargePointIds":` + tooMany + `}`, "1000", 422},
		{`{"where":{"protocol":"ocpp1.5"},"operation":"reset"}`, "'where.protocol'", 422},
		{`{"where":{"registration":"Maybe"},"operation":"reset"}`, "'where.registration'", 422},
		{`{"where":{}}`, "'operation'", 422},
		{`{"where":{},"operation":"reset","action":"Reset"}`, "'operation'", 422},
		{`{"where":{},"operation":"reset","payload":{}}`, "'payload'", 422},
		{`{"where":{},"operation":"dance"}`, "'operation' must be one of remote-start", 422},
		{`{"where":{},"operation":"reset","request":{"typ":"hard"}}`, "typ", 422},
		{`{"where":{},"operation":"reset","request":{"type":7}}`, "'request.type'", 422},
		{`{"where":{},"operation":"reset","request":{"type":"now"}}`, "'request' can be said in no version: ocpp1.6, ocpp2.0.1, ocpp2.1: 'type'", 422},
		{`{"where":{"protocol":"ocpp1.6"},"operation":"reset","request":{"connector":"1"}}`, "'connector'", 422},
		{`{"where":{},"action":"Dance"}`, "'payload' can be said in no version", 422},
		{`{"where":{},"action":"Reset","payload":{"type":"now"}}`, "/type", 422},
		{`{"where":{},"action":"ChangeConfiguration","payload":{"key":"AuthorizationKey","value":"00"}}`, "key-rotation", 422},
		{`{"where":{},"operation":"reset","perMinute":0}`, "'perMinute'", 422},
		{`{"where":{},"operation":"reset","perMinute":6001}`, "'perMinute'", 422},
		{`{"where":{},"operation":"reset","expiresInSeconds":604801}`, "'expiresInSeconds'", 422},
		{`{"where":{},"operation":"reset","timeoutSeconds":0}`, "'timeoutSeconds'", 422},
		{`{"where":{},"operation":"reset","name":"` + strings.Repeat("n", 101) + `"}`, "'name'", 422},
	} {
		r.do("POST", "/campaigns", test.body).want(test.status, test.says)
	}
	if len(r.ticks) > 0 {
		t.Errorf("ticks %+v", r.ticks)
	}
}

func TestRepeatedCampaign(t *testing.T) {
	r := newCampaignRig(t)
	const body, key = `{"where":{},"operation":"reset"}`, "Idempotency-Key: k1"
	first := r.do("POST", "/campaigns", body, key).want(http.StatusAccepted)
	again := r.do("POST", "/campaigns", body, key).want(http.StatusAccepted)
	if again.body["campaignId"] != first.body["campaignId"] || again.header.Get(replayedHeader) != "true" || len(r.ticks) != 1 {
		t.Errorf("%s, then %s with %v; ticks %+v", first.text, again.text, again.header, r.ticks)
	}
	r.do("POST", "/campaigns", `{"where":{},"operation":"clear-cache"}`, key).want(http.StatusUnprocessableEntity)
}

// members stores a campaign with a member in each of some states.
func (r *campaignRig) members(states ...campaign.State) (id string) {
	r.Helper()
	id, _ = r.do("POST", "/campaigns", `{"where":{},"operation":"reset"}`).want(http.StatusAccepted).body["campaignId"].(string)
	c, err := r.api.Campaigns.Store.Get(r.Context(), id)
	r.must(err)
	for i, state := range states {
		m := c.NewMember("CP"+string(rune('A'+i)), r.api.Now())
		m.State = state
		switch state {
		case campaign.Queued:
			m.Commands, m.ExpiresAt = 1, r.api.Now().Add(-time.Second) // nobody has noticed that yet
		case campaign.Failed:
			m.Code, m.Error = fault.NotFound, "there is no such charge point"
		}
		r.must(r.api.Campaigns.Members.Select(r.Context(), m))
	}
	return id
}

func TestCampaignProgress(t *testing.T) {
	r := newCampaignRig(t)
	id := r.members(campaign.Accepted, campaign.Accepted, campaign.Queued, campaign.Failed, campaign.ToOrder)
	got := r.do("GET", "/campaigns/"+id, "").want(http.StatusOK, `"failures":[{"code":"notFound","count":1,"example":"there is no such charge point"}]`)
	totals, err := json.Marshal(got.body["totals"])
	r.must(err)
	const want = `{"accepted":2,"callError":0,"cancelled":0,"expired":1,"failed":1,"invalidResult":0,"planned":0,"queued":0,"rejected":0,"sent":0,"timedOut":0,"waiting":1}`
	if string(totals) != want {
		t.Errorf("totals %s\nwant   %s", totals, want)
	}

	members := "/campaigns/" + id + "/members"
	if got := r.do("GET", members, "").want(http.StatusOK).body["members"].([]any); len(got) != 5 {
		t.Errorf("%d members", len(got))
	}
	r.do("GET", members+"?state=expired", "").want(http.StatusOK, `"chargePointId":"CPC"`, `"commandId"`)
	page := r.do("GET", members+"?state=accepted&limit=1", "").want(http.StatusOK, `"chargePointId":"CPA"`, `"nextCursor":"CPA"`)
	next := r.do("GET", members+"?state=accepted&limit=1&cursor="+page.body["nextCursor"].(string), "").want(http.StatusOK, `"chargePointId":"CPB"`)
	if next.body["nextCursor"] != nil {
		t.Errorf("there is another page: %s", next.text)
	}
	r.do("GET", members+"?state=asleep", "").want(http.StatusUnprocessableEntity, "'state'")
	r.do("GET", members+"?cursor=%2F", "").want(http.StatusUnprocessableEntity, "cursor")
}

func TestStopCampaign(t *testing.T) {
	r := newCampaignRig(t)
	id := r.members(campaign.ToOrder)
	r.ticks = nil
	r.do("DELETE", "/campaigns/"+id, "").want(http.StatusAccepted, `"phase":"stopping"`, `"stoppedAt"`)
	if len(r.ticks) != 1 || r.ticks[0].Tick != campaign.FirstTick {
		t.Errorf("ticks %+v", r.ticks)
	}
	r.do("GET", "/campaigns/"+id, "").want(http.StatusOK, `"cancelled":1`)
	for _, path := range []string{"/campaigns/none", "/campaigns/none/members"} {
		r.do("GET", path, "").want(http.StatusNotFound, "none")
	}
	r.do("DELETE", "/campaigns/none", "").want(http.StatusNotFound, "none")

	c, err := r.api.Campaigns.Store.Begin(t.Context(), id, 1, r.api.Now(), r.api.Now().Add(time.Minute))
	r.must(err)
	c.Phase, c.FinishedAt = campaign.Finished, r.api.Now()
	r.must(r.api.Campaigns.Store.Save(t.Context(), c))
	r.do("DELETE", "/campaigns/"+id, "").want(http.StatusConflict, "finished")
}
