package main

import (
	"context"
	"fmt"

	"github.com/serverless-ocpp/backend/schemas"
	"github.com/serverless-ocpp/backend/shared/metric"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// validate returns the refusal of a payload that breaks its schema. Unless the charge point is taken
// strictly, faults in spite of which the message can be understood are taken and returned, and the first
// of a connection is logged.
func (h *Handler) validate(ctx context.Context, from connection, frame ocppj.Frame) (tolerated []schemas.Violation, err error) {
	violations, err := schemas.Validate(from.Version, frame.Action, schemas.Request, frame.Payload)
	if err != nil || len(violations) == 0 {
		return nil, err
	}
	var grave []schemas.Violation
	for _, violation := range violations {
		if from.Strict || !violation.Tolerable() {
			grave = append(grave, violation)
		}
	}
	if len(grave) > 0 {
		return nil, refusalOf(grave)
	}
	h.Metrics.For(from.ChargePointID).Count(metric.Violations, metric.By{Dimension: "Protocol", Value: string(from.Version)})
	if count := h.memory.tolerate(from.ID, len(violations)); count == len(violations) {
		from.log.WarnContext(ctx, "faults in the payload are tolerated; this is said once for the connection", "violations", len(violations), "first", violations[0].String())
	}
	return violations, nil
}

func refusalOf(violations []schemas.Violation) *refusal {
	return &refusal{kind: violations[0].ErrorKind(), description: describe(violations), details: map[string]any{"violations": listed(violations)}}
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
	first := violations[0].String()
	if others := len(violations) - 1; others > 0 {
		return fmt.Sprintf("%s (and %d more, see the details)", first, others)
	}
	return first
}
