package settings

import (
	"context"
	"io"
	"log/slog"
	"os"
	"slices"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/serverless-ocpp/backend/shared/correlation"
)

// Logs makes slog's default logger write JSON lines to standard output, where Lambda collects them. A
// line has the keys time, level, msg, function, requestId and correlationId (of the frame, package correlation), and what the program adds. LOG_LEVEL is
// DEBUG, INFO, WARN or ERROR; anything else is INFO, for a typing error must not silence a function.
func Logs() {
	slog.SetDefault(slog.New(handler(os.Stdout, os.Getenv("LOG_LEVEL"), lambdacontext.FunctionName)))
}

func handler(w io.Writer, levelName, function string) slog.Handler {
	var level slog.Level
	if err := level.UnmarshalText([]byte(levelName)); err != nil {
		level = slog.LevelInfo
	}
	lines := slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level})
	return lineHandler{Handler: lines.WithAttrs([]slog.Attr{slog.String("function", function)})}
}

// lineHandler adds the id of the invocation that the context belongs to, and that of the frame that it is about. What a logger is given
// with With it encodes with each line: most lines are below the level, or the only one of their logger.
type lineHandler struct {
	slog.Handler
	given []slog.Attr
}

func (h lineHandler) Handle(ctx context.Context, record slog.Record) error {
	line := slog.NewRecord(record.Time, record.Level, record.Message, record.PC)
	line.AddAttrs(h.given...)
	record.Attrs(func(attr slog.Attr) bool { line.AddAttrs(attr); return true })
	if invocation, ok := lambdacontext.FromContext(ctx); ok {
		line.AddAttrs(slog.String("requestId", invocation.AwsRequestID))
	}
	if id := correlation.ID(ctx); id != "" {
		line.AddAttrs(slog.String("correlationId", id))
	}
	return h.Handler.Handle(ctx, line)
}

func (h lineHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return lineHandler{h.Handler, slices.Concat(h.given, attrs)}
}

func (h lineHandler) WithGroup(name string) slog.Handler {
	return lineHandler{Handler: h.Handler.WithAttrs(h.given).WithGroup(name)}
}

// Exit ends a function that cannot start, with one line that says why.
func Exit(err error) {
	slog.Error("the function cannot start", "error", err)
	os.Exit(1)
}
