package main

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/operation"
	"github.com/serverless-ocpp/backend/shared/secret"
)

func (a *API) commandRoutes() []route {
	one := "/charge-points/{id}/commands/{commandId}"
	return []route{
		{method: "POST", path: "/charge-points/{id}/commands", id: "createCommand", tag: tagCommands, summary: "Send any CALL of its version",
			description: "The payload is in the words of the version that the charge point speaks and is checked against its schema, strictly.",
			headers:     commanding, body: orderOf{new(operation.Raw)}, example: `{"action":"TriggerMessage","payload":{"requestedMessage":"Heartbeat"}}`,
			answers:  map[int]any{http.StatusOK: submitted{}, http.StatusAccepted: submitted{}},
			problems: []int{http.StatusNotFound, http.StatusConflict}, serve: a.createCommand},
		{method: "GET", path: "/charge-points/{id}/commands", id: "listCommands", tag: tagCommands, summary: "List the commands of a charge point, newest first",
			description: "A page that is filtered may be shorter than its limit.",
			query: append([]parameter{
				{name: "state", description: "only those in this state", schema: command.State("")},
				{name: "action", description: "only those of this action, such as Reset", schema: ""},
			}, paged...),
			answers: map[int]any{http.StatusOK: commandList{}}, problems: []int{http.StatusNotFound, http.StatusUnprocessableEntity}, serve: a.listCommands},
		{method: "GET", path: one, id: "getCommand", tag: tagCommands, summary: "Read a command and its fate",
			headers: []parameter{prefer}, answers: map[int]any{http.StatusOK: commandView{}}, problems: []int{http.StatusNotFound}, serve: a.getCommand},
		{method: "DELETE", path: one, id: "cancelCommand", tag: tagCommands, summary: "Take back a command that waits",
			description: "One that was sent cannot be called back: 409.",
			answers:     map[int]any{http.StatusOK: commandView{}}, problems: []int{http.StatusNotFound, http.StatusConflict}, serve: a.cancelCommand},
	}
}

// commandView is a command and its fate. commandId is the message id of the CALL.
type commandView struct {
	CommandID      string          `json:"commandId"`
	ChargePointID  string          `json:"chargePointId"`
	Action         string          `json:"action"`
	Payload        json.RawMessage `json:"payload"`
	Protocol       string          `json:"protocol"`
	Origin         command.Origin  `json:"origin"`
	State          command.State   `json:"state"`
	CreatedAt      time.Time       `json:"createdAt"`
	ExpiresAt      time.Time       `json:"expiresAt"` // not sent by then: expired
	TimeoutSeconds int             `json:"timeoutSeconds"`
	Attempts       int             `json:"attempts"`
	SentAt         time.Time       `json:"sentAt,omitzero"`
	FinishedAt     time.Time       `json:"finishedAt,omitzero"`
	Operation      string          `json:"operation,omitempty"`     // that it is a translation of; none for a CALL given as such
	CampaignID     string          `json:"campaignId,omitempty"`    // that it belongs to
	TransactionID  string          `json:"transactionId,omitempty"` // that a remote start led to

	Result           json.RawMessage `json:"result,omitempty"`    // payload of the CALLRESULT
	ErrorCode        string          `json:"errorCode,omitempty"` // of a CALLERROR
	ErrorDescription string          `json:"errorDescription,omitempty"`
	ErrorDetails     json.RawMessage `json:"errorDetails,omitempty"`
}

// commandList is a page of commands.
type commandList struct {
	Commands   []commandView `json:"commands"`
	NextCursor string        `json:"nextCursor,omitempty"`
}

func (a *API) viewCommand(c command.Command) commandView {
	return commandView{
		CommandID: c.ID, ChargePointID: c.ChargePointID, Action: c.Action, Payload: secret.Masked(c.Payload), Protocol: c.Protocol, Origin: c.Origin,
		State: stateAt(c, a.Now()), CreatedAt: c.CreatedAt, ExpiresAt: c.ExpiresAt, TimeoutSeconds: int(c.Timeout.Seconds()),
		Attempts: c.Attempt, SentAt: c.SentAt, FinishedAt: c.FinishedAt,
		Operation: c.Operation, CampaignID: c.CampaignID, TransactionID: c.TransactionID,
		Result: secret.Masked(c.Result), ErrorCode: c.ErrorCode, ErrorDescription: c.ErrorDescription, ErrorDetails: secret.Masked(c.ErrorDetails),
	}
}

// stateAt tells a command that has expired from one that waits: its row says so only when the charge point is there again and its
// queue is looked at, or when somebody asks for it (settle). Before a dispatcher that looked in time has ended, nobody can tell.
func stateAt(c command.Command, now time.Time) command.State {
	if c.State == command.Queued && !now.Before(c.ExpiresAt.Add(command.DispatcherLife)) {
		return command.Expired
	}
	return c.State
}

func (a *API) listCommands(r *http.Request) (answer, error) {
	query := r.URL.Query()
	state, action := command.State(query.Get("state")), query.Get("action")
	if state != "" && !slices.Contains(command.States, state) {
		return answer{}, fault.New(fault.Invalid, "'state' must be one of %v, not %.40q", command.States, string(state))
	}
	found, next, err := listOf(a, r, a.Commands.List, a.viewCommand)
	if err != nil {
		return answer{}, err
	}
	found = slices.DeleteFunc(found, func(c commandView) bool { return state != "" && c.State != state || action != "" && c.Action != action })
	return reply(http.StatusOK, commandList{found, next}), nil
}

// getCommand holds its answer back until the command is final when the caller prefers to wait.
func (a *API) getCommand(r *http.Request) (answer, error) {
	c, err := a.settle(r.Context(), r.PathValue("id"), r.PathValue("commandId"), patience(r))
	if err != nil {
		return answer{}, noCommand(r, err)
	}
	return reply(http.StatusOK, a.viewCommand(c)), nil
}

// cancelCommand takes back a command that waits. One that was sent cannot be called back; one that is cancelled stays so, for
// whoever repeats a request whose answer was lost.
func (a *API) cancelCommand(r *http.Request) (answer, error) {
	id, commandID := r.PathValue("id"), r.PathValue("commandId")
	c, err := a.cancel(r.Context(), id, commandID)
	if fault.Is(err, fault.Conflict) {
		if c, err = a.Commands.Get(r.Context(), id, commandID); err == nil && c.State != command.Cancelled {
			err = fault.New(fault.Conflict, "command %s of charge point %s does not wait any more, so it cannot be cancelled", commandID, id)
		}
	}
	if err != nil {
		return answer{}, noCommand(r, err)
	}
	return reply(http.StatusOK, a.viewCommand(c)), nil
}

func noCommand(r *http.Request, err error) error {
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.NotFound, "charge point %q has no command %q", r.PathValue("id"), r.PathValue("commandId"))
	}
	return err
}
