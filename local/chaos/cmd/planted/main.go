// Command planted plants bugs, one after the other, and runs the experiment on each, again with the next seed when it finds nothing:
// what some bugs need meets seldom. It ends with status 1 when one is not found. Run it in the repository's root, with make chaos-planted.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/serverless-ocpp/backend/local/chaos"
	"github.com/serverless-ocpp/backend/local/chaos/check"
	"github.com/serverless-ocpp/backend/local/chaos/planted"
)

func main() {
	only := flag.String("only", "", "name of the `bug`; default: all")
	config := chaos.Config{Template: "stack/testdata/AwsOcppGatewayStack.template.json"}
	runs := flag.Uint64("runs", 3, "seeds to try until a bug is found")
	flag.Uint64Var(&config.Seed, "seed", 1, "the first: what goes wrong, and what charge points do")
	flag.IntVar(&config.Count, "n", 30, "charge points")
	flag.DurationVar(&config.For, "for", 45*time.Second, "of faults")
	flag.Float64Var(&config.Mix, "mix", 1, "intensity of the faults, from 0 to 1")
	flag.Float64Var(&config.Speed, "speed", 120, "simulated seconds per second")
	flag.Float64Var(&config.PerSecond, "orders", 8, "to charge points, per second")
	flag.DurationVar(&config.Answers, "answers", 3*time.Second, "time that a charge point has for an order")
	flag.DurationVar(&config.Settle, "settle", time.Minute, "time for everything to come to rest, each time")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // the second Ctrl-C ends it at once
	missed, tried := 0, 0
	for _, bug := range planted.Bugs {
		if *only != "" && *only != bug.Name {
			continue
		}
		tried++
		found, err := seek(ctx, bug, config, *runs)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if !found {
			missed++
		}
	}
	fmt.Printf("%d bugs planted, %d not found\n", tried, missed)
	if missed > 0 || tried == 0 {
		os.Exit(1)
	}
}

// seek reports whether the experiment finds the bug with one of so many seeds.
func seek(ctx context.Context, bug planted.Bug, config chaos.Config, seeds uint64) (found bool, err error) {
	root, err := filepath.Abs(".")
	if err != nil {
		return false, err
	}
	if config.Build, err = os.MkdirTemp("", "planted"); err != nil {
		return false, err
	}
	defer os.RemoveAll(config.Build)
	if err := planted.Plant(ctx, root, bug, config.Build); err != nil {
		return false, err
	}
	config.Progress = func(phase string) { fmt.Fprintln(os.Stderr, time.Now().Format(time.TimeOnly), bug.Name, phase) }
	for end := config.Seed + seeds; config.Seed < end && !found && err == nil; config.Seed++ {
		found, err = try(ctx, bug, config)
	}
	return found, err
}

// try reports whether the experiment finds the bug with its seed.
func try(ctx context.Context, bug planted.Bug, config chaos.Config) (found bool, err error) {
	report, err := chaos.Run(ctx, config)
	if err != nil {
		return false, fmt.Errorf("%s: %w", bug.Name, err)
	}
	kinds := map[check.Kind]int{}
	for _, finding := range report.Findings {
		kinds[finding.Kind]++
		found = found || slices.Contains(bug.Finds, finding.Kind)
	}
	var words []string
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		words = append(words, fmt.Sprintf("%s %d", kind, kinds[kind]))
	}
	fmt.Printf("%-38s seed %d %-9s %s\n", bug.Name, config.Seed, map[bool]string{true: "found", false: "NOT FOUND"}[found], cmp.Or(strings.Join(words, ", "), "nothing"))
	return found, nil
}
