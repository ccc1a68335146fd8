package main

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"

	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/exactjson"
	"github.com/serverless-ocpp/backend/shared/operation"
	"github.com/serverless-ocpp/backend/shared/secret"
)

// submitted is the answer to a request that became a command. The first members are those that
// clients of the system that this one replaces read.
type submitted struct {
	Message       string `json:"message"`
	MessageID     string `json:"messageId"`
	ChargePointID string `json:"chargePointId"`
	operation.Said

	CommandID        string          `json:"commandId,omitempty"` // the same as messageId
	Action           string          `json:"action,omitempty"`    // of the CALL
	State            command.State   `json:"state,omitempty"`
	Result           json.RawMessage `json:"result,omitempty"`    // payload of the CALLRESULT
	ErrorCode        string          `json:"errorCode,omitempty"` // of a CALLERROR
	ErrorDescription string          `json:"errorDescription,omitempty"`
}

// submittedSeveral is the answer to a request that became several commands, in the order in which they are sent.
type submittedSeveral struct {
	operation.Said
	Commands []submitted `json:"commands"`
}

// submittedAnswer tells what became of commands: 200 when the fate of all is known, else 202, and where to ask for it.
// The commands of one answer belong to one charge point.
func (a *API) submittedAnswer(r *http.Request, commands []command.Command, said operation.Said, timing timing) (answer, error) {
	wait := patience(r)
	commands, err := a.follow(r, commands, timing, wait)
	if err != nil {
		return answer{}, err
	}
	if r.Header.Get(keyHeader) != "" {
		said = saidBy(commands[0]) // the same request, sent before or at the same moment, may have stored them
	}
	status := http.StatusOK
	each := views(commands, a.viewSubmitted)
	for _, one := range each {
		if !one.State.Final() {
			status = http.StatusAccepted
		}
	}
	var told answer
	if len(each) == 1 {
		each[0].Said = said
		told = reply(status, each[0])
	} else {
		told = reply(status, submittedSeveral{said, each})
	}
	told = told.with("Location", "/charge-points/"+url.PathEscape(commands[0].ChargePointID)+"/commands/"+commands[0].ID)
	if wait > 0 {
		told = told.with("Preference-Applied", "wait="+strconv.Itoa(int(wait.Seconds())))
	}
	return told, nil
}

func (a *API) viewSubmitted(c command.Command) submitted {
	view := submitted{
		MessageID: c.ID, CommandID: c.ID, ChargePointID: c.ChargePointID, Action: c.Action, State: stateAt(c, a.Now()),
		Result: secret.Masked(c.Result), ErrorCode: c.ErrorCode, ErrorDescription: c.ErrorDescription,
	}
	switch view.State {
	case command.Queued:
		view.Message = c.Action + " command stored, it is sent when the charge point takes it"
	case command.Expired, command.Cancelled:
		view.Message = c.Action + " command not sent"
	case command.Sent, command.Accepted, command.Rejected, command.CallError, command.InvalidResult, command.TimedOut:
		view.Message = c.Action + " command sent successfully"
	}
	return view
}

// saidBy is what the operation behind a command told whoever asked for it, read back from its CALL.
func saidBy(c command.Command) (said operation.Said) {
	var payload struct {
		RemoteStartID int                     `json:"remoteStartId"`
		TransactionID operation.TransactionID `json:"transactionId"`
		RequestID     int                     `json:"requestId"`
		ReservationID int                     `json:"reservationId"`
		ID            int                     `json:"id"`
		ListVersion   int                     `json:"listVersion"`
		VersionNumber int                     `json:"versionNumber"`
		Profile       struct {
			ID int `json:"id"`
		} `json:"chargingProfile"`
		Profile16 struct {
			ID int `json:"chargingProfileId"`
		} `json:"csChargingProfiles"`
	}
	if c.Operation == "" || exactjson.Unmarshal(c.Payload, &payload) != nil {
		return said // a CALL given as such tells nothing beside, and one that does not fit has none of these members
	}
	said.RemoteStartID, said.RequestID = payload.RemoteStartID, payload.RequestID
	switch c.Action {
	case "RemoteStopTransaction", "RequestStopTransaction":
		said.TransactionID = string(payload.TransactionID)
	case "ReserveNow", "CancelReservation":
		said.ReservationID = cmp.Or(payload.ReservationID, payload.ID)
	case "SetChargingProfile":
		said.ChargingProfileID = cmp.Or(payload.Profile.ID, payload.Profile16.ID)
	case "SendLocalList":
		said.ListVersion = cmp.Or(payload.ListVersion, payload.VersionNumber)
	}
	return said
}
