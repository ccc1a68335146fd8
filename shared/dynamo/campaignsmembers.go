package dynamo

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/serverless-ocpp/backend/shared/campaign"
	"github.com/serverless-ocpp/backend/shared/dynamo/expression"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// CampaignMembers are the other items of the CampaignTable, one per member of a campaign:
//
//	campaignId   S  partition key
//	member       S  sort key: id of the charge point
//	commandId    S  of its first command
//	state        S  campaign.State
//	commands     N
//	attempts     N  to order it that failed
//	code, error  S  why it failed
//	orderedAt, expiresAt, changedAt  S
//	ttl          N  seconds since 1970
type CampaignMembers struct{ table }

// NewCampaignMembers opens the CampaignTable for members.
func NewCampaignMembers(api *dynamodb.Client, tableName string) *CampaignMembers {
	return &CampaignMembers{campaignTable(api, tableName)}
}

var _ campaign.Members = (*CampaignMembers)(nil)

type memberItem struct {
	CampaignID    string         `dynamodbav:"campaignId"`
	ChargePointID string         `dynamodbav:"member"`
	CommandID     string         `dynamodbav:"commandId"`
	State         campaign.State `dynamodbav:"state"`
	Commands      int            `dynamodbav:"commands,omitempty"`
	Attempts      int            `dynamodbav:"attempts,omitempty"`
	Code          fault.Code     `dynamodbav:"code,omitempty"`
	Error         string         `dynamodbav:"error,omitempty"`
	OrderedAt     time.Time      `dynamodbav:"orderedAt,omitempty"`
	ExpiresAt     time.Time      `dynamodbav:"expiresAt,omitempty"`
	ChangedAt     time.Time      `dynamodbav:"changedAt,omitempty"`
	TTL           int64          `dynamodbav:"ttl"`
}

func memberItemOf(m campaign.Member) memberItem {
	return memberItem{
		CampaignID: m.CampaignID, ChargePointID: m.ChargePointID, CommandID: m.CommandID, State: m.State, Commands: m.Commands, Attempts: m.Attempts,
		Code: m.Code, Error: m.Error, OrderedAt: m.OrderedAt, ExpiresAt: m.ExpiresAt, ChangedAt: m.ChangedAt, TTL: m.Forgotten.Unix(),
	}
}

func (i memberItem) value() campaign.Member {
	return campaign.Member{
		CampaignID: i.CampaignID, ChargePointID: i.ChargePointID, CommandID: i.CommandID, State: i.State, Commands: i.Commands, Attempts: i.Attempts,
		Code: i.Code, Error: i.Error, OrderedAt: i.OrderedAt, ExpiresAt: i.ExpiresAt, ChangedAt: i.ChangedAt, Forgotten: time.Unix(i.TTL, 0).UTC(),
	}
}

func (t *CampaignMembers) row(campaignID, chargePointID string) row {
	return row{
		key:  item{t.hash: text(campaignID), t.sort: text(chargePointID)},
		name: "charge point " + chargePointID + " in campaign " + campaignID,
	}
}

// Select implements campaign.Members.
func (t *CampaignMembers) Select(ctx context.Context, m campaign.Member) error {
	encoded, err := encode(memberItemOf(m))
	if err != nil {
		return err
	}
	_, err = t.put(ctx, t.row(m.CampaignID, m.ChargePointID).name, encoded, absent(t.hash))
	return err
}

// Get implements campaign.Members.
func (t *CampaignMembers) Get(ctx context.Context, campaignID, chargePointID string) (campaign.Member, error) {
	stored, err := t.get(ctx, t.row(campaignID, chargePointID), true)
	if err != nil {
		return campaign.Member{}, err
	}
	decoded, err := decode[memberItem](stored)
	return decoded.value(), err
}

// After implements campaign.Members.
func (t *CampaignMembers) After(ctx context.Context, campaignID, chargePointID string, limit int) ([]campaign.Member, error) {
	cursor := ""
	if chargePointID != "" {
		cursor = t.cursor(t.row(campaignID, chargePointID).key)
	}
	items, _, err := t.query(ctx, campaignID, ascending, cursor, limit)
	if err != nil {
		return nil, err
	}
	return decodeAll(items, memberItem.value)
}

// Put implements campaign.Members.
func (t *CampaignMembers) Put(ctx context.Context, m campaign.Member) (done bool, err error) {
	encoded, err := encode(memberItemOf(m))
	if err != nil {
		return false, err
	}
	open := name("state").In(value(string(campaign.ToOrder)), value(string(campaign.Queued)), value(string(campaign.Sent)))
	r := t.row(m.CampaignID, m.ChargePointID)
	change := setAll(expression.Update{}, encoded, r.key)
	for _, attribute := range []string{"code", "error"} { // of an earlier attempt
		if _, set := encoded[attribute]; !set {
			change = change.Remove(name(attribute))
		}
	}
	_, done, err = t.update(ctx, r, open, change, types.ReturnValueNone)
	return done, err
}
