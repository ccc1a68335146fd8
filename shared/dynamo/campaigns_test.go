package dynamo

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/campaign"
	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// aCampaign has a value in everything that is stored.
func aCampaign() campaign.Campaign {
	connected := true
	return campaign.Campaign{
		ID: campaign.NewID(), Name: "n", CreatedAt: at(0),
		Selection: campaign.Selection{ChargePointIDs: []string{"CP1", "CP2"}, Where: &campaign.Where{Model: "M", Connected: &connected}},
		Order:     campaign.Order{Operation: "reset", Request: []byte(`{"type":"hard"}`), Action: "Reset", Payload: []byte(`{}`)},
		PerMinute: 60, Expiry: time.Hour, Timeout: time.Minute, DryRun: true,
		Progress: campaign.Progress{
			Phase: campaign.Ordering, Tick: 1, Cursor: "CP1", Members: 2, Problem: "p",
			PacedAt: at(1), StartedAt: at(2), OrderedAt: at(3), FinishedAt: at(4), StoppedAt: at(5),
		},
	}
}

func TestCampaignRoundTrip(t *testing.T) {
	campaigns := NewCampaigns(dynamotest.Client(), dynamotest.Table(t, "CampaignTable"))
	want := aCampaign()
	must(t, campaigns.Create(t.Context(), want))
	other := want
	other.Name = "another"
	must(t, campaigns.Create(t.Context(), other)) // changes nothing
	got, err := campaigns.Get(t.Context(), want.ID)
	must(t, err)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	_, err = campaigns.Get(t.Context(), "none")
	wantFault(t, err, fault.NotFound)
}

func TestCampaignsNewestFirst(t *testing.T) {
	campaigns := NewCampaigns(dynamotest.Client(), dynamotest.Table(t, "CampaignTable"))
	var ids []string
	for range 3 {
		c := aCampaign()
		must(t, campaigns.Create(t.Context(), c))
		ids = append(ids, c.ID)
	}
	page, next, err := campaigns.List(t.Context(), "", 2)
	must(t, err)
	rest, end, err := campaigns.List(t.Context(), next, 2)
	must(t, err)
	if len(page) != 2 || len(rest) != 1 || page[0].ID != ids[2] || page[1].ID != ids[1] || rest[0].ID != ids[0] || end != "" {
		t.Errorf("%+v, then %+v and %q", page, rest, end)
	}
}

// TestTicks: of many copies of a tick one is taken, and one tick works at a time.
func TestTicks(t *testing.T) {
	campaigns := NewCampaigns(dynamotest.Client(), dynamotest.Table(t, "CampaignTable"))
	c := aCampaign()
	c.FinishedAt, c.StoppedAt = time.Time{}, time.Time{}
	must(t, campaigns.Create(t.Context(), c))
	begin := func(tick, now int) (campaign.Campaign, error) {
		return campaigns.Begin(t.Context(), c.ID, tick, at(now), at(now+1000))
	}
	errs := atOnce(5, func(int) error { _, err := begin(1, 0); return err })
	if count(errs, "") != 1 || count(errs, fault.Stale) != 4 {
		t.Fatalf("taking a tick at once: %v", errs)
	}
	second, err := begin(2, 500)
	must(t, err)
	if second.Worker != 1 || second.Tick != 3 {
		t.Errorf("the second tick while the first works: %+v", second.Progress)
	}
	third, err := begin(3, 1001)
	must(t, err)
	if third.Worker != 3 {
		t.Errorf("the third tick after the first lost its right: %+v", third.Progress)
	}
	stopped, err := campaigns.Stop(t.Context(), c.ID, at(7))
	must(t, err)
	again, err := campaigns.Stop(t.Context(), c.ID, at(8))
	must(t, err)
	if !stopped.StoppedAt.Equal(at(7)) || !again.StoppedAt.Equal(at(7)) {
		t.Errorf("stopped at %s, and again at %s", stopped.StoppedAt, again.StoppedAt)
	}

	late := third
	late.Worker = 1
	wantFault(t, campaigns.Save(t.Context(), late), fault.Stale)
	third.Finish(at(9), "none matched")
	third.Payload = []byte(`"***"`)
	must(t, campaigns.Save(t.Context(), third))
	got, err := campaigns.Get(t.Context(), c.ID)
	must(t, err)
	want := third
	want.Worker, want.StoppedAt = 0, at(7) // somebody stopped it while the tick worked
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got.Progress, want.Progress)
	}
	_, err = campaigns.Stop(t.Context(), c.ID, at(10))
	wantFault(t, err, fault.Conflict)
	_, err = campaigns.Stop(t.Context(), "none", at(10))
	wantFault(t, err, fault.NotFound)
	_, err = campaigns.Begin(t.Context(), "none", 1, at(0), at(1))
	wantFault(t, err, fault.Stale)
}

func TestMembers(t *testing.T) {
	members := NewCampaignMembers(dynamotest.Client(), dynamotest.Table(t, "CampaignTable"))
	c := aCampaign()
	for i := range 5 {
		must(t, members.Select(t.Context(), c.NewMember(fmt.Sprintf("CP%d", i), at(0))))
	}
	m, err := members.Get(t.Context(), c.ID, "CP3")
	must(t, err)
	if want := c.NewMember("CP3", at(0)); !reflect.DeepEqual(m, want) {
		t.Errorf("got  %+v\nwant %+v", m, want)
	}
	put := func(m campaign.Member, want bool) {
		t.Helper()
		done, err := members.Put(t.Context(), m)
		must(t, err)
		if done != want {
			t.Errorf("putting %s: %t", m.State, done)
		}
	}
	m.Attempts, m.Code, m.Error = 1, fault.Throttled, "too much"
	put(m, true)
	m.State, m.Code, m.Error, m.Commands, m.OrderedAt, m.ExpiresAt = campaign.Queued, "", "", 1, at(1), at(2)
	put(m, true)
	must(t, members.Select(t.Context(), c.NewMember("CP3", at(9)))) // it is selected already
	got, err := members.Get(t.Context(), c.ID, "CP3")
	must(t, err)
	if !reflect.DeepEqual(got, m) {
		t.Errorf("got  %+v\nwant %+v", got, m)
	}
	m.State = campaign.Accepted
	put(m, true)
	m.State = campaign.Queued
	put(m, false) // it is final
	put(c.NewMember("NONE", at(0)), false)
	_, err = members.Get(t.Context(), c.ID, "NONE")
	wantFault(t, err, fault.NotFound)

	for after, want := range map[string]int{"": 3, "CP1": 3, "CP2": 2, "CP4": 0, "A": 3} {
		page, err := members.After(t.Context(), c.ID, after, 3)
		must(t, err)
		if len(page) != want || want > 0 && page[0].ChargePointID <= after {
			t.Errorf("after %q: %+v", after, page)
		}
	}
	all, err := campaign.All(t.Context(), members, c.ID)
	must(t, err)
	if len(all) != 5 {
		t.Errorf("%d members", len(all))
	}
}
