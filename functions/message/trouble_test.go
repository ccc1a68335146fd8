package main

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/journal"
	"github.com/serverless-ocpp/backend/shared/token"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// What a charge point is told when something that nobody foresaw happens: silence would let it wait for
// its timeout, and an end of the process would take the answers of others along.

const repeat = `[4,"1","InternalError","the message could not be stored, please repeat it",{}]`

type brokenTokens struct{ token.Store }

func (brokenTokens) Find(context.Context, string) (token.Token, error) { panic("nobody foresaw this") }

type brokenJournal struct{}

func (brokenJournal) Append(context.Context, string, journal.Record) error {
	panic("nobody foresaw this")
}

// Specification: OCPP-J 1.6 section 4.2.2; OCPP-J 1.6 errata 3.3.
func TestAPanicIsAnswered(t *testing.T) {
	r := newRig(t)
	r.handler.Tokens = brokenTokens{}
	if answer := r.receive(`[2,"1","Authorize",{"idTag":"TAG"}]`); answer != repeat {
		t.Errorf("beside another table access: %s", answer)
	}
	r.handler.Journal = brokenJournal{}
	if answer := r.receive(`[2,"1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]`); answer != repeat {
		t.Errorf("in the journal: %s", answer)
	}
	if answer := r.receive(`[3,"command",{}]`); answer != "" {
		t.Errorf("an answer was answered: %s", answer)
	}
}

// slow hangs until its context ends.
type slow struct{}

func (slow) Append(ctx context.Context, _ string, _ journal.Record) error {
	<-ctx.Done()
	return ctx.Err()
}

func (slow) AddLoad(ctx context.Context, _ string, part chargepoint.Load) (chargepoint.Load, error) {
	<-ctx.Done()
	return part, ctx.Err()
}

// lateAnswers notes how much of an invocation is left when an answer is sent, and hangs.
type lateAnswers struct {
	answer string
	left   time.Duration
}

func (a *lateAnswers) Answer(ctx context.Context, _ string, frame []byte) error {
	deadline, _ := ctx.Deadline()
	a.answer, a.left = string(frame), time.Until(deadline)
	<-ctx.Done()
	return ctx.Err()
}

// TestTheFunctionIsDoneBeforeItsTimeout, however long AWS takes: API Gateway would send the charge point a
// text frame that is no OCPP.
func TestTheFunctionIsDoneBeforeItsTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var answers lateAnswers
		handler := &Handler{Journal: slow{}, Loads: slow{}, Answers: &answers, Now: time.Now}
		const timeout = 20 * time.Second
		ctx, cancel := context.WithTimeout(t.Context(), timeout)
		defer cancel()
		started := time.Now()
		response, err := handler.Handle(ctx, event(`[2,"1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]`))
		if err != nil || response.StatusCode != 200 {
			t.Fatal(response, err)
		}
		if took := time.Since(started); took > timeout-timeToReturn {
			t.Errorf("it took %s of %s", took, timeout)
		}
		if answers.answer != repeat || answers.left < timeToAnswer {
			t.Errorf("the answer %s had %s, want %s", answers.answer, answers.left, timeToAnswer)
		}
	})
}

// takenIDs says of each id that another start has it.
type takenIDs struct {
	transaction.Store
	tried []string
}

func (s *takenIDs) Begin(_ context.Context, t transaction.Transaction) error {
	s.tried = append(s.tried, t.ID)
	return fault.New(fault.Conflict, "taken")
}

// Specification: OCPP 1.6 section 4.8; OCPP 1.6 errata 3.54.
func TestNoIDForATransaction(t *testing.T) {
	r := newRig(t)
	var store takenIDs
	r.handler.Transactions = &store
	if answer := r.receive(start); !strings.HasPrefix(answer, `[4,"s","InternalError",`) {
		t.Errorf("answer %s", answer)
	}
	slices.Sort(store.tried)
	if len(slices.Compact(store.tried)) != startAttempts {
		t.Errorf("tried %v, want %d different ids", store.tried, startAttempts)
	}
}

func (*lateAnswers) Close(context.Context, string) error { return nil }

// refusedAnswers are taken by nobody, for a reason.
type refusedAnswers struct{ reason error }

func (a refusedAnswers) Answer(context.Context, string, []byte) error { return a.reason }
func (refusedAnswers) Close(context.Context, string) error            { return nil }

// Of an answer that does not arrive the operator hears as of an error, unless it is the charge point's own doing.
func TestAnAnswerThatIsNotTaken(t *testing.T) {
	for level, reason := range map[slog.Level]error{
		slog.LevelError: fault.New(fault.Internal, "not allowed"),
		slog.LevelWarn:  fault.New(fault.Throttled, "its buffer is full"),
		slog.LevelInfo:  fault.New(fault.Gone, "no connection"),
	} {
		var lines bytes.Buffer
		handler := &Handler{Answers: refusedAnswers{reason}, Now: time.Now}
		handler.post(t.Context(), connection{log: slog.New(slog.NewTextHandler(&lines, nil))}, []byte(`[3,"1",{}]`))
		if !strings.HasPrefix(lines.String()[strings.Index(lines.String(), "level="):], "level="+level.String()) {
			t.Errorf("%v: %s, want the level %s", reason, lines.String(), level)
		}
	}
}
