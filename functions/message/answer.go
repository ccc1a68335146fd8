package main

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/serverless-ocpp/backend/schemas"
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

// answer decides what is answered, as a frame. err is a failure of ours, and then there is no frame.
func (h *Handler) answer(ctx context.Context, from connection, call ocppj.Frame) ([]byte, ocpp.Action, error) {
	action, payload, err := h.decide(ctx, from, call)
	if refused, ok := err.(*refusal); ok {
		from.log.WarnContext(ctx, "message refused", "code", refused.kind.Code(from.Version), "error", refused.description)
		return encodeRefusal(from.Version, call.ID, refused), unserved, nil
	}
	if err != nil {
		return nil, unserved, err
	}
	frame, err := ocppj.EncodeResult(call.ID, payload)
	return frame, action, err
}

// decide returns the payload of the CALLRESULT, or a *refusal, or a failure of ours.
func (h *Handler) decide(ctx context.Context, from connection, call ocppj.Frame) (ocpp.Action, any, error) {
	action, served := dialect.Actions(from.Version)[call.Action]
	if !served {
		from.log.WarnContext(ctx, "Received unsupported message")
		return unserved, nil, &refusal{kind: ocppj.NotImplemented, description: fmt.Sprintf("%s is not implemented for %s", call.Action, from.Version)}
	}
	if !action.Unregistered {
		if mayTalk, err := h.mayTalk(ctx, from); err != nil {
			return action, nil, err
		} else if !mayTalk {
			return action, nil, notRegistered
		}
	}
	if refused := h.validate(ctx, from, call); refused != nil {
		return action, nil, refused
	}
	message, err := action.Decode(call.Payload)
	if err != nil {
		return action, nil, &refusal{kind: ocppj.FormatViolation, description: err.Error()}
	}
	known, err := h.know(ctx, from, message.Needs())
	if err != nil {
		return action, nil, err
	}
	return action, message.Answer(known), nil
}

// validate returns the refusal of a payload that cannot be understood. What can be understood in spite
// of its faults, such as a field too many, is taken.
func (h *Handler) validate(ctx context.Context, from connection, call ocppj.Frame) error {
	violations, err := schemas.Validate(from.Version, call.Action, schemas.Request, call.Payload)
	if err != nil {
		return err
	}
	for _, violation := range violations {
		if violation.Tolerable() {
			from.log.LogAttrs(ctx, slog.LevelInfo, "fault in the payload tolerated", slog.String("field", violation.Path), slog.String("fault", violation.Message))
			continue
		}
		return &refusal{
			kind:        violation.ErrorKind(),
			description: violation.Path + " " + violation.Message,
			details:     map[string]string{"field": violation.Path, "fault": violation.Message},
		}
	}
	return nil
}

func encodeRefusal(version ocppj.Version, messageID string, r *refusal) []byte {
	frame, err := ocppj.EncodeError(messageID, r.kind.Code(version), r.description, r.details)
	if err != nil {
		panic(err) // the id was parsed, the rest is ours
	}
	return frame
}
