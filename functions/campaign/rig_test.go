package main

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/serverless-ocpp/backend/shared/campaign"
	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
	"github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/operation"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(dynamotest.Run(m))
}

// rig is the function on real tables, with a real dispatcher. The queue, time and the charge points are the test's.
type rig struct {
	*testing.T
	handler      *Handler
	chargePoints *dynamo.ChargePoints
	dispatcher   *command.Dispatcher

	mu     sync.Mutex
	clock  time.Time
	queue  []queued
	posts  []post
	asked  int                      // posts that were seen by the charge points
	says   map[string]command.Event // what a charge point says to each CALL; "" nothing; not there: accept
	lossy  bool                     // events get lost
	copies int                      // of each queue message
}

type queued struct {
	at       time.Time
	body     string
	received int
}

type post struct {
	at                     time.Time
	chargePointID, command string
}

func newRig(t *testing.T) *rig {
	t.Helper()
	client := dynamotest.Client()
	r := &rig{T: t, clock: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), says: map[string]command.Event{}, copies: 1}
	r.chargePoints = dynamo.NewChargePoints(client, dynamotest.Table(t, "ChargePointTable"))
	commands := dynamo.NewCommands(client, dynamotest.Table(t, "CommandTable"))
	r.dispatcher = &command.Dispatcher{
		Registry: r.chargePoints, Sessions: r.chargePoints, Turns: r.chargePoints, Keys: r.chargePoints, Commands: commands,
		Timers: timers{}, Connections: r, Events: r, Now: r.now,
	}
	table := dynamotest.Table(t, "CampaignTable")
	r.handler = &Handler{
		Campaigns: dynamo.NewCampaigns(client, table), Members: dynamo.NewCampaignMembers(client, table),
		ChargePoints: r.chargePoints, Commands: commands,
		Orders: operation.Orders{
			Desk:   operation.Desk{Tokens: dynamo.NewTokens(client, dynamotest.Table(t, "TokenTable")), Keys: r.chargePoints, Lists: r.chargePoints, Now: r.now},
			Submit: r.dispatcher.Submit,
		},
		Ticks: r, Events: r, Now: r.now,
	}
	return r
}

// timers never fire: nothing in these tests waits for one.
type timers struct{}

func (timers) After(context.Context, time.Duration, command.Timer) error { return nil }

func (r *rig) now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.clock
}

// After implements campaign.Ticks.
func (r *rig) After(_ context.Context, delay time.Duration, tick campaign.Tick) error {
	r.put(delay, tick)
	return nil
}

// Publish implements event.Publisher as the IoT rule does: commands of campaigns come into the queue.
func (r *rig) Publish(_ context.Context, e event.Event) error {
	if data, ok := e.Data.(event.Command); ok && data.CampaignID != "" && !r.lossy {
		r.put(0, e)
	}
	return nil
}

func (r *rig) put(delay time.Duration, message any) {
	body, err := json.Marshal(message)
	if err != nil {
		panic(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for range r.copies {
		r.queue = append(r.queue, queued{at: r.clock.Add(delay), body: string(body)})
	}
}

// Post implements command.Connections.
func (r *rig) Post(_ context.Context, connection string, frame []byte) error {
	var call []json.RawMessage
	var id string
	if err := json.Unmarshal(frame, &call); err != nil {
		return err
	}
	if err := json.Unmarshal(call[1], &id); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.posts = append(r.posts, post{r.clock, strings.TrimPrefix(connection, "c-"), id})
	return nil
}

// register makes charge points; protocol "" has never connected, and online has a connection now.
func (r *rig) register(protocol string, online bool, ids ...string) {
	r.Helper()
	r.must(forEach(ids, func(_ int, id string) error {
		thing := chargepoint.Thing{Name: id, ID: "thing-" + id, Version: 1, At: r.now()}
		if err := r.chargePoints.Mirror(r.Context(), thing, chargepoint.Accepted); err != nil || protocol == "" {
			return err
		}
		r.connect(id, protocol)
		if online {
			return nil
		}
		_, err := r.chargePoints.Close(r.Context(), id, "c-"+id, 1001, "Going away", r.now())
		return err
	}))
}

func (r *rig) connect(id, protocol string) {
	r.Helper()
	_, err := r.chargePoints.Open(r.Context(), id, chargepoint.Session{ConnectionID: "c-" + id, Protocol: protocol, ConnectedAt: r.now(), Open: true})
	r.must(err)
}

// start begins a campaign that resets charge points, as the HTTP API does.
func (r *rig) start(change func(*campaign.Campaign)) string {
	r.Helper()
	c := campaign.Campaign{
		ID: campaign.NewID(), CreatedAt: r.now(), Order: campaign.Order{Operation: "reset"}, PerMinute: 60, Expiry: time.Hour, Timeout: command.DefaultTimeout,
		Progress: campaign.Progress{Phase: campaign.Selecting, Tick: campaign.FirstTick},
	}
	change(&c)
	r.must(c.Check())
	r.must(r.After(r.Context(), campaign.FirstDelay, campaign.Tick{CampaignID: c.ID, Tick: c.Tick}))
	r.must(r.handler.Campaigns.Create(r.Context(), c))
	return c.ID
}

// pass lets time pass, hands out the queue's messages, each at its time, and lets charge points answer. handler is whom
// a message is handed to.
func (r *rig) pass(d time.Duration, handler func() *Handler) {
	r.Helper()
	for end := r.now().Add(d); ; {
		next, found := r.due(end)
		if !found {
			return
		}
		r.deliver(handler(), next)
		r.answer()
	}
}

func (r *rig) healthy() *Handler { return r.handler }

// visibility is how long a message that failed stays away.
const visibility = 2 * time.Minute

func (r *rig) deliver(h *Handler, message queued) {
	r.Helper()
	message.received++
	record := events.SQSMessage{MessageId: "m", Body: message.body, Attributes: map[string]string{"ApproximateReceiveCount": strconv.Itoa(message.received)}}
	response, err := h.Handle(r.Context(), events.SQSEvent{Records: []events.SQSMessage{record}})
	r.must(err)
	if len(response.BatchItemFailures) > 0 && message.received < 5 {
		r.mu.Lock()
		defer r.mu.Unlock()
		message.at = r.clock.Add(visibility)
		r.queue = append(r.queue, message)
	}
}

// due takes out the next message until end, and moves the clock there.
func (r *rig) due(end time.Time) (queued, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	slices.SortStableFunc(r.queue, func(a, b queued) int { return a.at.Compare(b.at) })
	if len(r.queue) == 0 || r.queue[0].at.After(end) {
		r.clock = end
		return queued{}, false
	}
	next := r.queue[0]
	r.queue = r.queue[1:]
	if next.at.After(r.clock) {
		r.clock = next.at
	}
	return next, true
}

// answer lets the charge points answer what they were sent.
func (r *rig) answer() {
	r.Helper()
	for ; r.asked < len(r.posts); r.asked++ {
		sent := r.posts[r.asked]
		says, told := r.says[sent.chargePointID]
		if !told {
			says = command.EventAccept
		}
		if says == "" {
			continue
		}
		outcome := command.Outcome{Event: says, At: r.now(), Result: json.RawMessage(`{"status":"` + string(says) + `"}`)}
		r.must(r.dispatcher.Finish(r.Context(), sent.chargePointID, sent.command, outcome))
	}
}

func (r *rig) must(err error) {
	if err != nil {
		r.Helper()
		r.Fatal(err)
	}
}

func (r *rig) campaign(id string) campaign.Campaign {
	r.Helper()
	c, err := r.handler.Campaigns.Get(r.Context(), id)
	r.must(err)
	return c
}

// members returns the members of a campaign by charge point.
func (r *rig) members(id string) map[string]campaign.Member {
	r.Helper()
	all, err := campaign.All(r.Context(), r.handler.Members, id)
	r.must(err)
	found := map[string]campaign.Member{}
	for _, m := range all {
		found[m.ChargePointID] = m
	}
	return found
}

// wantStates checks what became of all members: "CP1 accepted, CP2 failed".
func (r *rig) wantStates(id, want string) {
	r.Helper()
	c, members := r.campaign(id), r.members(id)
	var got []string
	for _, m := range slices.SortedFunc(maps.Values(members), func(a, b campaign.Member) int { return cmp.Compare(a.ChargePointID, b.ChargePointID) }) {
		got = append(got, m.ChargePointID+" "+string(c.StateAt(m, r.now())))
	}
	if joined := strings.Join(got, ", "); joined != want {
		r.Errorf("members\n%s\nwant\n%s", joined, want)
	}
}

// wantFinished checks that the campaign is at its end, and the queue empty.
func (r *rig) wantFinished(id string) campaign.Campaign {
	r.Helper()
	c := r.campaign(id)
	if c.Phase != campaign.Finished || c.FinishedAt.IsZero() {
		r.Errorf("the campaign is %+v", c.Progress)
	}
	if len(r.queue) > 0 {
		r.Errorf("the queue still has %+v", r.queue)
	}
	return c
}

// wantOnce checks that nobody was sent anything twice.
func (r *rig) wantOnce() {
	r.Helper()
	times := map[string]int{}
	for _, p := range r.posts {
		times[p.chargePointID]++
	}
	for id, n := range times {
		if n > 1 {
			r.Errorf("%s was sent %d CALLs", id, n)
		}
	}
}
