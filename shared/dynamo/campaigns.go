package dynamo

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/campaign"
	"github.com/serverless-ocpp/backend/shared/dynamo/expression"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// Campaigns is the CampaignTable. All campaigns are in one partition, so that they can be listed in the order of their
// ids, which is that of time; the members of each are in another (see campaignsmembers.go).
//
//	campaignId      S  partition key: # for the campaigns themselves
//	member          S  sort key: the campaign's id
//	name            S
//	chargePointIds  L  of S
//	where           S  JSON of campaign.Where
//	operation, action    S
//	request, payload     S  JSON
//	perMinute, expirySeconds, timeoutSeconds  N
//	dryRun          B
//	phase, cursor, problem  S
//	tick            N  that is due
//	worker          N  tick that works on it, until
//	workUntil       S
//	members         N  selected so far
//	createdAt, pacedAt, startedAt, orderedAt, finishedAt, stoppedAt  S
//	ttl             N  seconds since 1970
type Campaigns struct{ table }

// campaignPartition is no UUID, so no campaign's members are in it.
const campaignPartition = "#"

// NewCampaigns opens the CampaignTable for campaigns.
func NewCampaigns(api *dynamodb.Client, tableName string) *Campaigns {
	return &Campaigns{campaignTable(api, tableName)}
}

func campaignTable(api *dynamodb.Client, tableName string) table {
	return open(api, tableName, "campaignId", "member")
}

var _ campaign.Store = (*Campaigns)(nil)

type campaignItem struct {
	Partition string    `dynamodbav:"campaignId"`
	ID        string    `dynamodbav:"member"`
	Name      string    `dynamodbav:"name,omitempty"`
	CreatedAt time.Time `dynamodbav:"createdAt,omitempty"`

	ChargePointIDs []string `dynamodbav:"chargePointIds,omitempty"`
	Where          string   `dynamodbav:"where,omitempty"`
	Operation      string   `dynamodbav:"operation,omitempty"`
	Request        string   `dynamodbav:"request,omitempty"`
	Action         string   `dynamodbav:"action,omitempty"`
	Payload        string   `dynamodbav:"payload,omitempty"`
	PerMinute      int      `dynamodbav:"perMinute"`
	ExpirySeconds  int64    `dynamodbav:"expirySeconds"`
	TimeoutSeconds int64    `dynamodbav:"timeoutSeconds"`
	DryRun         bool     `dynamodbav:"dryRun,omitempty"`

	Phase      campaign.Phase `dynamodbav:"phase"`
	Tick       int            `dynamodbav:"tick"`
	Worker     int            `dynamodbav:"worker,omitempty"`
	WorkUntil  time.Time      `dynamodbav:"workUntil,omitempty"`
	Cursor     string         `dynamodbav:"cursor,omitempty"`
	Members    int            `dynamodbav:"members,omitempty"`
	PacedAt    time.Time      `dynamodbav:"pacedAt,omitempty"`
	StartedAt  time.Time      `dynamodbav:"startedAt,omitempty"`
	OrderedAt  time.Time      `dynamodbav:"orderedAt,omitempty"`
	FinishedAt time.Time      `dynamodbav:"finishedAt,omitempty"`
	StoppedAt  time.Time      `dynamodbav:"stoppedAt,omitempty"`
	Problem    string         `dynamodbav:"problem,omitempty"`

	TTL int64 `dynamodbav:"ttl,omitempty"`
}

func campaignItemOf(c campaign.Campaign) (campaignItem, error) {
	i := campaignItem{
		Partition: campaignPartition, ID: c.ID, Name: c.Name, CreatedAt: c.CreatedAt,
		ChargePointIDs: c.ChargePointIDs, Operation: c.Operation, Request: string(c.Request), Action: c.Action, Payload: string(c.Payload),
		PerMinute: c.PerMinute, ExpirySeconds: int64(c.Expiry / time.Second), TimeoutSeconds: int64(c.Timeout / time.Second), DryRun: c.DryRun,
		Phase: c.Phase, Tick: c.Tick, Worker: c.Worker, Cursor: c.Cursor, Members: c.Members,
		PacedAt: c.PacedAt, StartedAt: c.StartedAt, OrderedAt: c.OrderedAt, FinishedAt: c.FinishedAt, StoppedAt: c.StoppedAt,
		Problem: c.Problem, TTL: c.Forgotten().Unix(),
	}
	if c.Where != nil {
		where, err := json.Marshal(c.Where)
		if err != nil {
			return i, fault.Wrap(fault.Internal, err, "what campaign %s selects cannot be written", c.ID)
		}
		i.Where = string(where)
	}
	return i, nil
}

func campaignOf(stored item) (campaign.Campaign, error) {
	i, err := decode[campaignItem](stored)
	if err != nil {
		return campaign.Campaign{}, err
	}
	c := campaign.Campaign{
		ID: i.ID, Name: i.Name, CreatedAt: i.CreatedAt,
		Selection: campaign.Selection{ChargePointIDs: i.ChargePointIDs},
		Order:     campaign.Order{Operation: i.Operation, Request: jsonOf(i.Request), Action: i.Action, Payload: jsonOf(i.Payload)},
		PerMinute: i.PerMinute, Expiry: time.Duration(i.ExpirySeconds) * time.Second, Timeout: time.Duration(i.TimeoutSeconds) * time.Second, DryRun: i.DryRun,
		Progress: campaign.Progress{
			Phase: i.Phase, Tick: i.Tick, Worker: i.Worker, Cursor: i.Cursor, Members: i.Members, PacedAt: i.PacedAt,
			StartedAt: i.StartedAt, OrderedAt: i.OrderedAt, FinishedAt: i.FinishedAt, StoppedAt: i.StoppedAt, Problem: i.Problem,
		},
	}
	if i.Where != "" {
		if err := json.Unmarshal([]byte(i.Where), &c.Where); err != nil {
			return c, fault.Wrap(fault.Internal, err, "what campaign %s selects is not as this program wrote it", c.ID)
		}
	}
	return c, nil
}

func (t *Campaigns) row(id string) row {
	return row{key: item{t.hash: text(campaignPartition), t.sort: text(id)}, name: "campaign " + id}
}

// Create implements campaign.Store.
func (t *Campaigns) Create(ctx context.Context, c campaign.Campaign) error {
	whole, err := campaignItemOf(c)
	if err != nil {
		return err
	}
	encoded, err := encode(whole)
	if err != nil {
		return err
	}
	_, err = t.put(ctx, t.row(c.ID).name, encoded, absent(t.hash))
	return err
}

// Get implements campaign.Store.
func (t *Campaigns) Get(ctx context.Context, id string) (campaign.Campaign, error) {
	stored, err := t.get(ctx, t.row(id), true)
	if err != nil {
		return campaign.Campaign{}, err
	}
	return campaignOf(stored)
}

// List implements campaign.Store.
func (t *Campaigns) List(ctx context.Context, cursor string, limit int) (campaigns []campaign.Campaign, next string, err error) {
	items, next, err := t.query(ctx, campaignPartition, descending, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	for _, stored := range items {
		c, err := campaignOf(stored)
		if err != nil {
			return nil, "", err
		}
		campaigns = append(campaigns, c)
	}
	return campaigns, next, nil
}

// Stop implements campaign.Store.
func (t *Campaigns) Stop(ctx context.Context, id string, at time.Time) (campaign.Campaign, error) {
	r := t.row(id)
	change := expression.Set(name("stoppedAt"), name("stoppedAt").IfNotExists(value(at)))
	stopped, done, err := t.update(ctx, r, present(t.hash).And(absent("finishedAt")), change, types.ReturnValueAllNew)
	if err != nil {
		return campaign.Campaign{}, err
	}
	if !done {
		return campaign.Campaign{}, t.goneOr(ctx, r, fault.New(fault.Conflict, "%s is finished", r.name))
	}
	return campaignOf(stopped)
}

// Begin implements campaign.Store. The tick is taken in any case, for the next one has been set.
func (t *Campaigns) Begin(ctx context.Context, id string, tick int, now, until time.Time) (campaign.Campaign, error) {
	r := t.row(id)
	due := name("tick").LessThanEqual(value(tick))
	take := expression.Set(name("tick"), value(tick+1))
	work := take.Set(name("worker"), value(tick)).Set(name("workUntil"), value(until))
	free := due.And(absent("workUntil").Or(name("workUntil").LessThan(value(now))))
	taken, done, err := t.update(ctx, r, free, work, types.ReturnValueAllNew)
	if err == nil && !done {
		taken, done, err = t.update(ctx, r, due, expression.Set(name("tick"), value(tick+1)), types.ReturnValueAllNew)
	}
	if err != nil {
		return campaign.Campaign{}, err
	}
	if !done {
		return campaign.Campaign{}, fault.New(fault.Stale, "tick %d of %s was taken, or it is gone", tick, r.name)
	}
	return campaignOf(taken)
}

// progressAttributes are what Save sets or removes, beside the right to work. When it was stopped is not for the worker
// to say, and which tick is due neither.
var progressAttributes = []string{"phase", "cursor", "members", "pacedAt", "startedAt", "orderedAt", "finishedAt", "problem"}

// Save implements campaign.Store.
func (t *Campaigns) Save(ctx context.Context, c campaign.Campaign) error {
	whole, err := campaignItemOf(c)
	if err != nil {
		return err
	}
	encoded, err := encode(whole)
	if err != nil {
		return err
	}
	r := t.row(c.ID)
	change := expression.Remove(name("worker")).Remove(name("workUntil"))
	attributes := progressAttributes
	if !c.FinishedAt.IsZero() {
		attributes = append(slices.Clone(attributes), "request", "payload") // without the secrets in them
	}
	for _, attribute := range attributes {
		if v, set := encoded[attribute]; set {
			change = change.Set(name(attribute), expression.Value(v))
		} else {
			change = change.Remove(name(attribute))
		}
	}
	_, done, err := t.update(ctx, r, name("worker").Equal(value(c.Worker)), change, types.ReturnValueNone)
	if err == nil && !done {
		return fault.New(fault.Stale, "tick %d does not work on %s any more", c.Worker, r.name)
	}
	return err
}
