package chaos

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/serverless-ocpp/backend/local/chaos/check"
	"github.com/serverless-ocpp/backend/local/fault"
	"github.com/serverless-ocpp/backend/local/fleet/ledger"
)

// Report is what came out.
type Report struct {
	Config       Config
	Phases       []Phase
	Faults       fault.State
	Totals       ledger.Totals
	Transactions int
	Readings     int
	Frames       int
	Commands     map[string]int // by state
	DeadEvents   int            // events that were given up, and are kept
	Redriven     int
	Absent       []string // charge points that did not come back
	Left         string   // what was under way when time was up
	Findings     []check.Finding
}

// Phase is a part of the experiment, and how long it took.
type Phase struct {
	Name string
	Took time.Duration
}

func (r *Report) count(told check.Told, known check.Known) {
	r.Commands = map[string]int{}
	for _, record := range known.ChargePoints {
		r.Transactions += len(record.Transactions)
		for _, readings := range record.Readings {
			r.Readings += len(readings)
		}
		for _, frames := range record.Frames {
			r.Frames += len(frames)
		}
		for _, command := range record.Commands {
			r.Commands[command.State]++
		}
	}
	r.DeadEvents = len(known.DeadLetters[eventsLetter])
}

// shownFindings is how many are printed in detail.
const shownFindings = 20

// Print writes the report as text.
func (r *Report) Print(w io.Writer) {
	kinds := map[fault.Kind]int{}
	for _, rule := range r.Faults.Rules {
		kinds[rule.Kind] += rule.Injected
	}
	fmt.Fprintf(w, "seed %d, %d charge points, %v of faults at %g, %d kills\n", r.Config.Seed, r.Config.Count, r.Config.For, r.Config.Mix, r.Config.Kills)
	fmt.Fprintf(w, "faults      %d:", r.Faults.Injected())
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		fmt.Fprintf(w, " %s %d", kind, kinds[kind])
	}
	t := r.Totals
	fmt.Fprintf(w, "\nmessages    %d sent, %d answered, %d of them with a CALLERROR, %d without an answer, %d repeated, %d given up\n",
		t.Sent, t.Answered, t.CallErrors, t.TimedOut, t.Repeated, t.GivenUp)
	fmt.Fprintf(w, "connections %d, %d handshakes refused, %d lost\n", t.Connects, t.Refused, t.Losses)
	fmt.Fprintf(w, "stored      %d frames, %d transactions, %d readings\n", r.Frames, r.Transactions, r.Readings)
	fmt.Fprint(w, "commands   ")
	for _, state := range slices.Sorted(maps.Keys(r.Commands)) {
		fmt.Fprintf(w, " %s %d", state, r.Commands[state])
	}
	fmt.Fprintf(w, "; %d arrived\n", t.Commands)
	fmt.Fprintf(w, "dead        %d letters redriven, %d events kept\n", r.Redriven, r.DeadEvents)
	fmt.Fprint(w, "time       ")
	for _, phase := range r.Phases {
		fmt.Fprintf(w, " %s %v", phase.Name, phase.Took.Round(time.Second))
	}
	fmt.Fprintln(w)
	if r.Left != "" {
		fmt.Fprintf(w, "not settled %s\n", r.Left)
	}
	losses := map[check.Kind]int{}
	for _, f := range r.Findings {
		losses[f.Kind]++
	}
	fmt.Fprintf(w, "losses      %d\n", len(r.Findings))
	for _, kind := range slices.Sorted(maps.Keys(losses)) {
		fmt.Fprintf(w, "  %-28s %d\n", kind, losses[kind])
	}
	for i, f := range r.Findings {
		if i == shownFindings {
			fmt.Fprintf(w, "  and %d more\n", len(r.Findings)-i)
			break
		}
		fmt.Fprintf(w, "  %.900s\n", f)
	}
}
