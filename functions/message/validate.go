package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/serverless-ocpp/backend/schemas"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// validate returns the refusal of a payload that breaks its schema. Unless the charge point is taken
// strictly, faults in spite of which the message can be understood are taken, and the first of a
// connection is logged.
func (h *Handler) validate(ctx context.Context, from connection, frame ocppj.Frame) error {
	violations, err := schemas.Validate(from.Version, frame.Action, schemas.Request, frame.Payload)
	if err != nil || len(violations) == 0 {
		return err
	}
	var grave []schemas.Violation
	for _, violation := range violations {
		if from.Strict || !violation.Tolerable() {
			grave = append(grave, violation)
		}
	}
	if len(grave) > 0 {
		return &refusal{kind: grave[0].ErrorKind(), description: describe(grave), details: map[string]any{"violations": listed(grave)}}
	}
	if count := h.memory.tolerate(from.ID, len(violations)); count == len(violations) {
		from.log.WarnContext(ctx, "faults in the payload are tolerated; this is said once for the connection", "violations", len(violations), "first", violations[0].String())
	}
	return nil
}

// listedAtMost keeps the errorDetails of a payload that is wrong all over to a size that helps.
const listedAtMost = 10

// listed are violations as errorDetails show them.
func listed(violations []schemas.Violation) []map[string]string {
	var all []map[string]string
	for _, violation := range violations[:min(len(violations), listedAtMost)] {
		all = append(all, map[string]string{"field": violation.Path, "fault": violation.Message})
	}
	return all
}

// describe is the description of an error: the first violation, and how many others there are.
func describe(violations []schemas.Violation) string {
	first := strings.TrimSpace(violations[0].Path + " " + violations[0].Message)
	if others := len(violations) - 1; others > 0 {
		return fmt.Sprintf("%s (and %d more, see the details)", first, others)
	}
	return first
}
