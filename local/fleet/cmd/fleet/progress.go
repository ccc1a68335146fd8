package main

import (
	"fmt"
	"io"
	"time"

	"github.com/serverless-ocpp/backend/local/fleet"
)

// progress writes what goes on.
type progress struct {
	out   io.Writer
	count int
	last  fleet.Snapshot
	at    time.Time
}

// line writes one line about the time since the last one.
func (p *progress) line(simulated, now time.Time, s fleet.Snapshot) {
	perSecond := 0.0
	if passed := now.Sub(p.at).Seconds(); passed > 0 {
		perSecond = float64(s.Sent+s.Received-p.last.Sent-p.last.Received) / passed
	}
	fmt.Fprintf(p.out, "%s  %d/%d connected, %d charging, %.0f messages/s, %d transactions, %d commands, %d errors, answers p50 %s p99 %s\n",
		simulated.Format("Jan 2 15:04"), s.Connected, p.count, s.Charging, perSecond, s.Begun, s.Commands, s.Errors(),
		short(s.Quantile(p.last, 0.5)), short(s.Quantile(p.last, 0.99)))
	p.last, p.at = s, now
}

// short leaves of a duration what a reader compares.
func short(d time.Duration) string {
	if d < 10*time.Millisecond {
		return d.Round(100 * time.Microsecond).String()
	}
	return d.Round(time.Millisecond).String()
}

// summary writes what it all came to.
func summary(out io.Writer, f *fleet.Fleet, ran time.Duration) {
	s := f.Statistics().Snapshot()
	open := 0
	for _, station := range f.Stations() {
		for _, tx := range station.Ledger().Transactions() {
			if !tx.EndAnswered {
				open++
			}
		}
	}
	fmt.Fprintf(out, `
%d charge points ran for %s, until %s of their time.
  connections   %d made, %d refused, %d lost or dropped as planned
  messages      %d sent, %d answered: p50 %s, p99 %s
  transactions  %d begun, %d ended, %.1f kWh; %d whose end was not acknowledged
  commands      %d obeyed
  errors        %d: %d CALLERRORs, %d unanswered, %d refused connections, %d messages given up, %d frames that are not OCPP
`,
		len(f.Stations()), ran.Round(time.Second), f.Now().Format("Jan 2 15:04"),
		s.Connects, s.Refused, s.Losses,
		s.Sent, s.Answers, short(s.Quantile(fleet.Snapshot{}, 0.5)), short(s.Quantile(fleet.Snapshot{}, 0.99)),
		s.Begun, s.Ended, float64(s.EnergyWh)/1000, open,
		s.Commands,
		s.Errors(), s.CallErrors, s.TimedOut, s.Refused, s.GivenUp, s.Odd)
}
