// Package console writes log records for a person who watches charge points at a terminal: one line each, with the time,
// whom it is about, what happened, and the details.
//
//	20:14:03  CP001             connected  subprotocol ocpp1.6
//	20:14:03  CP001             → BootNotification  status Accepted, 12ms
//	20:14:09  CP404             ! connection refused  status 404, reason Charge Point CP404 not registered …
package console

import (
	"context"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// Options of a Handler. The zero value shows INFO and above, without colours.
type Options struct {
	Verbose bool // show DEBUG, and the attributes that only matter when something is looked for
	Colours bool

	// Stack is taken off the front of physical names, all of which begin with it: Stack-Message is shown as Message.
	Stack string
}

// A Handler is a slog.Handler. Many goroutines may use it.
type Handler struct {
	options Options
	output  *output
	prefix  string // the open groups, each with a dot
	fields  []field
}

// output is shared by all handlers that came from one: lines must not be mixed.
type output struct {
	mu sync.Mutex
	w  io.Writer
}

// NewHandler writes to w.
func NewHandler(w io.Writer, options Options) *Handler {
	return &Handler{options: options, output: &output{w: w}}
}

// Terminal reports whether a file is one where colours help: a terminal whose user did not set NO_COLOR.
// https://no-color.org
func Terminal(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// Enabled implements slog.Handler.
func (h *Handler) Enabled(_ context.Context, level slog.Level) bool {
	return level >= slog.LevelInfo || h.options.Verbose
}

// WithAttrs implements slog.Handler.
func (h *Handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	copied := *h
	copied.fields = slices.Clip(slices.Clone(h.fields))
	for _, attr := range attrs {
		copied.fields = appendField(copied.fields, h.prefix, attr)
	}
	return &copied
}

// WithGroup implements slog.Handler.
func (h *Handler) WithGroup(name string) slog.Handler {
	copied := *h
	if name != "" {
		copied.prefix += name + "."
	}
	return &copied
}

// Handle implements slog.Handler.
func (h *Handler) Handle(_ context.Context, record slog.Record) error {
	fields := slices.Clone(h.fields)
	record.Attrs(func(attr slog.Attr) bool {
		fields = appendField(fields, h.prefix, attr)
		return true
	})
	line := h.format(record, fields)
	h.output.mu.Lock()
	defer h.output.mu.Unlock()
	_, err := io.WriteString(h.output.w, line)
	return err
}

// A field is an attribute with its groups flattened into the key.
type field struct {
	key   string
	value string
}

func appendField(fields []field, prefix string, attr slog.Attr) []field {
	value := attr.Value.Resolve()
	if value.Kind() == slog.KindGroup {
		if attr.Key != "" {
			prefix += attr.Key + "."
		}
		for _, inner := range value.Group() {
			fields = appendField(fields, prefix, inner)
		}
		return fields
	}
	if attr.Equal(slog.Attr{}) || value.Any() == nil {
		return fields
	}
	return append(fields, field{prefix + attr.Key, show(attr.Key, value)})
}

// show renders a value. What must not be read over a shoulder or be pasted into a report is hidden, whoever logged it.
func show(key string, value slog.Value) string {
	if secret(key) {
		return "(hidden)"
	}
	switch value.Kind() {
	case slog.KindDuration:
		return duration(value.Duration())
	case slog.KindTime:
		return value.Time().Format(time.RFC3339)
	default:
		return value.String()
	}
}

// secret recognises keys whose values open doors: credentials, and the id tokens with which people charge.
func secret(key string) bool {
	switch strings.ToLower(key) {
	case "idtag", "idtoken", "parentidtag", "authorization", "password", "secret", "token", "key", "sessiontoken", "secretaccesskey":
		return true
	}
	return false
}

func duration(d time.Duration) string {
	switch {
	case d < 10*time.Millisecond:
		return d.Round(100 * time.Microsecond).String()
	case d < time.Minute:
		return d.Round(time.Millisecond).String()
	default:
		return d.Round(time.Second).String()
	}
}
