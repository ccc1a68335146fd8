package main

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/command/callcheck"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// timing is the part of a request's body that every command has.
type timing struct {
	ExpiresInSeconds int  `json:"expiresInSeconds"` // more than 0: it may wait that long for the charge point to connect
	TimeoutSeconds   *int `json:"timeoutSeconds"`   // from sending to the answer; default 30
}

// maxExpiry is a week: an order that is older surprises whoever stands at the charge point.
const maxExpiry = 7 * 24 * time.Hour

// check returns a fault.Invalid that names the member.
func (t timing) check() error {
	if t.ExpiresInSeconds < 0 || t.ExpiresInSeconds > int(maxExpiry.Seconds()) {
		return fault.New(fault.Invalid, "'expiresInSeconds' must be from 0 to %d", int(maxExpiry.Seconds()))
	}
	if t.TimeoutSeconds != nil && (*t.TimeoutSeconds < 1 || *t.TimeoutSeconds > int(command.MaxTimeout.Seconds())) {
		return fault.New(fault.Invalid, "'timeoutSeconds' must be from 1 to %d", int(command.MaxTimeout.Seconds()))
	}
	return nil
}

func (t timing) timeout() time.Duration {
	if t.TimeoutSeconds == nil {
		return command.DefaultTimeout
	}
	return time.Duration(*t.TimeoutSeconds) * time.Second
}

// expiry is when a command that was not sent ends. One that need not wait for a connection still waits
// for the answer to the CALL before it, and for a charge point that has just connected.
func (t timing) expiry() time.Duration {
	if t.ExpiresInSeconds > 0 {
		return time.Duration(t.ExpiresInSeconds) * time.Second
	}
	return command.DefaultExpiry
}

// speaks returns the version to write a command in: that of the charge point's session, or while it may wait
// for one, of the last. fault.Offline if it has none and must not wait, or never had one.
func (t timing) speaks(cp chargepoint.ChargePoint) (ocppj.Version, error) {
	switch {
	case cp.Session != nil:
		return ocppj.Version(cp.Session.Protocol), nil
	case t.ExpiresInSeconds == 0:
		return "", offline(cp.ID)
	case cp.Protocol == "":
		return "", fault.New(fault.Offline, "charge point %s has never connected, so nobody knows which version of OCPP to command it in", cp.ID)
	}
	return ocppj.Version(cp.Protocol), nil
}

func offline(id string) error {
	return fault.New(fault.Offline, "charge point %s is not connected; with expiresInSeconds the command waits until it is", id)
}

// call is a CALL in the words of one version.
type call struct {
	action  string
	payload any
}

// submitted is the answer to a request that became a command. The first members are those that
// clients of the system that this one replaces read.
type submitted struct {
	Message       string `json:"message"`
	MessageID     string `json:"messageId"`
	ChargePointID string `json:"chargePointId"`
	RemoteStartID int    `json:"remoteStartId,omitempty"` // 2.x remote start
	TransactionID string `json:"transactionId,omitempty"` // remote stop

	CommandID        string          `json:"commandId,omitempty"` // the same as messageId
	State            command.State   `json:"state,omitempty"`
	Result           json.RawMessage `json:"result,omitempty"`
	ErrorCode        string          `json:"errorCode,omitempty"`
	ErrorDescription string          `json:"errorDescription,omitempty"`
}

// submit checks a CALL against its schema, stores it, sends it if it is its turn, and waits for its fate as long
// as the caller prefers. 200 when that is known, else 202; said holds what is particular to the operation.
func (a *API) submit(r *http.Request, cp chargepoint.ChargePoint, version ocppj.Version, call call, timing timing, said submitted) (answer, error) {
	if why := command.Withheld(cp, call.action); why != "" {
		return answer{}, fault.New(fault.Conflict, "charge point %s %s", cp.ID, why)
	}
	payload, err := json.Marshal(call.payload)
	if err != nil {
		return answer{}, err
	}
	if err := callcheck.Check(version, call.action, payload); err != nil {
		return answer{}, err
	}
	now := a.Now()
	c := command.Command{
		ChargePointID: cp.ID, ID: command.NewID(), Action: call.action, Payload: payload, Protocol: string(version), Origin: command.OriginHTTP,
		State: command.Queued, CreatedAt: now, ExpiresAt: now.Add(timing.expiry()), Timeout: timing.timeout(),
	}
	if err := a.Submit(r.Context(), c); err != nil {
		return answer{}, err
	}
	wait := patience(r)
	if c, err = a.follow(r, c, timing, wait); err != nil {
		return answer{}, err
	}

	said.MessageID, said.CommandID, said.ChargePointID = c.ID, c.ID, cp.ID
	said.State, said.Result, said.ErrorCode, said.ErrorDescription = stateAt(c, a.Now()), c.Result, c.ErrorCode, c.ErrorDescription
	switch said.State {
	case command.Queued:
		said.Message = c.Action + " command stored, it is sent when the charge point takes it"
	case command.Expired, command.Cancelled:
		said.Message = c.Action + " command not sent"
	case command.Sent, command.Accepted, command.Rejected, command.CallError, command.TimedOut:
		said.Message = c.Action + " command sent successfully"
	}
	status := http.StatusAccepted
	if said.State.Final() {
		status = http.StatusOK
	}
	answer := reply(status, said).with("Location", "/charge-points/"+url.PathEscape(cp.ID)+"/commands/"+c.ID)
	if wait > 0 {
		answer.header.Set("Preference-Applied", "wait="+strconv.Itoa(int(wait.Seconds())))
	}
	return answer, nil
}

// follow reads what became of a command that was just submitted, and waits for its end as long as the caller likes.
// Only fault.Offline is an error: told another, the caller would ask again, and the charge point be commanded twice.
func (a *API) follow(r *http.Request, c command.Command, timing timing, wait time.Duration) (command.Command, error) {
	seen, err := a.settle(r.Context(), c.ChargePointID, c.ID, 0)
	if err == nil {
		seen, err = a.takeBackIfOffline(r, seen, timing)
	}
	if err == nil && wait > 0 && !seen.State.Final() {
		seen, err = a.settle(r.Context(), c.ChargePointID, c.ID, wait)
	}
	if err != nil && !fault.Is(err, fault.Offline) {
		slog.ErrorContext(r.Context(), "the command is stored, but its state cannot be read", "chargePointId", c.ChargePointID, "messageId", c.ID, "action", c.Action, "error", err)
		return c, nil
	}
	return seen, err
}

// takeBackIfOffline cancels a command that must not wait for a connection, when sending it has shown that the
// connection is gone: fault.Offline, as if that had been known before.
func (a *API) takeBackIfOffline(r *http.Request, c command.Command, timing timing) (command.Command, error) {
	if c.State != command.Queued || timing.ExpiresInSeconds > 0 {
		return c, nil
	}
	cp, err := a.ChargePoints.Get(r.Context(), c.ChargePointID)
	if err != nil || cp.Session != nil {
		return c, err
	}
	_, err = a.Commands.Apply(r.Context(), c.ChargePointID, c.ID, command.Outcome{Event: command.EventCancel, At: a.Now()})
	if fault.Is(err, fault.Conflict) { // it connected again meanwhile, and the command was sent
		return a.Commands.Get(r.Context(), c.ChargePointID, c.ID)
	}
	if err == nil {
		err = offline(c.ChargePointID)
	}
	return c, err
}

// asPredecessor answers 200 with the old members alone, as clients of the system that this one replaces
// expect, unless they wait for the outcome: then they know the new ones.
func asPredecessor(serve endpoint) endpoint {
	return func(r *http.Request) (answer, error) {
		answer, err := serve(r)
		if said, ok := answer.body.(submitted); ok && patience(r) == 0 {
			said.CommandID, said.State, said.Result, said.ErrorCode, said.ErrorDescription = "", "", nil, "", ""
			answer.status, answer.body = http.StatusOK, said
		}
		return answer, err
	}
}
