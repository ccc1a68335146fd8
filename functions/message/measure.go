package main

import (
	"bytes"
	"time"

	"github.com/serverless-ocpp/backend/shared/metric"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// measure counts the answer to a CALL, and how long it took: altogether, and in this function.
func (h *Handler) measure(from connection, answer []byte, started time.Time) {
	now, metrics := h.Now(), h.Metrics.For(from.ChargePointID)
	metrics.Count(metric.Answers, metric.By{Dimension: "Result", Value: resultOf(answer)})
	metrics.Duration(metric.AnswerLatency, metric.By{}, now.Sub(from.ReceivedAt))
	metrics.Duration(metric.HandlerLatency, metric.By{}, now.Sub(started))
}

// resultOf is the kind of an answer: CALLRESULT, or the code of the CALLERROR.
func resultOf(answer []byte) string {
	if bytes.HasPrefix(answer, []byte("[3,")) { // nearly all, and parsing costs
		return metric.CallResult
	}
	frame, err := ocppj.Parse(answer)
	if err != nil {
		return "unknown"
	}
	return frame.ErrorCode
}
