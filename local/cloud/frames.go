package cloud

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"github.com/serverless-ocpp/backend/local/websocketapi"
)

// Types of OCPP-J frames. OCPP 2.1, part 4, section 4.2.
const (
	frameCall            = 2
	frameResult          = 3
	frameError           = 4
	frameResultError     = 5
	frameSend            = 6
	rememberedCalls      = 100 // of one connection: one that never gets answers must not fill the memory
	fromChargePoint      = "→"
	toChargePoint        = "←"
	unintelligibleFrames = "message that is no OCPP frame"
)

// A callKey is a call that waits for its answer. Both sides choose message ids, so the side belongs to it.
type callKey struct {
	fromClient bool
	messageID  string
}

type call struct {
	action string
	sentAt time.Time
}

// message writes one line per call when it is answered: direction, action, outcome, duration. Payloads are not shown, for
// they hold id tokens and keys. Where nobody wants to see warnings no frame is read.
func (w *watch) message(m websocketapi.Message) {
	if !w.log.Enabled(context.Background(), slog.LevelWarn) {
		return
	}
	kind, fields, ok := parseFrame(m.Body)
	if !ok {
		w.log.Warn(unintelligibleFrames, w.about(m), "connectionId", m.ConnectionID, "bytes", len(m.Body))
		return
	}
	switch kind {
	case frameCall:
		w.remember(m, fields)
	case frameSend:
		w.log.Info(direction(m.FromClient)+" "+text(fields, 1), w.about(m), "connectionId", m.ConnectionID)
	case frameResult:
		w.answered(m, fields, slog.LevelInfo, slog.String("status", status(fields)))
	case frameResultError:
		w.log.Warn(direction(m.FromClient)+" refuses a result", w.about(m), "connectionId", m.ConnectionID,
			"messageId", text(fields, 0), "code", text(fields, 1), "reason", text(fields, 2))
	case frameError:
		w.answered(m, fields, slog.LevelWarn, slog.String("code", text(fields, 1)), slog.String("reason", text(fields, 2)))
	}
}

// parseFrame reads [type, messageId, …]; fields are what follows the type.
func parseFrame(body []byte) (kind int, fields []json.RawMessage, ok bool) {
	if json.Unmarshal(body, &fields) != nil || len(fields) < 2 || json.Unmarshal(fields[0], &kind) != nil {
		return 0, nil, false
	}
	return kind, fields[1:], kind >= frameCall && kind <= frameSend
}

func direction(fromClient bool) string {
	if fromClient {
		return fromChargePoint
	}
	return toChargePoint
}

// text is a field that should be a string; what is none is shown as nothing.
func text(fields []json.RawMessage, index int) (value string) {
	if index < len(fields) && json.Unmarshal(fields[index], &value) != nil {
		return ""
	}
	return value
}

// status is the word by which a result says yes or no, if it has one.
func status(fields []json.RawMessage) string {
	var result struct {
		Status      string
		IDTagInfo   struct{ Status string } `json:"idTagInfo"`
		IDTokenInfo struct{ Status string } `json:"idTokenInfo"`
	}
	if len(fields) < 2 || json.Unmarshal(fields[1], &result) != nil {
		return ""
	}
	for _, word := range []string{result.Status, result.IDTagInfo.Status, result.IDTokenInfo.Status} {
		if word != "" {
			return word
		}
	}
	return ""
}

func (w *watch) about(m websocketapi.Message) slog.Attr {
	w.mu.Lock()
	defer w.mu.Unlock()
	if connection := w.connections[m.ConnectionID]; connection != nil {
		return slog.String("chargePointId", connection.chargePointID)
	}
	return slog.Attr{}
}

func (w *watch) remember(m websocketapi.Message, fields []json.RawMessage) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if connection := w.connections[m.ConnectionID]; connection != nil && len(connection.open) < rememberedCalls {
		connection.open[callKey{m.FromClient, text(fields, 0)}] = call{text(fields, 1), time.Now()}
	}
}

func (w *watch) answered(m websocketapi.Message, fields []json.RawMessage, level slog.Level, outcome ...slog.Attr) {
	asker := !m.FromClient
	key := callKey{asker, text(fields, 0)}
	w.mu.Lock()
	var asked call
	if connection := w.connections[m.ConnectionID]; connection != nil {
		asked = connection.open[key]
		delete(connection.open, key)
	}
	w.mu.Unlock()
	if asked.action == "" {
		asked = call{"(an unknown call)", time.Now()}
	}
	attrs := append([]slog.Attr{w.about(m), slog.String("connectionId", m.ConnectionID), slog.String("messageId", key.messageID)}, outcome...)
	attrs = append(attrs, slog.Duration("duration", time.Since(asked.sentAt)))
	w.log.LogAttrs(context.Background(), level, direction(asker)+" "+asked.action, attrs...)
}
