package eventsource

import (
	"context"
	"time"

	"github.com/serverless-ocpp/backend/local/sqs"
)

// A throttled invocation is repeated after firstRetry, then after twice as long each time, up to slowestRetry.
const (
	firstRetry   = 100 * time.Millisecond
	slowestRetry = 5 * time.Second
)

// process invokes the function with a batch and deletes what it has dealt with. It returns false when that is nothing at all.
func (m *Mapping) process(batch []sqs.Message, received time.Time) bool {
	m.disturb(batch, received)
	failed, ok := m.run(batch, received)
	for _, message := range batch {
		if !ok || failed[message.ID] {
			m.leave(message)
		} else {
			m.finish(message)
		}
	}
	return ok && len(failed) < len(batch)
}

// run invokes the function with a batch and finds out which messages failed; ok is false when all did.
func (m *Mapping) run(batch []sqs.Message, received time.Time) (failed map[string]bool, ok bool) {
	log := m.config.Logger.With("messages", len(batch), "messageId", batch[0].ID)
	answer, functionError, err := m.invoke(event(batch, m.config.QueueARN), received.Add(m.config.VisibilityTimeout))
	switch {
	case err != nil:
		log.Warn("function not invoked; the batch becomes visible again", "error", err)
		return nil, false
	case functionError != "":
		log.Warn("function failed; the batch becomes visible again", "error", functionError, "answer", string(answer))
		return nil, false
	}
	if m.config.ReportBatchItemFailures {
		if failed, err = failures(answer, batch); err != nil {
			log.Warn("the function's answer makes the whole batch fail", "error", err)
			return nil, false
		}
	}
	for id := range failed {
		log.Warn("message failed; it becomes visible again", "messageId", id)
	}
	log.Debug("batch done", "failed", len(failed), "duration", time.Since(received))
	return failed, true
}

// invoke invokes the function, again and again while it is throttled, until the messages are visible to others. It is not ended by
// Close, which waits for it: the function has the messages.
func (m *Mapping) invoke(event []byte, until time.Time) (answer []byte, functionError string, err error) {
	for pause := firstRetry; ; pause = min(2*pause, slowestRetry) {
		answer, functionError, err = m.invoker.Invoke(context.WithoutCancel(m.polling), m.config.Function, event)
		if err == nil || !m.config.Throttled(err) || time.Now().Add(pause).After(until) {
			return answer, functionError, err
		}
		m.slots.throttled()
		m.config.Logger.Debug("invocation throttled", "pause", pause)
		select {
		case <-time.After(pause):
		case <-m.polling.Done():
			return answer, functionError, err
		}
	}
}
