package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/campaign"
	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/token"
)

// crash ends a process at its nth step: before the step, or after it took effect and before its answer came, which is nothing
// else for a step that only reads. Afterwards nothing that the process does has an effect.
type crash struct {
	at    int
	after bool

	mu    sync.Mutex
	steps int
	dead  bool
}

var errDead = errors.New("the process is dead")

func (c *crash) read(do func() error) error { return c.step(!c.after, do) }

func (c *crash) write(do func() error) error { return c.step(true, do) }

func (c *crash) step(counts bool, do func() error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dead {
		return errDead
	}
	if !counts {
		return do()
	}
	if c.steps++; c.steps != c.at {
		return do()
	}
	c.dead = true
	if c.after {
		if err := do(); err != nil {
			return err
		}
	}
	return errDead
}

// mortal returns a handler on the rig's tables that dies at its nth step.
func (r *rig) mortal(c *crash) *Handler {
	h := *r.handler
	h.Campaigns, h.Members, h.ChargePoints = mortalCampaigns{h.Campaigns, c}, mortalMembers{h.Members, c}, mortalChargePoints{h.ChargePoints, c}
	h.Commands, h.Ticks = mortalCommands{h.Commands, c}, mortalTicks{h.Ticks, c}
	h.Orders.Desk.Tokens = mortalTokens{h.Orders.Desk.Tokens, c}
	h.Orders.Submit = func(ctx context.Context, command command.Command) error {
		return c.write(func() error { return r.dispatcher.Submit(ctx, command) })
	}
	return &h
}

// everyCrash runs a campaign for each place at which its process can die, with a new process for the messages after that.
func everyCrash(t *testing.T, least int, scenario func(r *rig, handler func() *Handler)) {
	for _, after := range []bool{false, true} {
		for at := 1; ; at++ {
			c := &crash{at: at, after: after}
			t.Run(fmt.Sprintf("step %d, after it %t", at, after), func(t *testing.T) {
				r := newRig(t)
				mortal := r.mortal(c)
				scenario(r, func() *Handler {
					if c.dead {
						return r.handler
					}
					return mortal
				})
			})
			if !c.dead {
				if at < least {
					t.Errorf("only %d steps: the scenario does nothing", c.steps)
				}
				break // it had no more steps
			}
		}
	}
}

func TestCrash(t *testing.T) {
	everyCrash(t, 15, func(r *rig, handler func() *Handler) {
		r.register("ocpp1.6", true, "CP1")
		r.register("ocpp2.0.1", true, "CP2")
		id := r.start(func(c *campaign.Campaign) {
			c.Where = &campaign.Where{}
			c.Order = campaign.Order{Operation: "remote-start", Request: []byte(`{"idTag":"TAG1"}`)}
		})
		r.pass(time.Hour, handler)
		r.wantStates(id, "CP1 accepted, CP2 accepted")
		r.wantFinished(id)
		r.wantOnce()
		if len(r.posts) != 2 {
			r.Errorf("%d CALLs were sent", len(r.posts))
		}
	})
}

func TestCrashWhenStopped(t *testing.T) {
	everyCrash(t, 10, func(r *rig, handler func() *Handler) {
		r.register("ocpp1.6", false, "CP1", "CP2")
		id := r.start(func(c *campaign.Campaign) {
			c.ChargePointIDs, c.PerMinute = []string{"CP1", "CP2"}, 12
		})
		r.pass(6*time.Second, handler)
		_, err := r.handler.Campaigns.Stop(r.Context(), id, r.now())
		r.must(err)
		r.pass(time.Hour, handler)
		r.wantFinished(id)
		for chargePoint, m := range r.members(id) { // all of them, unless it was stopped before they were selected
			if m.State != campaign.Cancelled {
				r.Errorf("%s is %s", chargePoint, m.State)
			}
			c, err := r.handler.Commands.Get(r.Context(), chargePoint, m.CommandID)
			if err == nil && c.State != command.Cancelled {
				r.Errorf("the command of %s is %s", chargePoint, c.State)
			}
		}
	})
}

type mortalCampaigns struct {
	campaign.Store
	*crash
}

func (m mortalCampaigns) Get(ctx context.Context, id string) (c campaign.Campaign, err error) {
	err = m.read(func() (err error) { c, err = m.Store.Get(ctx, id); return err })
	return c, err
}

func (m mortalCampaigns) Begin(ctx context.Context, id string, tick int, now, until time.Time) (c campaign.Campaign, err error) {
	err = m.write(func() (err error) { c, err = m.Store.Begin(ctx, id, tick, now, until); return err })
	return c, err
}

func (m mortalCampaigns) Save(ctx context.Context, c campaign.Campaign) error {
	return m.write(func() error { return m.Store.Save(ctx, c) })
}

type mortalMembers struct {
	campaign.Members
	*crash
}

func (m mortalMembers) Select(ctx context.Context, member campaign.Member) error {
	return m.write(func() error { return m.Members.Select(ctx, member) })
}

func (m mortalMembers) Get(ctx context.Context, campaignID, chargePointID string) (member campaign.Member, err error) {
	err = m.read(func() (err error) { member, err = m.Members.Get(ctx, campaignID, chargePointID); return err })
	return member, err
}

func (m mortalMembers) After(ctx context.Context, campaignID, chargePointID string, limit int) (members []campaign.Member, err error) {
	err = m.read(func() (err error) {
		members, err = m.Members.After(ctx, campaignID, chargePointID, limit)
		return err
	})
	return members, err
}

func (m mortalMembers) Put(ctx context.Context, member campaign.Member) (done bool, err error) {
	err = m.write(func() (err error) { done, err = m.Members.Put(ctx, member); return err })
	return done, err
}

type mortalChargePoints struct {
	ChargePoints
	*crash
}

func (m mortalChargePoints) Get(ctx context.Context, id string) (cp chargepoint.ChargePoint, err error) {
	err = m.read(func() (err error) { cp, err = m.ChargePoints.Get(ctx, id); return err })
	return cp, err
}

func (m mortalChargePoints) List(ctx context.Context, connected *bool, cursor string, limit int) (page []chargepoint.ChargePoint, next string, err error) {
	err = m.read(func() (err error) { page, next, err = m.ChargePoints.List(ctx, connected, cursor, limit); return err })
	return page, next, err
}

type mortalCommands struct {
	command.Store
	*crash
}

func (m mortalCommands) Get(ctx context.Context, chargePointID, id string) (c command.Command, err error) {
	err = m.read(func() (err error) { c, err = m.Store.Get(ctx, chargePointID, id); return err })
	return c, err
}

func (m mortalCommands) Apply(ctx context.Context, chargePointID, id string, outcome command.Outcome) (c command.Command, err error) {
	err = m.write(func() (err error) { c, err = m.Store.Apply(ctx, chargePointID, id, outcome); return err })
	return c, err
}

type mortalTicks struct {
	campaign.Ticks
	*crash
}

func (m mortalTicks) After(ctx context.Context, delay time.Duration, tick campaign.Tick) error {
	return m.write(func() error { return m.Ticks.After(ctx, delay, tick) })
}

type mortalTokens struct {
	token.Store
	*crash
}

func (m mortalTokens) Find(ctx context.Context, idToken string) (found token.Token, err error) {
	err = m.read(func() (err error) { found, err = m.Store.Find(ctx, idToken); return err })
	return found, err
}
