package main

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/campaign"
	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
)

func TestList(t *testing.T) {
	r := newRig(t)
	r.register("ocpp1.6", true, "CP1", "CP5")
	r.register("ocpp2.0.1", true, "CP2")
	r.register("ocpp2.1", false, "CP3")
	r.register("", false, "CP4")
	r.says["CP2"] = command.EventReject
	r.says["CP5"] = ""
	id := r.start(func(c *campaign.Campaign) { c.ChargePointIDs = []string{"CP1", "CP2", "CP3", "CP4", "CP5", "GONE"} })
	r.pass(time.Minute, r.healthy)
	r.wantStates(id, "CP1 accepted, CP2 rejected, CP3 queued, CP4 failed, CP5 sent, GONE failed")
	members := r.members(id)
	if got := members["GONE"]; got.Code != fault.NotFound || got.Error != "there is no charge point GONE" {
		t.Errorf("GONE failed with %s %q", got.Code, got.Error)
	}
	if got := members["CP4"]; got.Code != fault.Offline || !strings.Contains(got.Error, "never connected") {
		t.Errorf("CP4 failed with %s %q", got.Code, got.Error)
	}
	if got := members["CP2"]; got.Error != "the charge point answered reject" {
		t.Errorf("CP2 was rejected with %q", got.Error)
	}

	r.connect("CP3", "ocpp2.1")
	r.must(r.dispatcher.Drain(r.Context(), "CP3"))
	r.answer()
	r.must(r.dispatcher.Finish(r.Context(), "CP5", members["CP5"].CommandID, command.Outcome{Event: command.EventGiveUp, At: r.now()}))
	r.pass(time.Hour, r.healthy)
	r.wantStates(id, "CP1 accepted, CP2 rejected, CP3 accepted, CP4 failed, CP5 timedOut, GONE failed")
	r.wantFinished(id)
	r.wantOnce()
}

func TestWhere(t *testing.T) {
	r := newRig(t)
	r.register("ocpp1.6", true, "A1", "A2")
	r.register("ocpp2.0.1", true, "B1")
	for id, model := range map[string]string{"A1": "Wall", "A2": "Post", "B1": "Wall"} {
		r.must(r.chargePoints.DescribeBoot(t.Context(), id, chargepoint.Boot{VendorName: "V", Model: model}, r.now()))
	}
	id := r.start(func(c *campaign.Campaign) { c.Where = &campaign.Where{Model: "Wall", Protocol: "ocpp1.6"} })
	nobody := r.start(func(c *campaign.Campaign) { c.Where = &campaign.Where{Model: "Pole"} })
	r.pass(time.Hour, r.healthy)
	r.wantStates(id, "A1 accepted")
	r.wantStates(nobody, "")
	r.wantFinished(id)
	if c := r.wantFinished(nobody); c.Problem != "no charge point matches" {
		t.Errorf("it ended with %q", c.Problem)
	}
}

// TestEventsGetLost: the ticks find what the events did not tell.
func TestEventsGetLost(t *testing.T) {
	r := newRig(t)
	r.lossy = true
	r.register("ocpp1.6", true, "CP1", "CP2")
	r.register("ocpp1.6", false, "CP3")
	id := r.start(func(c *campaign.Campaign) { c.ChargePointIDs = []string{"CP1", "CP2", "CP3"} })
	r.pass(time.Minute, r.healthy)
	r.wantStates(id, "CP1 accepted, CP2 accepted, CP3 queued")
	r.pass(59*time.Minute, r.healthy)
	r.wantStates(id, "CP1 accepted, CP2 accepted, CP3 queued")
	r.pass(30*time.Second, r.healthy)
	r.wantStates(id, "CP1 accepted, CP2 accepted, CP3 expired") // as read, before any tick notes it
	r.pass(40*time.Minute, r.healthy)
	if c := r.wantFinished(id); c.FinishedAt.Sub(c.CreatedAt) > 80*time.Minute {
		t.Errorf("it took until %s", c.FinishedAt.Sub(c.CreatedAt))
	}
	if got := r.members(id)["CP3"].State; got != campaign.Expired {
		t.Errorf("the row says %s", got)
	}
}

func TestRate(t *testing.T) {
	for _, test := range []struct{ perMinute, members, seconds int }{
		{10, 8, 42}, {60, 40, 39}, {600, 80, 8}, {6000, 130, 1},
	} {
		t.Run(fmt.Sprint(test.perMinute), func(t *testing.T) {
			r := newRig(t)
			ids := make([]string, test.members)
			for i := range ids {
				ids[i] = fmt.Sprintf("CP%04d", i)
			}
			r.register("ocpp1.6", true, ids...)
			id := r.start(func(c *campaign.Campaign) { c.ChargePointIDs, c.PerMinute = ids, test.perMinute })
			r.pass(time.Hour, r.healthy)
			c := r.wantFinished(id)
			r.wantOnce()
			if len(r.posts) != test.members {
				t.Errorf("%d of %d were sent", len(r.posts), test.members)
			}
			if took := c.OrderedAt.Sub(c.StartedAt).Seconds(); took < float64(test.seconds)-6 || took > float64(test.seconds)*1.5+6 {
				t.Errorf("%d took %.0f s, want about %d", test.members, took, test.seconds)
			}
			// In no minute more than the rate, and what a late tick may catch up with.
			for i := range r.posts {
				for j := i; j < len(r.posts) && r.posts[j].at.Sub(r.posts[i].at) < time.Minute; j++ {
					if sent, most := j-i+1, test.perMinute+test.perMinute/6+1; sent > most {
						t.Fatalf("%d were sent within a minute, want %d at most", sent, most)
					}
				}
			}
		})
	}
}

// TestEveryMessageTwice: the queue hands everything out twice, and ticks do not multiply.
func TestEveryMessageTwice(t *testing.T) {
	r := newRig(t)
	r.copies = 2
	r.register("ocpp1.6", true, "CP1", "CP2", "CP3", "CP4", "CP5", "CP6", "CP7")
	id := r.start(func(c *campaign.Campaign) {
		c.Where, c.PerMinute = &campaign.Where{}, 20
	})
	for range 100 {
		r.pass(time.Second, r.healthy)
		if ticks := len(r.queue); ticks > 4 {
			t.Fatalf("the queue has %d messages: %+v", ticks, r.queue)
		}
	}
	r.wantFinished(id)
	r.wantOnce()
	if len(r.posts) != 7 {
		t.Errorf("%d CALLs were sent", len(r.posts))
	}
}

func TestStop(t *testing.T) {
	r := newRig(t)
	r.register("ocpp1.6", true, "CP1", "CP2", "CP4")
	r.register("ocpp1.6", false, "CP3")
	r.says["CP2"] = ""
	id := r.start(func(c *campaign.Campaign) {
		c.ChargePointIDs, c.PerMinute = []string{"CP1", "CP2", "CP3", "CP4"}, 4
	})
	r.pass(40*time.Second, r.healthy)
	r.wantStates(id, "CP1 accepted, CP2 sent, CP3 queued, CP4 waiting")
	if _, err := r.handler.Campaigns.Stop(t.Context(), id, r.now()); err != nil {
		t.Fatal(err)
	}
	r.wantStates(id, "CP1 accepted, CP2 sent, CP3 queued, CP4 cancelled") // as read, at once
	r.pass(30*time.Second, r.healthy)
	r.wantStates(id, "CP1 accepted, CP2 sent, CP3 cancelled, CP4 cancelled")
	if c := r.campaign(id); c.Phase != campaign.RunningOut {
		t.Errorf("it is %s", c.Phase)
	}
	r.must(r.dispatcher.Finish(t.Context(), "CP2", r.members(id)["CP2"].CommandID, command.Outcome{Event: command.EventAccept, At: r.now()}))
	r.pass(time.Hour, r.healthy)
	r.wantStates(id, "CP1 accepted, CP2 accepted, CP3 cancelled, CP4 cancelled")
	r.wantFinished(id)
	if _, err := r.handler.Campaigns.Stop(t.Context(), id, r.now()); !fault.Is(err, fault.Conflict) {
		t.Errorf("stopping it again: %v", err)
	}
}

func TestDryRun(t *testing.T) {
	r := newRig(t)
	r.register("ocpp1.6", true, "CP1")
	r.register("ocpp2.0.1", true, "CP2")
	r.register("", false, "CP3")
	id := r.start(func(c *campaign.Campaign) {
		c.Where, c.DryRun, c.Request = &campaign.Where{}, true, []byte(`{"connector":"1"}`)
	})
	r.pass(time.Hour, r.healthy)
	r.wantStates(id, "CP1 failed, CP2 planned, CP3 failed")
	r.wantFinished(id)
	if len(r.posts) > 0 {
		t.Errorf("a dry run sent %+v", r.posts)
	}
	if got := r.members(id)["CP1"]; got.Code != fault.Invalid || !strings.Contains(got.Error, "'connector'") {
		t.Errorf("CP1 failed with %s %q", got.Code, got.Error)
	}
}

// TestRightToWork: it outlasts the invocation, and not by much, for the campaign stands still as long when a process dies.
func TestRightToWork(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if got := rightToWork(ctx); got < time.Minute || got > 70*time.Second {
		t.Errorf("an invocation of a minute gives it for %s", got)
	}
}

func TestMessagesThatAreNone(t *testing.T) {
	r := newRig(t)
	for _, body := range []string{`hello`, `{}`, `{"tick":1}`, `{"campaignId":"x","tick":0}`, `{"event":"booted","chargePointId":"CP1"}`, `{"event":"command","chargePointId":"CP1","data":{}}`} {
		r.deliver(r.handler, queued{body: body})
		if len(r.queue) != 1 {
			t.Errorf("%s did not come back", body)
		}
		r.queue = nil
	}
	for _, body := range []string{`{"campaignId":"x","tick":2}`, `{"event":"command","chargePointId":"CP1","data":{"campaignId":"x"}}`} {
		r.deliver(r.handler, queued{body: body})
		if len(r.queue) != 0 {
			t.Errorf("%s, of a campaign that was deleted, came back", body)
		}
	}
}
