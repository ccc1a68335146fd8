package console

import (
	"log/slog"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const subjectWidth = 16 // most charge point ids and names of functions fit

// subjects are the keys that say whom a record is about, the first that is there wins.
var subjects = []string{"chargePointId", "thingName", "function", "clientId", "queue", "rule", "table"}

// searched are keys that help to find things, and not to understand what happens.
var searched = []string{"connectionId", "messageId", "requestId", "account", "invocationId"}

// verdicts are keys that come first, because they are what one looks for.
var verdicts = []string{"action", "method", "path", "status", "code", "reason"}

const (
	grey   = "\x1b[2m"
	red    = "\x1b[31m"
	yellow = "\x1b[33m"
	bold   = "\x1b[1m"
	plain  = "\x1b[0m"
)

// format makes a line, and further indented ones of values that have several.
func (h *Handler) format(record slog.Record, fields []field) string {
	var line strings.Builder
	line.WriteString(h.colour(grey, record.Time.Format("15:04:05")))
	line.WriteString("  ")

	name, rest := h.subject(fields)
	line.WriteString(h.colour(bold, name))
	if missing := subjectWidth - utf8.RuneCountInString(name); missing > 0 {
		line.WriteString(strings.Repeat(" ", missing))
	}
	line.WriteString("  ")

	switch {
	case record.Level >= slog.LevelError:
		line.WriteString(h.colour(red, "✗ "+clean(record.Message)))
	case record.Level >= slog.LevelWarn:
		line.WriteString(h.colour(yellow, "! "+clean(record.Message)))
	case record.Level < slog.LevelInfo:
		line.WriteString(h.colour(grey, clean(record.Message)))
	default:
		line.WriteString(clean(record.Message))
	}
	h.writeDetails(&line, rest)
	line.WriteByte('\n')
	return line.String()
}

func (h *Handler) subject(fields []field) (string, []field) {
	for _, key := range subjects {
		if i := slices.IndexFunc(fields, func(f field) bool { return f.key == key }); i >= 0 {
			return clean(h.short(fields[i].value)), slices.Delete(fields, i, i+1)
		}
	}
	return "", fields
}

// short takes the stack's name off a physical name. IoT rules have an underscore where others have a hyphen.
func (h *Handler) short(name string) string {
	rest, ok := strings.CutPrefix(name, h.options.Stack)
	if h.options.Stack == "" || !ok || len(rest) < 2 || rest[0] != '-' && rest[0] != '_' {
		return name
	}
	return rest[1:]
}

// writeDetails appends "  key value, key value", and long texts below.
func (h *Handler) writeDetails(line *strings.Builder, fields []field) {
	slices.SortStableFunc(fields, func(a, b field) int { return rank(a.key) - rank(b.key) })
	separator := "  "
	var below []field
	for _, f := range fields {
		if f.value == "" || !h.options.Verbose && slices.Contains(searched, f.key) {
			continue
		}
		if strings.Contains(strings.TrimSpace(f.value), "\n") {
			below = append(below, f)
			continue
		}
		line.WriteString(separator)
		if f.key != "duration" { // its unit says enough
			line.WriteString(h.colour(grey, f.key+" "))
		}
		line.WriteString(clean(h.short(f.value)))
		separator = ", "
	}
	for _, f := range below {
		line.WriteString("\n    " + f.key + ":")
		for text := range strings.Lines(strings.TrimSpace(f.value)) {
			line.WriteString("\n      " + clean(strings.TrimRight(text, "\r\n")))
		}
	}
}

func rank(key string) int {
	if i := slices.Index(verdicts, key); i >= 0 {
		return i
	}
	if key == "error" {
		return len(verdicts) + 1 // it may be long
	}
	return len(verdicts)
}

// clean takes out what could move the cursor or forge a line: much of what is shown came over the network.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case unicode.IsControl(r):
			return '�'
		default:
			return r
		}
	}, strings.TrimSpace(text))
}

func (h *Handler) colour(code, text string) string {
	if !h.options.Colours || text == "" {
		return text
	}
	return code + text + plain
}
