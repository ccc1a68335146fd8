package console

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"
)

// FunctionLog turns the lines that functions write into records of the logger. A function's JSON lines keep their level
// from WARN up; below that they are DEBUG here, because the services tell what happens already. Lines that are no JSON
// (a panic, a forgotten print) are warnings, but for Go's report on its scheduler, which functions ask for and no Lambda host lives to see.
func FunctionLog(log *slog.Logger) func(function, requestID, line string) {
	return func(function, requestID, line string) {
		if strings.TrimSpace(line) == "" || !log.Enabled(context.Background(), slog.LevelDebug) && quiet(line) {
			return
		}
		record, ok := parse(line, function, requestID)
		if !ok {
			record = slog.NewRecord(time.Now(), levelOf(line), line, 0)
			record.AddAttrs(slog.String("function", function), slog.String("requestId", requestID))
		}
		if log.Enabled(context.Background(), record.Level) {
			// The console's only error is that of its own output, where nobody would read about it.
			_ = log.Handler().Handle(context.Background(), record)
		}
	}
}

// levelOf is the level of a line that is no JSON.
func levelOf(line string) slog.Level {
	if strings.HasPrefix(line, "SCHED ") {
		return slog.LevelDebug
	}
	return slog.LevelWarn
}

// quiet tells of most lines that nobody wants to see, without reading them: those whose level slog wrote near the
// front. Of the others it does not know.
func quiet(line string) bool {
	front := line[:min(len(line), levelWithin)]
	return strings.HasPrefix(line, `{"time":"`) && (strings.Contains(front, `,"level":"INFO",`) || strings.Contains(front, `,"level":"DEBUG",`))
}

// levelWithin is how far from its front slog's JSON handler writes a line's level, which follows the time.
const levelWithin = len(`{"time":"2026-03-01T12:00:00.123456789+00:00","level":"DEBUG",`)

// embeddedMetrics is the member of a line in CloudWatch's embedded metric format.
const embeddedMetrics = "_aws"

// parse reads a line of slog's JSON handler, or of Lambda's own structured log.
func parse(line, function, requestID string) (slog.Record, bool) {
	var fields map[string]any
	if json.Unmarshal([]byte(line), &fields) != nil {
		return slog.Record{}, false
	}
	message := take(fields, "msg", "message", "errorMessage")
	if _, metrics := fields[embeddedMetrics]; metrics {
		// CloudWatch makes metrics of it, by what _aws says; here it shows the values to those who look closely.
		delete(fields, embeddedMetrics)
		fields["level"], message = slog.LevelDebug.String(), "metrics"
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(take(fields, "level"))); err != nil {
		level = slog.LevelWarn // an error object of the runtime has no level
	}
	if level < slog.LevelWarn {
		level = slog.LevelDebug
	}
	when, err := time.Parse(time.RFC3339Nano, take(fields, "time", "timestamp"))
	if err != nil {
		when = time.Now()
	}
	record := slog.NewRecord(when.Local(), level, message, 0)
	fields["function"], fields["requestId"] = function, requestID // Lambda's log handler writes the same
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		record.AddAttrs(attribute(key, fields[key]))
	}
	return record, true
}

// take removes the first of the keys that holds a string and returns it.
func take(fields map[string]any, keys ...string) string {
	for _, key := range keys {
		if text, ok := fields[key].(string); ok {
			delete(fields, key)
			return text
		}
	}
	return ""
}

func attribute(key string, value any) slog.Attr {
	switch value := value.(type) {
	case map[string]any:
		var inner []any
		for _, name := range slices.Sorted(maps.Keys(value)) {
			inner = append(inner, attribute(name, value[name]))
		}
		return slog.Group(key, inner...)
	case []any: // for example the stack trace of an error
		encoded, err := json.MarshalIndent(value, "", " ")
		if err != nil {
			return slog.Any(key, value)
		}
		return slog.String(key, string(encoded))
	default:
		return slog.Any(key, value)
	}
}
