package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/serverless-ocpp/backend/schemas"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/ocpp/dialect"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// refusal is the content of a CALLERROR.
type refusal struct {
	kind        ocppj.ErrorKind
	description string
	details     any
}

func (r *refusal) Error() string { return r.kind.String() + ": " + r.description }

var (
	busy = &refusal{kind: ocppj.InternalError, description: "the message could not be stored, please repeat it"}

	notRegistered = &refusal{kind: ocppj.SecurityError,
		description: "the charge point is not accepted: only BootNotification is served until one is answered with Accepted"}

	// unserved stands for an action that has none of an action's properties.
	unserved = ocpp.Action{}
)

// decision is what becomes of a CALL.
type decision struct {
	frame   []byte // its answer
	action  ocpp.Action
	message ocpp.Message // nil if it is refused
}

// answer decides what is answered. err is a failure of ours, and then there is no frame.
func (h *Handler) answer(ctx context.Context, from connection, call ocppj.Frame) (decision, error) {
	decided, err := h.decide(ctx, from, call)
	if refused, ok := err.(*refusal); ok {
		from.log.WarnContext(ctx, "message refused", "code", refused.kind.Code(from.Version), "error", refused.description)
		return decision{frame: encodeRefusal(from.Version, call.ID, refused), action: unserved}, nil
	}
	return decided, err
}

// encodeResult is strict: what we say conforms to its schema, or is not said.
func encodeResult(version ocppj.Version, call ocppj.Frame, payload any) ([]byte, error) {
	encoded, err := json.Marshal(payload)
	if err != nil {
		return nil, err
	}
	violations, err := schemas.Validate(version, call.Action, schemas.Response, encoded)
	if err != nil {
		return nil, err
	}
	if len(violations) > 0 {
		return nil, fault.New(fault.Internal, "our answer to %s breaks its schema: %s", call.Action, violations[0])
	}
	return ocppj.EncodeResult(call.ID, json.RawMessage(encoded))
}

// unsupported tells an action that the version does not have from one that it has and that a charge
// point cannot ask of a central system (OCPP-J 1.6 table 7, OCPP 2.0.1 part 4 table 8).
func unsupported(version ocppj.Version, action string) *refusal {
	action = nameable(action) // it is logged, and a charge point may write anything there
	if _, known := schemas.Known(version, action); known {
		return &refusal{kind: ocppj.NotSupported, description: fmt.Sprintf("%s is not a CALL that a charge point sends in %s", action, version)}
	}
	return &refusal{kind: ocppj.NotImplemented, description: fmt.Sprintf("%s has no action of that name", version)}
}

// decide returns the CALLRESULT, or a *refusal, or a failure of ours.
func (h *Handler) decide(ctx context.Context, from connection, call ocppj.Frame) (decision, error) {
	action, served := dialect.Actions(from.Version)[call.Action]
	if !served || action.Unanswered {
		from.log.WarnContext(ctx, "Received unsupported message")
		return decision{}, unsupported(from.Version, call.Action)
	}
	if err := h.admit(ctx, from, call, action); err != nil {
		return decision{}, err
	}
	tolerated, err := h.validate(ctx, from, call)
	if err != nil {
		return decision{}, err
	}
	message, err := action.Decode(call.Payload)
	if err != nil {
		return decision{}, &refusal{kind: ocppj.FormatViolation, description: err.Error()}
	}
	known, err := h.know(ctx, from, message.Needs())
	if err != nil {
		return decision{}, err
	}
	frame, err := encodeResult(from.Version, call, message.Answer(known))
	if err != nil && len(tolerated) > 0 {
		return decision{}, refusalOf(tolerated) // a string that is too long cannot be repeated in an answer that must
	}
	return decision{frame, action, message}, err
}

func encodeRefusal(version ocppj.Version, messageID string, r *refusal) []byte {
	frame, err := ocppj.EncodeError(messageID, r.kind.Code(version), r.description, r.details)
	if err != nil {
		panic(err) // the id was parsed, the rest is ours
	}
	return frame
}
