// Command fleet runs virtual charge points against a central system:
//
//	go run ./local/fleet/cmd/fleet -n 50 -api http://127.0.0.1:8081 -speed 60    (make fleet)
//	go run ./local/fleet/cmd/fleet -n 50 -system -live -speed 60                (make demo)
//
// The same seed and start make the same day. Against a central system that remembers the day already, take another seed: the
// same transactions sent again are, rightly, no new ones.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/serverless-ocpp/backend/local/fleet"
)

const (
	exitFailed = 1
	exitUsage  = 2
	exitForced = 130 // as of a shell command that Ctrl-C ended
)

func main() {
	s, err := parse(os.Args[1:], time.Now(), os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		os.Exit(exitUsage) // parse has said why
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, func() { endAtOnceOnSecondSignal() })
	if s.system {
		err = withSystem(ctx, s, os.Stdout, func(ctx context.Context, s settings) error { return run(ctx, s, os.Stdout) })
	} else {
		err = run(ctx, s, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitFailed)
	}
}

// endAtOnceOnSecondSignal is for whoever does not want to wait for transactions to be ended.
func endAtOnceOnSecondSignal() {
	again := make(chan os.Signal, 1)
	signal.Notify(again, os.Interrupt, syscall.SIGTERM)
	<-again
	os.Exit(exitForced)
}

// run runs the fleet until ctx is done or its time is over, and writes how it goes.
func run(ctx context.Context, s settings, out io.Writer) error {
	level := slog.LevelError
	if s.verbose {
		level = slog.LevelDebug
	}
	s.fleet.Log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
	if s.api != "" {
		fmt.Fprintf(out, "Registering %d charge points at %s …\n", s.fleet.Count, s.api)
		sign, err := signer(ctx, s.signed, s.token)
		if err != nil {
			return err
		}
		keys, err := fleet.Register(ctx, s.api, s.fleet.IDs(), s.fleet.TokensOf(), sign)
		if err != nil {
			return err
		}
		s.fleet.Keys = keys
	}
	fmt.Fprintf(out, "Seed %d, speed %v; Ctrl-C ends it.\n", s.fleet.Seed, s.fleet.Speed)
	if s.lasts > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.lasts)
		defer cancel()
	}
	f, began := fleet.NewFleet(s.fleet), time.Now()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f.Run(ctx)
	}()
	follow(ctx, f, &progress{out: out, count: s.fleet.Count, at: began}, s.every, done)
	summary(out, f, time.Since(began))
	return nil
}

// follow writes lines until the fleet has ended.
func follow(ctx context.Context, f *fleet.Fleet, p *progress, every time.Duration, done <-chan struct{}) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	ending := ctx.Done()
	for {
		select {
		case now := <-ticker.C:
			p.line(f.Now(), now, f.Statistics().Snapshot())
		case <-ending:
			ending = nil
			fmt.Fprintln(p.out, "Ending what goes on; Ctrl-C once more ends at once.")
		case <-done:
			return
		}
	}
}
