package main

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/correlation"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/invocation"
	"github.com/serverless-ocpp/backend/shared/journal"
	"github.com/serverless-ocpp/backend/shared/metric"
	"github.com/serverless-ocpp/backend/shared/ocpp/dialect"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/token"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// Handler answers the messages of charge points: parse, validate, decide, keep, answer. Nothing is
// answered that is not safe: in the journal, or readings in their table (readings.go).
type Handler struct {
	Registry     chargepoint.Registry
	Boots        chargepoint.Boots
	Sessions     chargepoint.Sessions
	Loads        chargepoint.Loads
	Tokens       token.Store
	Transactions transaction.Store
	Journal      journal.Journal
	Commands     Commands
	Timers       command.Timers
	Answers      Answers
	Readings     Readings // nil: they go through the journal like everything else
	Mirror       Mirror   // of what does not go through the journal
	Now          func() time.Time

	UnknownTokens     token.Status  // told of an id token that the table does not know
	HeartbeatInterval time.Duration // told in the answer to a boot
	JournalHeartbeats bool          // for those who watch heartbeats on the mirror
	Vendors           []string      // whose DataTransfer an integrator takes
	Strict            bool          // unless a charge point has a validation of its own

	Metrics *metric.Recorder

	memory memory
}

// Answers writes to charge points what may arrive twice, and closes their connections.
type Answers interface {
	// Answer sends a CALLRESULT or CALLERROR. fault.Gone if the connection does not exist (any more).
	Answer(ctx context.Context, connectionID string, frame []byte) error
	// Close ends a connection. One that does not exist is no error.
	Close(ctx context.Context, connectionID string) error
}

// Commands is told of answers.
type Commands interface {
	// Answered notes that the answer to a command is in the journal, which came then over a connection that began at
	// connectedAt. A command that does not wait for it is no error, nor is one that nobody knows.
	Answered(ctx context.Context, chargePointID, commandID string, connectedAt, at time.Time) error
}

// connection is what the gateway and the authorizer say of where a message comes from.
type connection struct {
	ID            string
	ChargePointID string
	Version       ocppj.Version
	Accepted      bool // when it connected, it was known as accepted
	Strict        bool // its messages must conform to their schemas in everything
	ConnectedAt   time.Time
	ReceivedAt    time.Time
	MessageID     string // API Gateway's, not OCPP's
	log           *slog.Logger
}

// Handle takes one WebSocket message. It never fails: API Gateway would show a failure to the charge
// point as a text frame that is no OCPP.
func (h *Handler) Handle(ctx context.Context, event Event) (Response, error) {
	done := Response{StatusCode: http.StatusOK}
	from, err := h.connectionOf(event)
	if err != nil {
		slog.ErrorContext(ctx, "message without an identity, dropped: is the authorizer attached to $connect?", "error", err)
		return done, nil
	}
	ctx, cancel := invocation.EndingBefore(correlation.With(ctx, from.MessageID), timeToReturn)
	defer cancel()
	defer h.Metrics.Settle()
	h.Metrics.For(from.ChargePointID).Count(metric.Messages, metric.By{Dimension: "Protocol", Value: string(from.Version)})
	begun := h.Now()
	if h.memory.shut(from.ChargePointID, begun) {
		h.shutOut(ctx, from)
		return done, nil
	}
	asked := false
	if err := fault.Recovered(func() error { asked = h.receive(ctx, from, []byte(event.Body)); return nil }); err != nil {
		from.log.ErrorContext(ctx, "message was not handled to its end", "error", err)
	}
	if part, due := h.memory.worked(from.ChargePointID, asked, begun, h.Now()); due {
		h.weigh(ctx, from, part)
	}
	return done, nil
}

// A function that is killed by its timeout has failed, and an answer that was decided but not sent is
// none. So the end of the invocation's time is kept free, however slow AWS is.
const (
	timeToReturn = 1 * time.Second
	timeToAnswer = 4 * time.Second // one attempt at @connections that hangs, and another
)

func (h *Handler) connectionOf(event Event) (connection, error) {
	request, found := event.RequestContext, event.RequestContext.Authorizer
	from := connection{
		ID:            request.ConnectionID,
		ChargePointID: found.ChargePointID,
		Version:       ocppj.Version(found.Protocol),
		Accepted:      found.Accepted == "true",
		Strict:        h.Strict,
		ConnectedAt:   time.UnixMilli(request.ConnectedAt).UTC(),
		ReceivedAt:    time.UnixMilli(request.RequestTimeEpoch).UTC(),
		MessageID:     request.MessageID,
	}
	if from.ChargePointID == "" || from.Version == "" {
		return from, fault.New(fault.Internal, "connection %s carries no chargePointId and protocol in requestContext.authorizer", from.ID)
	}
	if own := chargepoint.Validation(found.Validation); own != "" {
		from.Strict = own == chargepoint.Strict
	}
	from.log = slog.With("chargePointId", from.ChargePointID, "connectionId", from.ID)
	return from, nil
}

// receive handles the text of one message, and tells whether that asks for something.
func (h *Handler) receive(ctx context.Context, from connection, text []byte) (asked bool) {
	frame, problem := parse(from.Version, text)
	if problem != nil {
		from.log.WarnContext(ctx, "message is not JSON of an OCPP frame", "messageId", nameable(problem.ID), "action", nameable(problem.Action), "error", problem.Text)
		if answer, wanted := ocppj.Refusal(from.Version, problem); wanted {
			h.post(ctx, from, answer)
			h.Metrics.For(from.ChargePointID).Count(metric.Answers, metric.By{Dimension: "Result", Value: resultOf(answer)})
		}
		return false
	}
	from.log = from.log.With("messageId", frame.ID)
	heard := false
	switch frame.Type {
	case ocppj.Call:
		from.log = from.log.With("action", nameable(frame.Action))
		heard = h.call(ctx, from, frame, text)
	case ocppj.CallResult, ocppj.CallError:
		h.result(ctx, from, frame, text)
	case ocppj.Send:
		from.log = from.log.With("action", nameable(frame.Action))
		h.unconfirmed(ctx, from, frame, text)
	case ocppj.CallResultError:
		from.log.ErrorContext(ctx, "charge point could not process our answer", "code", frame.ErrorCode, "error", frame.ErrorDescription)
	}
	h.seen(ctx, from, heard)
	return frame.Type == ocppj.Call || frame.Type == ocppj.Send
}

// nameable cuts what stands in the place of an action to what fits a log line: no action's name is half as long.
func nameable(action string) string { return action[:min(len(action), 64)] }

func parse(version ocppj.Version, text []byte) (ocppj.Frame, *ocppj.ParseError) {
	frame, err := ocppj.Parse(text)
	if err != nil {
		return frame, err.(*ocppj.ParseError) // Parse returns no other
	}
	return frame, frame.CheckVersion(version)
}

// call answers a CALL, after the journal has it. heard tells whether the gateway took the answer.
func (h *Handler) call(ctx context.Context, from connection, frame ocppj.Frame, text []byte) (heard bool) {
	started := h.Now()
	decided := h.settle(ctx, from, frame, text)
	heard = h.post(ctx, from, decided.frame)
	h.measure(from, decided.frame, started)
	level := slog.LevelInfo
	if decided.action.Forgettable { // three of four messages: their lines would cost as much as all others
		level = slog.LevelDebug
	}
	from.log.Log(ctx, level, "answered", "ms", h.Now().Sub(started).Milliseconds())
	if decided.action.Unregistered {
		h.openForCommands(ctx, from, heard)
	}
	return heard
}

// settle decides the answer and keeps it together with the message. Whatever goes wrong, the charge
// point is told something: to repeat the message, where it is not safe.
func (h *Handler) settle(ctx context.Context, from connection, frame ocppj.Frame, text []byte) (decided decision) {
	ctx, cancel := invocation.EndingBefore(ctx, timeToAnswer)
	defer cancel()
	err := fault.Recovered(func() (err error) {
		decided, err = h.answer(ctx, from, frame)
		if err != nil || decided.action.Forgettable && !h.JournalHeartbeats {
			return err
		}
		return h.keep(ctx, from, frame, text, decided)
	})
	if err == nil {
		return decided
	}
	from.log.ErrorContext(ctx, "message is not safe in the journal, so the charge point is asked to repeat it", "error", err)
	return decision{frame: encodeRefusal(from.Version, frame.ID, busy), action: unserved}
}

// unconfirmed keeps a SEND, which is never answered, not even when it is wrong (OCPP 2.1 part 4, section 4.2.4).
func (h *Handler) unconfirmed(ctx context.Context, from connection, frame ocppj.Frame, text []byte) {
	action, served := dialect.Actions(from.Version)[frame.Action]
	if !served || !action.Unanswered {
		from.log.WarnContext(ctx, "Received unsupported message")
		return
	}
	err := h.admit(ctx, from, frame, action)
	if err == nil {
		_, err = h.validate(ctx, from, frame)
	}
	if err == nil {
		err = h.journal(ctx, from, text, nil)
	}
	if err != nil {
		from.log.WarnContext(ctx, "unconfirmed message is lost", "error", err)
	}
}

// result keeps the charge point's answer to a command; the processor knows what to do with it. Nobody asks the charge point to
// repeat it, so it is tried as long as there may be time. Then its command is told: it does not end at its deadline, should the processor
// be late.
func (h *Handler) result(ctx context.Context, from connection, frame ocppj.Frame, text []byte) {
	err := h.journal(ctx, from, text, nil)
	for pause := firstPause; err != nil && pause <= lastPause; pause *= 2 {
		select {
		case <-ctx.Done():
		case <-time.After(pause):
			err = h.append(ctx, from, text, nil)
		}
	}
	if err != nil {
		from.log.ErrorContext(ctx, "answer to a command is lost; the command will time out", "error", err)
		return
	}
	if err := h.Commands.Answered(ctx, from.ChargePointID, frame.ID, from.ConnectedAt, from.ReceivedAt); err != nil {
		from.log.WarnContext(ctx, "the command does not know that its answer is in the journal, and may time out before it is read", "error", err)
	}
}

// The pauses between attempts to keep an answer, of which each is twice the one before: less than eight seconds together.
const (
	firstPause = 250 * time.Millisecond
	lastPause  = 4 * time.Second
)

func (h *Handler) journal(ctx context.Context, from connection, text, answer []byte) error {
	err := h.append(ctx, from, text, answer)
	h.noteRefusal(from, err)
	return err
}

// append keeps a message, and what it is answered.
func (h *Handler) append(ctx context.Context, from connection, text, answer []byte) error {
	return h.Journal.Append(ctx, from.MessageID, journal.Record{
		ChargePointID: from.ChargePointID,
		Message:       text,
		Answer:        answer,
		Protocol:      string(from.Version),
		ConnectionID:  from.ID,
		ConnectedAt:   from.ConnectedAt,
		ReceivedAt:    from.ReceivedAt,
		CorrelationID: correlation.ID(ctx),
		Strict:        from.Strict,
	})
}

// post sends an answer, and tells whether the gateway took it. A connection that is gone needs none: the charge point repeats what
// matters on its next one.
func (h *Handler) post(ctx context.Context, from connection, frame []byte) (taken bool) {
	err := h.Answers.Answer(ctx, from.ID, frame)
	h.noteRefusal(from, err)
	switch fault.CodeOf(err) {
	case "":
	case fault.Gone:
		from.log.InfoContext(ctx, "the connection ended before the answer")
	case fault.Throttled: // the charge point reads too slowly, or there is too much at once
		from.log.WarnContext(ctx, "the gateway did not take the answer", "error", err)
	default:
		from.log.ErrorContext(ctx, "the gateway did not take the answer", "error", err)
	}
	return err == nil
}

// openForCommands lets the commands go that waited for the boot to be answered.
func (h *Handler) openForCommands(ctx context.Context, from connection, heard bool) {
	err := h.Sessions.OpenForCommands(ctx, from.ChargePointID, from.ID)
	open := err == nil
	if fault.Is(err, fault.Stale) {
		open, err = h.restore(ctx, from, heard, true)
	}
	if open {
		err = h.drain(ctx, from)
	}
	if err != nil {
		from.log.WarnContext(ctx, "commands wait until the connection is ten seconds old", "error", err)
	}
}

// drain has the commands sent that wait.
func (h *Handler) drain(ctx context.Context, from connection) error {
	return h.Timers.After(ctx, 0, command.Timer{Kind: command.TimerDrain, ChargePointID: from.ChargePointID, ConnectionID: from.ID})
}
