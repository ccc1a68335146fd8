// Command bench measures the system: what the functions need, how fast the whole answers, and what it costs. It prints tables, and
// writes them to docs/benchmarks.md with -write. Run it in the repository's root, with make bench.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/serverless-ocpp/backend/local/bench/report"
	"github.com/serverless-ocpp/backend/local/bench/target"
	"github.com/serverless-ocpp/backend/local/cloud"
)

const (
	exitFailed = 1
	exitUsage  = 2

	highest = 1_000_000 // of a rate, a storm and a duration in seconds: what is no number is neither above nothing nor below this
)

func main() {
	target.Serve() // in the processes that are measured
	s, err := parse(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		os.Exit(exitUsage) // parse has said why
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, s); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitFailed)
	}
}

// settings are what the command line says.
type settings struct {
	build, template string
	sections        []string
	sizes           []int
	storm           int
	rate            float64
	duration        time.Duration
	profile         string
	messages        int
	quick           bool
	write           string
}

func parse(arguments []string) (s settings, err error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.StringVar(&s.build, "build", cloud.DefaultBuildDir(), "`folder` of the functions' programs")
	flags.StringVar(&s.template, "template", "stack/testdata/AwsOcppGatewayStack.template.json", "the synthesized template, `NAME.template.json`")
	chosen := flags.String("sections", strings.Join(names(), ","), "`list` of what to measure")
	sizes := flags.String("sizes", "1,50,500,1000", "speed: `list` of how many charge points are busy")
	flags.IntVar(&s.storm, "storm", 1000, "speed: how many charge points connect at once")
	flags.Float64Var(&s.rate, "rate", 500, "speed: messages a second of the open loop")
	flags.DurationVar(&s.duration, "duration", 8*time.Second, "speed: how long each measurement takes")
	flags.StringVar(&s.profile, "profile", "", "speed: `file` for a CPU profile of the stand-in")
	flags.IntVar(&s.messages, "messages", 100_000, "memory: how many messages or other events each function gets; those that run every five minutes get a tenth")
	flags.BoolVar(&s.quick, "quick", false, "everything in short: to see that it works, not for figures")
	flags.StringVar(&s.write, "write", "", "write the tables to this `file` too, docs/benchmarks.md")
	fail := func(err error) (settings, error) {
		fmt.Fprintln(flags.Output(), err)
		flags.Usage()
		return s, err
	}
	if err := flags.Parse(arguments); err != nil {
		return s, err
	}
	if flags.NArg() > 0 {
		return fail(fmt.Errorf("unexpected argument %q", flags.Arg(0)))
	}
	for name := range strings.SplitSeq(*chosen, ",") {
		if !slices.Contains(names(), name) {
			return fail(fmt.Errorf("-sections: there is no %q, but %s", name, strings.Join(names(), ", ")))
		}
		if !slices.Contains(s.sections, name) {
			s.sections = append(s.sections, name)
		}
	}
	for text := range strings.SplitSeq(*sizes, ",") {
		size, err := strconv.Atoi(text)
		if err != nil || size < 1 {
			return fail(fmt.Errorf("-sizes: %q is no number of charge points", text))
		}
		s.sizes = append(s.sizes, size)
	}
	for name, number := range map[string]float64{"storm": float64(s.storm), "rate": s.rate, "duration": s.duration.Seconds()} {
		if !(number > 0 && number <= highest) {
			return fail(fmt.Errorf("-%s: %s measures nothing", name, flags.Lookup(name).Value))
		}
	}
	if s.write != "" && len(s.sections) < len(sections) {
		return fail(errors.New("-write: the document has all sections, not those of -sections alone"))
	}
	return s, nil
}

// run measures section by section and prints each table as soon as it is there.
func run(ctx context.Context, s settings) error {
	began := time.Now()
	var all []report.Table
	for _, section := range sections {
		if !slices.Contains(s.sections, section.name) {
			continue
		}
		started := time.Now()
		fmt.Printf("\n%s …\n", section.about)
		tables, err := section.measure(ctx, s)
		if err != nil {
			return fmt.Errorf("%s: %w", section.name, err)
		}
		for _, table := range tables {
			if err := table.Text(os.Stdout); err != nil {
				return err
			}
		}
		fmt.Printf("  (took %v)\n", time.Since(started).Round(time.Second))
		all = append(all, tables...)
	}
	if s.write == "" {
		return nil
	}
	return write(s, began, all)
}
