package rules

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/serverless-ocpp/backend/local/durable"
)

// delayed is a message that a fault delays. Whoever published it has been told that it was taken, so that it outlives the process.
type delayed struct {
	Message Message   `json:"message"`
	Due     time.Time `json:"due"`
}

func (e *Engine) delayed() durable.Bucket { return e.config.Store.Bucket("iot-delayed-messages") }

// delay runs the rules on a message later. What comes later on the same topic overtakes it: AWS IoT promises no order.
func (e *Engine) delay(m Message, by time.Duration) {
	m.Payload = slices.Clone(m.Payload)
	id := uuid.NewString()
	if err := e.keep(id, delayed{m, time.Now().Add(by)}); err != nil {
		e.log.Error("delayed message is not kept and will not survive a restart", "topic", m.Topic, "error", err)
	}
	e.handleAfter(by, id, m)
}

func (e *Engine) keep(id string, message delayed) error {
	if e.config.Store == nil {
		return nil
	}
	value, err := json.Marshal(message)
	if err != nil {
		return err
	}
	return e.delayed().Put(id, value)
}

func (e *Engine) handleAfter(pause time.Duration, id string, m Message) {
	time.AfterFunc(pause, func() {
		e.handle(m)
		if e.config.Store == nil {
			return
		}
		if err := e.delayed().Delete(id); err != nil {
			e.log.Error("delayed message is not forgotten and will come again after a restart", "topic", m.Topic, "error", err)
		}
	})
}

// Resume takes up the delayed messages that an earlier engine left in Config.Store. Call it once, when everything that actions
// reach is there.
func (e *Engine) Resume() error {
	if e.config.Store == nil {
		return nil
	}
	return e.delayed().ForEach(func(id string, value []byte) error {
		var left delayed
		if err := json.Unmarshal(value, &left); err != nil {
			return fmt.Errorf("delayed message %s cannot be read: %w", id, err)
		}
		e.handleAfter(time.Until(left.Due), id, left.Message)
		return nil
	})
}
