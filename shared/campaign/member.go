package campaign

import (
	"crypto/sha256"
	"time"

	"github.com/google/uuid"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/exactjson"
	"github.com/serverless-ocpp/backend/shared/fault"
)

// Member is a charge point of a campaign, and what became of its order.
type Member struct {
	CampaignID    string
	ChargePointID string
	CommandID     string // of its first command
	State         State
	Commands      int        // that it was ordered; nearly always 1
	Attempts      int        // to order it that failed for no fault of the order's
	Code          fault.Code // of what made it Failed
	Error         string     // why it is Failed, or what the charge point said

	OrderedAt time.Time
	ExpiresAt time.Time // of its last command: not sent by then, never
	ChangedAt time.Time
	Forgotten time.Time // as of its campaign
}

// State of a member: one of these, or that of its command.
//
//	toOrder ── order ──> queued ──> sent ──> (the final states of command.State)
//	   ├─ cannot be ordered ──> failed
//	   ├─ stop ───────────────> cancelled
//	   └─ dry run ────────────> planned
type State string

const (
	ToOrder State = "waiting" // for its turn in the campaign
	Planned State = "planned" // a dry run found nothing against it
	Failed  State = "failed"  // no command was made of it

	Queued        State = "queued" // as command.Queued, and so on
	Sent          State = "sent"
	Accepted      State = "accepted"
	Rejected      State = "rejected"
	CallError     State = "callError"
	InvalidResult State = "invalidResult"
	TimedOut      State = "timedOut"
	Expired       State = "expired"
	Cancelled     State = "cancelled"
)

// States are all of them, in the order of a life.
var States = []State{ToOrder, Planned, Queued, Sent, Accepted, Rejected, CallError, InvalidResult, TimedOut, Expired, Cancelled, Failed}

// Final tells whether nothing more will happen to the member.
func (s State) Final() bool { return s != ToOrder && s != Queued && s != Sent }

// NewMember returns the member that a charge point becomes when it is selected.
func (c Campaign) NewMember(chargePointID string, now time.Time) Member {
	return Member{
		CampaignID: c.ID, ChargePointID: chargePointID, CommandID: commandID(c, chargePointID),
		State: ToOrder, ChangedAt: now, Forgotten: c.Forgotten(),
	}
}

// commandID is the same whenever a charge point is selected by a campaign, so that it is ordered once: a UUID of version 7
// with the campaign's time, and random bits which both names decide.
func commandID(c Campaign, chargePointID string) string {
	sum := sha256.Sum256([]byte(c.ID + "/" + chargePointID))
	id := uuid.UUID(sum[:16])
	milliseconds := c.CreatedAt.UnixMilli()
	for i := range 6 {
		id[i] = byte(milliseconds >> (8 * (5 - i)))
	}
	id[6] = 0x70 | id[6]&0x0f // version (RFC 9562 section 5.7)
	id[8] = 0x80 | id[8]&0x3f // variant
	return id.String()
}

// StateAt is the state as whoever reads it should know it: a command that has expired says so only when its charge
// point connects, and what was not ordered when the campaign was stopped never will be.
func (c Campaign) StateAt(m Member, now time.Time) State {
	switch {
	case m.State == Queued && !now.Before(m.ExpiresAt):
		return Expired
	case m.State == ToOrder && (!c.StoppedAt.IsZero() || c.Phase == Finished):
		return Cancelled
	}
	return m.State
}

// Told returns the member after a look at its commands, in their order, of which there is one at least. It is as far as
// the first that is not final; when all are, it is as good as the worst: the first that was not accepted.
func (m Member) Told(commands []command.Command, now time.Time) Member {
	first, last := commands[0], commands[len(commands)-1]
	decisive := first
	for _, c := range commands {
		open := !stateAt(c, now).Final()
		if open || decisive.State == command.Accepted && stateAt(c, now) != command.Accepted {
			decisive = c
		}
		if open {
			break
		}
	}
	m.Commands, m.OrderedAt, m.ExpiresAt, m.ChangedAt = len(commands), first.CreatedAt, last.ExpiresAt, now
	m.State, m.Error = State(stateAt(decisive, now)), said(decisive)
	return m
}

// stateAt tells a command that has expired from one that waits.
func stateAt(c command.Command, now time.Time) command.State {
	if c.State == command.Queued && !now.Before(c.ExpiresAt) {
		return command.Expired
	}
	return c.State
}

// said is what is known of why a command did not succeed.
func said(c command.Command) string {
	switch c.State {
	case command.CallError:
		if c.ErrorDescription == "" {
			return c.ErrorCode
		}
		return c.ErrorCode + ": " + c.ErrorDescription
	case command.Rejected:
		var result struct {
			Status string `json:"status"`
		}
		if exactjson.Unmarshal(c.Result, &result) == nil && result.Status != "" {
			return "the charge point answered " + result.Status
		}
		return c.ErrorDescription
	case command.InvalidResult, command.TimedOut, command.Expired:
		return c.ErrorDescription
	case command.Queued, command.Sent, command.Accepted, command.Cancelled:
		return ""
	}
	return c.ErrorDescription
}
