// Command local runs the whole system on this machine: the functions and the template that are deployed, on stand-ins for
// the AWS services they use. Run it in the repository's root, with make run.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/serverless-ocpp/backend/local/cloud"
	"github.com/serverless-ocpp/backend/local/console"
)

const (
	exitFailed = 1
	exitUsage  = 2
	exitForced = 130 // as of a shell command that Ctrl-C ended

	maxPort = 1<<16 - 1
)

func main() {
	options, verbose, err := parse(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		os.Exit(exitUsage) // parse has said why
	}
	options.Log = slog.New(console.NewHandler(os.Stdout, console.Options{
		Verbose: verbose,
		Colours: console.Terminal(os.Stdout),
		Stack:   options.StackName(),
	}))
	cloud.Settle(options.Log)
	if err := run(options); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitFailed)
	}
}

func parse(arguments []string) (options cloud.Options, verbose bool, err error) {
	flags := flag.NewFlagSet("local", flag.ContinueOnError)
	flags.StringVar(&options.DataDir, "data", "", "keep all state in this `folder`; without it everything is forgotten at the end")
	flags.StringVar(&options.BuildDir, "build", cloud.DefaultBuildDir(), "`folder` of the functions' binaries")
	flags.StringVar(&options.Template, "template", "stack/testdata/AwsOcppGatewayStack.template.json", "the synthesized template, `NAME.template.json`")
	flags.BoolVar(&options.Auth, "auth", false, "demand charge points' keys and signed calls of the HTTP API, as the deployed stack does")
	flags.BoolVar(&verbose, "v", false, "show everything, the functions' logs included")
	offset := flags.Int("port-offset", 0, "move all ports by `N`")
	var faults faultFlags
	faults.register(flags)
	if err := flags.Parse(arguments); err != nil {
		return options, false, err
	}
	if flags.NArg() > 0 {
		err := fmt.Errorf("unexpected argument %q", flags.Arg(0))
		fmt.Fprintln(flags.Output(), err)
		flags.Usage()
		return options, false, err
	}
	if options.Faults, err = faults.plan(); err != nil {
		fmt.Fprintln(flags.Output(), err)
		return options, false, err
	}
	options.Ports = cloud.DefaultPorts(*offset)
	if highest := max(options.Ports.ChargePoints, options.Ports.HTTP, options.Ports.AWS, options.Ports.MQTT); *offset < 0 || highest > maxPort {
		err := fmt.Errorf("-port-offset %d: it is 0 to %d", *offset, maxPort-(highest-*offset))
		fmt.Fprintln(flags.Output(), err)
		return options, false, err
	}
	return options, verbose, nil
}

// run holds the stack until a signal comes. A second one does not wait for an orderly end.
func run(options cloud.Options) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	running, err := cloud.Start(ctx, options)
	if err != nil {
		if ctx.Err() != nil {
			return nil // whoever ended it while it started wants no error
		}
		return err
	}
	welcome(os.Stdout, options, running)
	var died error
	select {
	case <-ctx.Done():
	case died = <-running.Died():
	}

	forced := make(chan os.Signal, 1)
	signal.Notify(forced, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-forced
		os.Exit(exitForced)
	}()
	fmt.Println("Ending; press Ctrl-C once more to end at once.")
	return errors.Join(died, running.Close())
}
