package dynamo

import (
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
)

func TestAnswered(t *testing.T) {
	store := newCommands(t)
	answeredAt := func() time.Time {
		t.Helper()
		c, err := store.Get(t.Context(), "CP001", "c1")
		must(t, err)
		return c.AnsweredAt
	}
	must(t, store.Answered(t.Context(), "CP001", "nobody's", at(0), at(10)))
	_, err := store.Get(t.Context(), "CP001", "nobody's")
	wantFault(t, err, fault.NotFound)

	must(t, store.Create(t.Context(), queued("c1", 0)))
	must(t, store.Answered(t.Context(), "CP001", "c1", at(0), at(10)))
	if got := answeredAt(); !got.IsZero() {
		t.Errorf("it waits to be sent, and was answered at %s", got)
	}
	_, err = store.Send(t.Context(), "CP001", "c1", at(5_000), at(35_000))
	must(t, err)
	must(t, store.Answered(t.Context(), "CP001", "c1", at(5_001), at(7_000)))
	if got := answeredAt(); !got.IsZero() {
		t.Errorf("an answer over a later connection counts: %s", got)
	}
	must(t, store.Answered(t.Context(), "CP001", "c1", at(5_000), at(7_000)))
	must(t, store.Answered(t.Context(), "CP001", "c1", at(0), at(8_000)))
	if got := answeredAt(); !got.Equal(at(7_000)) {
		t.Errorf("answered at %s, want the first time", got)
	}
	returned, err := store.Apply(t.Context(), "CP001", "c1", command.Outcome{Event: command.EventReturn, At: at(9_000)})
	must(t, err)
	if !returned.AnsweredAt.IsZero() {
		t.Errorf("the next attempt counts as answered at %s", returned.AnsweredAt)
	}
	_, err = store.Send(t.Context(), "CP001", "c1", at(10_000), at(40_000))
	must(t, err)
	_, err = store.Apply(t.Context(), "CP001", "c1", command.Outcome{Event: command.EventGiveUp, At: at(40_000)})
	must(t, err)
	must(t, store.Answered(t.Context(), "CP001", "c1", at(0), at(41_000)))
	if got := answeredAt(); !got.IsZero() {
		t.Errorf("it was given up, and was answered at %s", got)
	}
}
