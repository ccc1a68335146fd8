package main

import (
	"bytes"
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/serverless-ocpp/backend/shared/correlation"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/invocation"
	"github.com/serverless-ocpp/backend/shared/journal"
	"github.com/serverless-ocpp/backend/shared/metric"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Handler applies the journal: each record is a message that a charge point sent and what it was
// answered. Records of one charge point come in order; every record may come again.
type Handler struct {
	Effects  *Effects
	Commands Commands
	Signer   Signer
	Asked    Asked
	Answers  Answers
	Shadow   *Shadow
	Events   event.Publisher
	Log      Log
	Mirror   Mirror

	Metrics *metric.Recorder
	Now     func() time.Time // for metrics alone
}

// Answers writes to connections; a frame may arrive twice.
type Answers interface {
	// Answer sends a text frame. fault.Gone if the connection does not exist.
	Answer(ctx context.Context, connectionID string, frame []byte) error
}

// Mirror shows observers what charge points send and are answered. iotcore.Mirror is one. fault.Invalid for what is
// too large to be shown.
type Mirror interface {
	In(ctx context.Context, chargePointID string, frame []byte) error
	Out(ctx context.Context, chargePointID string, frame []byte) error
	// Data publishes the payload of a DataTransfer for whoever serves that vendor's extensions. fault.Invalid
	// if the vendor's id cannot be published.
	Data(ctx context.Context, chargePointID, vendorID string, payload []byte) error
}

// Handle takes a batch of IncomingMessages. A record that fails is returned to the queue, and so are
// the later ones of its charge point, to keep their order; those of other charge points go on. So does a
// record that panics or takes too long: failing as a whole, the batch would come again until all of it lies in the
// dead letter queue. Charge points are handled beside each other, because nearly all of the time is spent waiting for AWS,
// and each waiting millisecond of the function is paid.
func (h *Handler) Handle(ctx context.Context, batch events.SQSEvent) (events.SQSEventResponse, error) {
	ctx, cancel := invocation.EndingBefore(ctx, timeToReturn)
	defer cancel()
	defer h.Metrics.Settle()
	done := make([]*dynamo.Exchange, len(batch.Records)) // each charge point's goroutine writes those of its own records
	var running sync.WaitGroup
	for _, group := range groupsOf(batch.Records) {
		running.Go(func() {
			for _, number := range group {
				if done[number] = h.handled(ctx, batch.Records[number]); done[number] == nil {
					return
				}
			}
		})
	}
	running.Wait()
	h.log(ctx, done)
	var response events.SQSEventResponse
	for number, message := range batch.Records {
		if done[number] == nil {
			response.BatchItemFailures = append(response.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: message.MessageId})
		}
	}
	return response, nil
}

// groupsOf are the numbers of the records of each charge point, which is their message group, in the order in which they came.
func groupsOf(records []events.SQSMessage) map[string][]int {
	groups := make(map[string][]int)
	for number, record := range records {
		group := record.Attributes["MessageGroupId"]
		groups[group] = append(groups[group], number)
	}
	return groups
}

// handled applies one message of the queue, and returns its frames for the log; nil if it must come again.
func (h *Handler) handled(ctx context.Context, message events.SQSMessage) *dynamo.Exchange {
	record, err := journal.Decode(message.Body)
	ctx = correlation.With(ctx, record.CorrelationID)
	var frames dynamo.Exchange
	if err == nil {
		err = fault.Recovered(func() (err error) { frames, err = h.process(ctx, record); return err })
	}
	if err != nil {
		slog.ErrorContext(ctx, "record returned to the queue; after its last try it lies in the dead letter queue",
			"chargePointId", message.Attributes["MessageGroupId"], "sqsMessageId", message.MessageId, "tries", message.Attributes["ApproximateReceiveCount"], "error", err)
		return nil
	}
	return &frames
}

// timeToReturn is what is left of the invocation when work on the records ends.
const timeToReturn = time.Second

// process applies one record, then mirrors its frames and returns them. All of it may happen again.
func (h *Handler) process(ctx context.Context, record journal.Record) (dynamo.Exchange, error) {
	frame, err := ocppj.Parse(record.Message)
	if err != nil {
		return dynamo.Exchange{}, fault.Wrap(fault.Malformed, err, "record of charge point %s", record.ChargePointID)
	}
	switch frame.Type {
	case ocppj.Call:
		err = h.applyCall(ctx, record, frame)
	case ocppj.CallResult, ocppj.CallError:
		frame.Action, err = h.applyAnswer(ctx, record, frame)
	case ocppj.Send:
		err = h.applySend(ctx, record, frame)
	case ocppj.CallResultError:
		err = fault.New(fault.Malformed, "record of charge point %s holds a %s, which is never journaled", record.ChargePointID, frame.Type)
	}
	if err != nil {
		return dynamo.Exchange{}, err
	}
	slog.InfoContext(ctx, "processed", "chargePointId", record.ChargePointID, "connectionId", record.ConnectionID, "messageId", frame.ID, "action", frame.Action)
	h.Metrics.For(record.ChargePointID).Duration(metric.ProcessingLatency, metric.By{}, h.Now().Sub(record.ReceivedAt))
	return framesOf(record, frame), h.mirror(ctx, record, frame)
}

// mirror shows observers the frame, and its answer if that says something: an empty one says that the frame was taken, and so does
// its being shown.
func (h *Handler) mirror(ctx context.Context, record journal.Record, frame ocppj.Frame) error {
	err := unlessInvalid(ctx, record, frame, h.Mirror.In(ctx, record.ChargePointID, record.Message))
	if err != nil || len(record.Answer) == 0 || bytes.HasSuffix(record.Answer, []byte(",{}]")) && bytes.HasPrefix(record.Answer, []byte("[3,")) {
		return err
	}
	return unlessInvalid(ctx, record, frame, h.Mirror.Out(ctx, record.ChargePointID, record.Answer))
}
