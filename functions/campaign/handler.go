// Package main is what makes campaigns go on. Its queue holds two kinds of messages: ticks, each of which does a piece of
// the work and is followed by the next, and the ends of commands, as an IoT rule passes them on. Both come
// once or more often, several at a time and in any order, so each is only a reason to look at what the tables say now.
//
// A file per phase of a campaign: select.go, order.go, look.go, stop.go.
package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/serverless-ocpp/backend/shared/campaign"
	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/invocation"
	"github.com/serverless-ocpp/backend/shared/operation"
)

// Handler works on campaigns.
type Handler struct {
	Campaigns    campaign.Store
	Members      campaign.Members
	ChargePoints ChargePoints
	Commands     command.Store
	Orders       operation.Orders
	Ticks        campaign.Ticks
	Events       event.Publisher // hears of commands that are cancelled; nil when nobody is told
	Now          func() time.Time
}

// ChargePoints is the registry as campaigns need it.
type ChargePoints interface {
	// Get reads a charge point. fault.NotFound if there is none.
	Get(ctx context.Context, id string) (chargepoint.ChargePoint, error)
	// List returns a page of charge points in no order; connected nil: all of them.
	List(ctx context.Context, connected *bool, cursor string, limit int) (page []chargepoint.ChargePoint, next string, err error)
}

// Handle does a batch. Only the records that failed come back: the queue hands them out again, and after five times to
// its dead letter queue.
func (h *Handler) Handle(ctx context.Context, batch events.SQSEvent) (events.SQSEventResponse, error) {
	ctx, cancel := invocation.EndingBefore(ctx, timeToReturn)
	defer cancel()
	var response events.SQSEventResponse
	for _, record := range batch.Records {
		if err := fault.Recovered(func() error { return h.take(ctx, record) }); err != nil {
			slog.ErrorContext(ctx, "message of campaign failed", "queueMessageId", record.MessageId, "error", err)
			response.BatchItemFailures = append(response.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: record.MessageId})
		}
	}
	return response, nil
}

// timeToReturn is what is left of the invocation when work on the messages ends.
const timeToReturn = time.Second

func (h *Handler) take(ctx context.Context, record events.SQSMessage) error {
	var message struct {
		campaign.Tick
		Event         event.Name    `json:"event"`
		ChargePointID string        `json:"chargePointId"`
		Data          event.Command `json:"data"`
	}
	if err := json.Unmarshal([]byte(record.Body), &message); err != nil {
		return fault.Wrap(fault.Malformed, err, "the queue message is neither a tick nor an event")
	}
	switch {
	case message.Event == event.CommandFinished && message.ChargePointID != "" && message.Data.CampaignID != "":
		return h.learn(ctx, message.Data.CampaignID, message.ChargePointID)
	case message.Event == "" && message.CampaignID != "" && message.Tick.Tick > 0:
		again := record.Attributes["ApproximateReceiveCount"]
		return h.tick(ctx, message.Tick, again != "" && again != "1")
	}
	return fault.New(fault.Malformed, "the queue message lacks what a tick or the event %s has", event.CommandFinished)
}

// learn looks up what became of a member's commands, after one has come to its end. A member whose order is still under way
// is left to whoever orders it: not all of its commands may be there.
func (h *Handler) learn(ctx context.Context, campaignID, chargePointID string) error {
	m, err := h.Members.Get(ctx, campaignID, chargePointID)
	if fault.Is(err, fault.NotFound) {
		slog.WarnContext(ctx, "command of a campaign that is not known (any more)", "campaignId", campaignID, "chargePointId", chargePointID)
		return nil
	}
	if err != nil || m.State.Final() || m.State == campaign.ToOrder {
		return err
	}
	_, err = h.refresh(ctx, m)
	return err
}

// refresh reads the commands of a member and stores what it finds. It returns the member as it is then.
func (h *Handler) refresh(ctx context.Context, m campaign.Member) (campaign.Member, error) {
	commands, err := h.commandsOf(ctx, m)
	if err != nil {
		return m, err
	}
	if len(commands) == 0 {
		return m, fault.New(fault.Internal, "charge point %s is to be ordered, but campaign %s orders no more", m.ChargePointID, m.CampaignID)
	}
	told := m.Told(commands, h.Now())
	if told.State == m.State {
		return m, nil
	}
	_, err = h.Members.Put(ctx, told) // not done: somebody else found its end
	return told, err
}

// commandsOf reads the commands that a member was ordered; of one that may not have been ordered yet, those that are there.
func (h *Handler) commandsOf(ctx context.Context, m campaign.Member) (commands []command.Command, err error) {
	for n := 0; m.Commands == 0 || n < m.Commands; n++ {
		c, err := h.Commands.Get(ctx, m.ChargePointID, command.NthID(m.CommandID, n))
		if fault.Is(err, fault.NotFound) && m.Commands == 0 {
			return commands, nil
		}
		if err != nil {
			return nil, err
		}
		commands = append(commands, c)
	}
	return commands, nil
}
