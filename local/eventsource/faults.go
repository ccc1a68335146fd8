package eventsource

import (
	"strings"
	"time"

	"github.com/serverless-ocpp/backend/local/fault"
	"github.com/serverless-ocpp/backend/local/sqs"
)

// disturb makes a batch late, or delivers it once more than it is needed: of a standard queue both deliveries are under way at
// once, of a FIFO queue one after the other, which is what is left there of "at least once".
func (m *Mapping) disturb(batch []sqs.Message, received time.Time) {
	switch f := m.config.Faults.At(fault.Batch, fault.About{Name: m.config.Queue}); f.Kind {
	case fault.Slow:
		select {
		case <-time.After(f.Delay):
		case <-m.polling.Done():
		}
	case fault.Twice:
		if strings.HasSuffix(m.config.Queue, ".fifo") {
			m.run(batch, received)
			return
		}
		m.work.Go(func() { m.run(batch, received) })
	}
}

// finish deletes a message that was dealt with, unless the deletion is to get lost. Then the message comes again: after the
// visibility timeout, or after the fault's delay.
func (m *Mapping) finish(message sqs.Message) {
	if f := m.config.Faults.At(fault.Done, fault.About{Name: m.config.Queue}); f.Kind == fault.Again {
		if f.Delay > 0 {
			m.shorten(message, f.Delay)
		}
		return
	}
	if err := m.queues.Delete(m.config.Queue, message.ReceiptHandle); err != nil {
		m.config.Logger.Warn("message not deleted; it comes again", "messageId", message.ID, "error", err)
	}
}

// leave leaves a message that failed to its visibility timeout, or brings it back sooner.
func (m *Mapping) leave(message sqs.Message) {
	if f := m.config.Faults.At(fault.Undone, fault.About{Name: m.config.Queue}); f.Kind == fault.Shorten {
		m.shorten(message, f.Delay)
	}
}

func (m *Mapping) shorten(message sqs.Message, timeout time.Duration) {
	if err := m.queues.ChangeVisibility(m.config.Queue, message.ReceiptHandle, timeout); err != nil {
		m.config.Logger.Debug("visibility not shortened", "messageId", message.ID, "error", err)
	}
}
