package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/journal"
	"github.com/serverless-ocpp/backend/shared/token"
)

const start = `[2,"s","StartTransaction",{"connectorId":1,"idTag":"TAG","meterStart":5,"timestamp":"2026-03-01T11:00:00Z"}]`

// Specification: OCPP-J 1.6 section 4.2.2; OCPP-J 1.6 errata 3.3.
func TestAnsweredMeansJournaled(t *testing.T) {
	r := newRig(t)
	const status = `[2,"1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]`
	if answer := r.receive(status); answer != `[3,"1",{}]` {
		t.Fatalf("answer %s", answer)
	}
	if !slices.Equal(r.steps, []string{"journal", "post"}) {
		t.Errorf("steps %v", r.steps)
	}
	record := r.records[0]
	if string(record.Message) != status || string(record.Answer) != `[3,"1",{}]` || record.ChargePointID != cp001 ||
		record.Protocol != "ocpp1.6" || record.ConnectionID != "connection=" || !record.ReceivedAt.Equal(r.clock) {
		t.Errorf("record %+v", record)
	}

	r.journalErr = errors.New("SQS is down")
	if answer := r.receive(status); !strings.HasPrefix(answer, `[4,"1","InternalError",`) {
		t.Errorf("what is not in the journal was answered with %s", answer)
	}
}

// Specification: OCPP-J 1.6 section 5.3; G02.FR.04.
func TestHeartbeatIsNotJournaledUnlessAsked(t *testing.T) {
	r := newRig(t)
	if answer := r.receive(`[2,"1","Heartbeat",{}]`); answer != `[3,"1",{"currentTime":"2026-03-01T12:00:00.000Z"}]` || len(r.records) != 0 {
		t.Errorf("answer %s, %d records", answer, len(r.records))
	}
	r.handler.JournalHeartbeats = true
	if r.receive(`[2,"2","Heartbeat",{}]`); len(r.records) != 1 {
		t.Error("the heartbeat is not journaled")
	}
}

func TestAnswersOfTheChargePointAreJournaled(t *testing.T) {
	r := newRig(t)
	for _, frame := range []string{`[3,"command",{"status":"Accepted"}]`, `[4,"command","InternalError","",{}]`} {
		if answer := r.receive(frame); answer != "" {
			t.Errorf("%s was answered with %s", frame, answer)
		}
	}
	if len(r.records) != 2 || len(r.records[0].Answer) != 0 {
		t.Errorf("records %+v", r.records)
	}
}

// The command learns that its answer is in the journal, and so does not end before it is read.
func TestCommandsLearnOfTheirAnswers(t *testing.T) {
	r := newRig(t)
	commands := r.handler.Commands.(*dynamo.Commands)
	for _, id := range []string{"kept", "refused"} {
		r.must(commands.Create(t.Context(), command.Command{ChargePointID: cp001, ID: id, Action: "Reset", Payload: []byte(`{}`), State: command.Queued, CreatedAt: r.clock, ExpiresAt: r.clock.Add(time.Hour)}))
		_, err := commands.Send(t.Context(), cp001, id, r.clock, r.clock.Add(time.Minute))
		r.must(err)
	}
	r.receive(`[3,"kept",{"status":"Accepted"}]`)
	r.receive(`[3,"nobody's",{"status":"Accepted"}]`)
	synctest.Test(t, func(inner *testing.T) {
		r.t, r.journalErr = inner, errors.New("SQS is down")
		r.receive(`[3,"refused",{"status":"Accepted"}]`)
	})
	r.t = t
	for id, want := range map[string]bool{"kept": true, "refused": false} {
		c, err := commands.Get(t.Context(), cp001, id)
		r.must(err)
		if c.AnsweredAt.Equal(r.clock) != want {
			t.Errorf("%s: answered at %s", id, c.AnsweredAt)
		}
	}
}

// Nobody repeats an answer, so it is kept as soon as the journal takes it again.
func TestAnAnswerIsKeptAfterAMomentOfTrouble(t *testing.T) {
	for refusals, want := range map[int]int{1: 1, 5: 1, 6: 0} {
		r := newRig(t)
		busy := &busyJournal{rig: r, refusals: refusals}
		r.handler.Journal, r.handler.Commands = busy, notedNowhere{}
		synctest.Test(t, func(inner *testing.T) {
			r.t = inner
			r.receive(`[3,"command",{"status":"Accepted"}]`)
		})
		if len(r.records) != want {
			t.Errorf("after %d refusals there are %d records, want %d", refusals, len(r.records), want)
		}
	}
}

type busyJournal struct {
	*rig
	refusals int
}

func (b *busyJournal) Append(ctx context.Context, id string, record journal.Record) error {
	if b.refusals--; b.refusals >= 0 {
		return errors.New("SQS is down")
	}
	return b.rig.Append(ctx, id, record)
}

type notedNowhere struct{}

func (notedNowhere) Answered(context.Context, string, string, time.Time, time.Time) error {
	return errors.New("the table is busy")
}

// Specification: OCPP 1.6 section 4.2; OCPP-J 1.6 errata 3.10; B01.FR.10; B02.FR.09; B03.FR.07.
func TestBootTellsTheOperatorsWill(t *testing.T) {
	const boot = `[2,"b","BootNotification",{"chargePointVendor":"v","chargePointModel":"m"}]`
	const heartbeat = `[2,"h","Heartbeat",{}]`
	r := newRig(t)
	r.accepted = false
	if answer := r.receive(heartbeat); !strings.HasPrefix(answer, `[4,"h","SecurityError",`) {
		t.Errorf("before the boot: %s", answer)
	}
	r.must(r.chargePoints.SetRegistration(t.Context(), cp001, chargepoint.Pending))
	if answer := r.receive(boot); !strings.Contains(answer, `"interval":300,"status":"Pending"`) {
		t.Errorf("boot: %s", answer)
	}
	r.must(r.chargePoints.SetRegistration(t.Context(), cp001, chargepoint.Accepted))
	if answer := r.receive(heartbeat); !strings.HasPrefix(answer, `[4,`) {
		t.Errorf("accepted, but it was not told yet: %s", answer)
	}
	if answer := r.receive(boot); !strings.Contains(answer, `"Accepted"`) {
		t.Errorf("boot: %s", answer)
	}
	if answer := r.receive(heartbeat); !strings.HasPrefix(answer, `[3,`) {
		t.Errorf("after the boot: %s", answer)
	}
	cp, err := r.chargePoints.Get(t.Context(), cp001)
	r.must(err)
	if !cp.Session.Open || len(r.timers) == 0 {
		t.Errorf("commands stay closed: %+v, timers %v", cp.Session, r.timers)
	}
	r.must(r.chargePoints.Delete(t.Context(), cp001))
	if answer := r.receive(boot); !strings.Contains(answer, `"Rejected"`) {
		t.Errorf("boot of a deleted charge point: %s", answer)
	}
}

// Specification: OCPP 1.6 sections 7.28 and 4.8; OCPP 2.0.1 part 2 IdTokenType; E01.FR.11; E02.FR.02.
func TestTokensDecide(t *testing.T) {
	r := newRig(t)
	r.must(r.tokens.Put(t.Context(), token.Token{IDToken: "good", Status: token.Accepted, GroupID: "FLEET"}))
	r.must(r.tokens.Put(t.Context(), token.Token{IDToken: "old", Status: token.Accepted, ExpiresAt: r.clock.Add(-time.Second)}))
	for tag, want := range map[string]string{
		"GOOD":    `[3,"1",{"idTagInfo":{"status":"Accepted","parentIdTag":"FLEET"}}]`,
		"old":     `[3,"1",{"idTagInfo":{"status":"Expired","expiryDate":"2026-03-01T11:59:59.000Z"}}]`,
		"unknown": `[3,"1",{"idTagInfo":{"status":"Invalid"}}]`,
	} {
		if answer := r.receive(`[2,"1","Authorize",{"idTag":"` + tag + `"}]`); answer != want {
			t.Errorf("%s: %s, want %s", tag, answer, want)
		}
	}
}

// TestNamesOfMembersHaveTheirCase: a member that no schema knows decides nothing, however much it looks like one.
// Specification: OCPP-J 1.6 table 4; OCPP 2.0.1 part 4 section 4.1.6.
func TestNamesOfMembersHaveTheirCase(t *testing.T) {
	r := newRig(t)
	r.must(r.tokens.Put(t.Context(), token.Token{IDToken: "good", Status: token.Accepted}))
	r.must(r.tokens.Put(t.Context(), token.Token{IDToken: "evil", Status: token.Blocked}))
	for _, payload := range []string{`{"idTag":"good","IDTAG":"evil"}`, `{"IDTAG":"evil","idTag":"good"}`, `{"idTag":"good","IdTag":5}`} {
		if answer := r.receive(`[2,"1","Authorize",` + payload + `]`); answer != `[3,"1",{"idTagInfo":{"status":"Accepted"}}]` {
			t.Errorf("%s: %s", payload, answer)
		}
	}
}

// Specification: OCPP 1.6 sections 3.7.1, 4.8 and 4.10; E13.
func TestTheSameStartIsTheSameTransaction(t *testing.T) {
	r := newRig(t)
	first := r.receive(start)
	if !strings.HasPrefix(first, `[3,"s",{"transactionId":`) || !strings.Contains(first, `"Invalid"`) {
		t.Fatalf("a start is answered with an id whatever is thought of the token: %s", first)
	}
	if again := r.receive(start); again != first {
		t.Errorf("again: %s, was %s", again, first)
	}
	if other := r.receive(strings.Replace(start, `"meterStart":5`, `"meterStart":6`, 1)); other == first {
		t.Errorf("another start got the same transaction: %s", other)
	}
}

// Specification: OCPP-J 1.6 section 5.3; G02.FR.04.
func TestSignOfLifeIsWrittenSeldom(t *testing.T) {
	r := newRig(t)
	seen := func() time.Time {
		cp, err := r.chargePoints.Get(t.Context(), cp001)
		r.must(err)
		return cp.LastSeenAt
	}
	connected := r.clock
	beat := func(at time.Time) {
		message := event(`[2,"1","Heartbeat",{}]`)
		message.RequestContext.ConnectedAt, message.RequestContext.RequestTimeEpoch = connected.UnixMilli(), at.UnixMilli()
		_, err := r.handler.Handle(t.Context(), message)
		r.must(err)
	}
	beat(connected.Add(28 * time.Minute))
	if !seen().Equal(connected) {
		t.Errorf("written after 28 minutes: %v", seen())
	}
	beat(connected.Add(30 * time.Minute))
	beat(connected.Add(31 * time.Minute))
	if want := connected.Add(30 * time.Minute); !seen().Equal(want) {
		t.Errorf("last seen %v, want %v", seen(), want)
	}
}

func TestMessageWithoutIdentityIsDropped(t *testing.T) {
	r := newRig(t)
	response, err := r.handler.Handle(t.Context(), Event{Body: `[2,"1","Heartbeat",{}]`})
	if err != nil || response.StatusCode != 200 || len(r.posts) != 0 {
		t.Errorf("%v %v %v", response, err, r.posts)
	}
}
