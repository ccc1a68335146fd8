package footprint

import (
	"context"
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/serverless-ocpp/backend/local/bench/report"
)

// Budgets of the system.
const (
	budgetStart  = 15 * time.Millisecond
	budgetZip    = 8 << 20
	budgetMemory = 40 << 20
)

// Options say what to measure.
type Options struct {
	Template  string   // see cloud.Options
	BuildDir  string   // likewise
	Starts    int      // of each function; default 20
	Messages  int      // after which memory is measured; default 10,000
	Functions []string // folders of the functions; default all
}

func (o Options) withDefaults() Options {
	if o.Starts == 0 {
		o.Starts = 20
	}
	if o.Messages == 0 {
		o.Messages = 10_000
	}
	return o
}

// figures are what was measured of a function.
type figures struct {
	name         string
	starts       []time.Duration // sorted
	zip          int64           // bytes
	fresh, after int64           // resident bytes after the start, and after messages; 0 is not measured
}

// Tables measures.
func Tables(ctx context.Context, options Options) ([]report.Table, error) {
	options = options.withDefaults()
	services := httptest.NewServer(agreeable{})
	defer services.Close()
	environments, err := environmentsOf(options, services.URL)
	if err != nil {
		return nil, err
	}
	table := report.Table{
		Title: "Functions",
		About: fmt.Sprintf("Each program is started %d times under a runtime API of its own, until it asks for its first event. The two that messages pass go on with %d messages, "+
			"against AWS services that agree at once; memory is the resident set.", options.Starts, options.Messages),
		Columns: []string{"function", "start, ms: median", "slowest", "zip, MB", "memory, MB: after the start", fmt.Sprintf("after %d messages", options.Messages)},
		Notes: []string{fmt.Sprintf("budgets: start %v, zip %d MB, memory %d MB; the programs are built for this machine (%s)",
			budgetStart, budgetZip>>20, budgetMemory>>20, filepath.Base(options.BuildDir))},
	}
	var over []string
	for _, name := range sorted(environments) {
		if len(options.Functions) > 0 && !slices.Contains(options.Functions, name) {
			continue
		}
		f, err := measure(ctx, options, name, environments[name])
		if err != nil {
			return nil, fmt.Errorf("function %s: %w", name, err)
		}
		after := "-"
		if f.after > 0 {
			after = megabytes(f.after)
		}
		table.Add(name, milliseconds(f.median()), milliseconds(f.starts[len(f.starts)-1]), megabytes(f.zip), megabytes(f.fresh), after)
		over = append(over, f.exceeded()...)
	}
	if len(over) > 0 {
		table.Notes = append(table.Notes, "over budget: "+strings.Join(over, "; "))
	} else {
		table.Notes = append(table.Notes, "all are within their budgets")
	}
	return []report.Table{table}, nil
}

func (f figures) median() time.Duration { return f.starts[len(f.starts)/2] }

// exceeded names the budgets that are not kept.
func (f figures) exceeded() (over []string) {
	if f.median() > budgetStart {
		over = append(over, f.name+" starts in "+f.median().Round(100*time.Microsecond).String())
	}
	if f.zip > budgetZip {
		over = append(over, f.name+" has "+megabytes(f.zip)+" MB")
	}
	if used := max(f.fresh, f.after); used > budgetMemory {
		over = append(over, f.name+" takes "+megabytes(used)+" MB of memory")
	}
	return over
}

func sorted(environments map[string][]string) []string {
	names := make([]string, 0, len(environments))
	for name := range environments {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f", float64(d)/float64(time.Millisecond))
}

func megabytes(bytes int64) string { return fmt.Sprintf("%.1f", float64(bytes)/(1<<20)) }
