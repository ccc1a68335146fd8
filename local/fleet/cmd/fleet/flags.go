package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/serverless-ocpp/backend/local/cloud"
	"github.com/serverless-ocpp/backend/local/fleet"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// settings are what the flags say.
type settings struct {
	fleet   fleet.Options
	api     string // "" registers nothing
	every   time.Duration
	lasts   time.Duration // 0 has no end
	verbose bool
	signed  bool   // calls of the HTTP API, by AWS credentials
	token   string // for the HTTP API, in place of a signature

	system bool // start it as well
	ports  cloud.Ports
}

const (
	liveBefore = 6 * time.Hour  // enough transactions to recognize a day in
	liveHour   = 14 * time.Hour // of the drivers' day, when a live fleet begins to go with the real time
)

// protocols are the versions by the names that people give them.
var protocols = map[string]ocppj.Version{"1.6": ocppj.V16, "2.0.1": ocppj.V201, "2.1": ocppj.V21}

// parse reads the command line. A wrong one is told on output in one sentence, and an error.
func parse(arguments []string, now time.Time, output io.Writer) (settings, error) {
	var (
		s               settings
		versions, start string
		seed            uint64
	)
	flags := flag.NewFlagSet("fleet", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // the sentence below is enough; help is written by itself
	flags.IntVar(&s.fleet.Count, "n", 10, "how `many` charge points")
	flags.StringVar(&s.fleet.URL, "url", "ws://127.0.0.1:8080", "`URL` of the central system, to which /ID is appended")
	flags.StringVar(&s.api, "api", "", "`URL` of the HTTP API: register charge points and id tokens there, and use the keys it gives")
	flags.BoolVar(&s.signed, "sigv4", false, "sign the calls of -api with the AWS credentials and Region of the environment, as a deployed stack wants it")
	flags.StringVar(&s.token, "token", "", "`token` of the stack's issuer for -api, in place of signatures")
	flags.StringVar(&versions, "versions", "1.6,2.0.1,2.1", "OCPP `versions`, taken in turn")
	flags.StringVar(&s.fleet.Prefix, "prefix", "FLEET-", "`beginning` of the charge points' ids")
	flags.Uint64Var(&seed, "seed", 0, "`number` that decides what happens; 0 takes a new one, and tells it")
	flags.Float64Var(&s.fleet.Speed, "speed", 1, "simulated seconds per real `second`")
	flags.StringVar(&start, "start", "", "simulated `time` at the start, as 2026-06-01T07:00:00Z (default today 07:00 UTC)")
	flags.BoolVar(&s.fleet.Live, "live", false, "begin six hours ago, pass through them at -speed, and go on in real time; it is then two in the afternoon where the drivers are")
	flags.Float64Var(&s.fleet.Visits, "visits", 5, "`cars` per connector and day, on average")
	flags.Float64Var(&s.fleet.Outages, "outages", 3, "lost `connections` per charge point and day, on average")
	flags.DurationVar(&s.fleet.RampUp, "ramp", 0, "real `time` over which the charge points are switched on (default 20ms each)")
	flags.DurationVar(&s.every, "every", 5*time.Second, "`time` between two lines of progress")
	flags.DurationVar(&s.lasts, "for", 0, "real `time` until the end (default: until Ctrl-C)")
	flags.BoolVar(&s.system, "system", false, "start the whole system on this machine as well, and use that (make demo)")
	offset := flags.Int("port-offset", 0, "move all ports of -system by `N`")
	flags.BoolVar(&s.verbose, "v", false, "log every connection and refusal")
	if err := flags.Parse(arguments); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(output, "fleet runs virtual charge points against a central system. Flags:")
			flags.SetOutput(output)
			flags.PrintDefaults()
		} else {
			fmt.Fprintf(output, "%v; -h lists the flags.\n", err)
		}
		return settings{}, err
	}
	s.fleet.Seed, s.ports = seed, cloud.DefaultPorts(*offset)
	if seed == 0 {
		s.fleet.Seed = uint64(now.UnixMilli())
	}
	if err := s.check(versions, start, now, flags.Args()); err != nil {
		fmt.Fprintf(output, "%v; -h lists the flags.\n", err)
		return settings{}, err
	}
	return s, nil
}

// check completes the settings, or says what is wrong with them.
func (s *settings) check(versions, start string, now time.Time, rest []string) error {
	if len(rest) > 0 {
		return fmt.Errorf("unexpected argument %q", rest[0])
	}
	if s.fleet.Count < 1 {
		return fmt.Errorf("-n %d: at least 1 charge point is needed", s.fleet.Count)
	}
	if s.fleet.Speed <= 0 {
		return fmt.Errorf("-speed %v: time has to pass", s.fleet.Speed)
	}
	if s.fleet.Visits < 0 || s.fleet.Outages < 0 || s.lasts < 0 || s.fleet.RampUp < 0 {
		return errors.New("-visits, -outages, -for and -ramp cannot be below 0")
	}
	if s.every <= 0 {
		return fmt.Errorf("-every %v: it is above 0", s.every)
	}
	if err := wantURL("url", s.fleet.URL, "ws", "wss"); err != nil {
		return err
	}
	s.fleet.URL = strings.TrimSuffix(s.fleet.URL, "/")
	if s.api != "" {
		if err := wantURL("api", s.api, "http", "https"); err != nil {
			return err
		}
		s.api = strings.TrimSuffix(s.api, "/")
	}
	for name := range strings.SplitSeq(versions, ",") {
		version, ok := protocols[strings.TrimPrefix(strings.TrimSpace(name), "ocpp")]
		if !ok {
			return fmt.Errorf("-versions %q: %q is none of 1.6, 2.0.1 and 2.1", versions, name)
		}
		s.fleet.Versions = append(s.fleet.Versions, version)
	}
	if s.fleet.Live {
		if start != "" || s.fleet.Speed <= 1 {
			return errors.New("-live chooses its own -start, and catches up with a -speed above 1")
		}
		s.fleet.Start = now.Add(-liveBefore)
		s.fleet.Zone = liveHour - now.Sub(now.UTC().Truncate(24*time.Hour))
	}
	if start != "" {
		at, err := time.Parse(time.RFC3339, start)
		if err != nil {
			return fmt.Errorf("-start %q is no time such as 2026-06-01T07:00:00Z", start)
		}
		s.fleet.Start = at
	}
	return nil
}

func wantURL(name, text string, schemes ...string) error {
	parsed, err := url.Parse(text)
	if err == nil && parsed.Host != "" {
		for _, scheme := range schemes {
			if parsed.Scheme == scheme {
				return nil
			}
		}
	}
	return fmt.Errorf("-%s %q does not begin with %s://HOST", name, text, strings.Join(schemes, "://HOST or "))
}
