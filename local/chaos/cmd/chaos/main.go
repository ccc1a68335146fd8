// Command chaos runs a fleet through faults, and ends with status 1 when something was lost. Run it in the repository's root, with
// make chaos.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/serverless-ocpp/backend/local/chaos"
	"github.com/serverless-ocpp/backend/local/cloud"
)

const (
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	var (
		config  chaos.Config
		standIn string
		minutes float64
	)
	flag.Uint64Var(&config.Seed, "seed", uint64(time.Now().UnixNano()%1_000_000), "what goes wrong, and what charge points do; default: by the clock")
	flag.IntVar(&config.Count, "n", 200, "charge points")
	flag.Float64Var(&minutes, "minutes", 4, "of faults")
	flag.Float64Var(&config.Mix, "mix", 0.3, "intensity of the faults, from 0 to 1")
	flag.Float64Var(&config.Speed, "speed", 30, "simulated seconds per second")
	flag.Float64Var(&config.PerSecond, "orders", 8, "to charge points, per second")
	flag.DurationVar(&config.Answers, "answers", 10*time.Second, "time that a charge point has for one")
	flag.IntVar(&config.Kills, "kills", 0, "how often the whole system is killed and restarted")
	flag.DurationVar(&config.Settle, "settle", 4*time.Minute, "time for everything to come to rest, each time; the longest outage lasts 40 simulated minutes")
	flag.StringVar(&config.DataDir, "data", "", "folder of the system's data; default: a new one that is deleted")
	flag.StringVar(&standIn, "stand-in", "", "be the system, at these ports in JSON; for the experiment's own use")
	flag.Parse()
	config.For, config.MQTT = time.Duration(minutes*float64(time.Minute)), true
	if err := usage(config); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitUsage)
	}
	config.Build, config.Template = cloud.DefaultBuildDir(), "stack/testdata/AwsOcppGatewayStack.template.json"
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // the second Ctrl-C ends it at once
	act := experiment
	if standIn != "" {
		act = func(_ context.Context, config chaos.Config) (bool, error) { return true, serve(config, standIn) }
	}
	kept, err := act(ctx, config)
	if ctx.Err() != nil {
		err = errors.New("interrupted: nothing was compared")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	if err != nil || !kept {
		os.Exit(exitFailed)
	}
}

// usage is what is wrong with the command line.
func usage(config chaos.Config) error {
	if flag.NArg() > 0 {
		return fmt.Errorf("%q is not a flag", flag.Arg(0))
	}
	return config.Check()
}

// experiment reports whether nothing was lost.
func experiment(ctx context.Context, config chaos.Config) (kept bool, err error) {
	self, err := os.Executable()
	if err != nil {
		return false, err
	}
	config.StandIn = []string{self}
	if config.DataDir == "" && config.Kills > 0 {
		if config.DataDir, err = os.MkdirTemp("", "chaos"); err != nil {
			return false, err
		}
		defer os.RemoveAll(config.DataDir)
	}
	fmt.Printf("seed %d\n", config.Seed)
	config.Progress = func(phase string) { fmt.Fprintln(os.Stderr, time.Now().Format(time.TimeOnly), phase) }
	report, err := chaos.Run(ctx, config)
	if err != nil {
		return false, err
	}
	report.Print(os.Stdout)
	return len(report.Findings) == 0, nil
}

// serve is the system until it is killed, or its parent is gone, which writes nothing to it.
func serve(config chaos.Config, ports string) error {
	signal.Ignore(os.Interrupt, syscall.SIGTERM) // Ctrl-C goes to all processes of a terminal; the parent ends this one
	options := chaos.Options(config)
	if err := json.Unmarshal([]byte(ports), &options.Ports); err != nil {
		return err
	}
	running, err := cloud.Start(context.Background(), options)
	if err != nil {
		return err
	}
	if err := json.NewEncoder(os.Stdout).Encode(running.Addresses()); err != nil {
		return err
	}
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		_, _ = io.Copy(io.Discard, os.Stdin) // whatever ends the reading ends the system
	}()
	select {
	case err := <-running.Died():
		return err
	case <-gone:
		return running.Close()
	}
}
