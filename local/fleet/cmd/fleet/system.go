package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/serverless-ocpp/backend/local/cloud"
	"github.com/serverless-ocpp/backend/local/console"
)

// withSystem starts the whole system on this machine, runs f against it, and ends it when f has ended. When the system dies
// before, the context of f is done.
func withSystem(ctx context.Context, s settings, out io.Writer, f func(context.Context, settings) error) (err error) {
	fmt.Fprintln(out, "Starting the whole system on this machine …")
	system, err := cloud.Start(ctx, cloud.Options{
		Template: filepath.Join("stack", "testdata", "AwsOcppGatewayStack.template.json"), BuildDir: cloud.DefaultBuildDir(),
		Ports: s.ports, Log: quiet(s.verbose),
	})
	if err != nil {
		return err
	}
	defer func() {
		if closing := system.Close(); err == nil {
			err = closing
		}
	}()
	addresses := system.Addresses()
	s.fleet.URL, s.api = addresses.ChargePoints, addresses.HTTP
	fmt.Fprintf(out, `
  Look at it      %s/console
  HTTP API        %s   (curl %s/charge-points)
  Events          %s   (MQTT, topics ocpp/# and +/in)
  More of them    %s   (any charge point connects here; the fleet's are not alone)

`, addresses.HTTP, addresses.HTTP, addresses.HTTP, addresses.MQTT, addresses.ChargePoints)

	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		select {
		case died := <-system.Died():
			cancel(died)
		case <-ctx.Done():
		}
	}()
	if err := f(ctx, s); err != nil {
		return err
	}
	if cause := context.Cause(ctx); cause != nil && cause != ctx.Err() {
		return cause
	}
	return nil
}

// quiet logs what is wrong alone: the fleet makes more lines than anybody reads.
func quiet(verbose bool) *slog.Logger {
	handler := console.NewHandler(os.Stderr, console.Options{Colours: console.Terminal(os.Stderr), Verbose: verbose})
	if verbose {
		return slog.New(handler)
	}
	return slog.New(warnings{handler})
}

// warnings passes on what is at least a warning.
type warnings struct{ slog.Handler }

func (w warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && w.Handler.Enabled(ctx, level)
}

func (w warnings) WithAttrs(attributes []slog.Attr) slog.Handler {
	return warnings{w.Handler.WithAttrs(attributes)}
}

func (w warnings) WithGroup(name string) slog.Handler { return warnings{w.Handler.WithGroup(name)} }
