package footprint

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/serverless-ocpp/backend/local/bench/program"
	"github.com/serverless-ocpp/backend/local/bench/report"
)

// Budgets of the system; that of memory is package memory's.
const (
	budgetStart = 15 * time.Millisecond
	budgetZip   = 8 << 20
)

// Options say what to measure.
type Options struct {
	Template  string   // see cloud.Options
	BuildDir  string   // likewise
	Starts    int      // of each function; default 20
	Functions []string // folders of the functions; default all
}

// Tables measures.
func Tables(ctx context.Context, options Options) ([]report.Table, error) {
	if options.Starts == 0 {
		options.Starts = 20
	}
	stack, err := program.NewStack(options.Template)
	if err != nil {
		return nil, err
	}
	defer stack.Close()
	table := report.Table{
		Title:   "Functions",
		About:   fmt.Sprintf("Each program is started %d times under a runtime API of its own, until it asks for its first event. Memory is the resident set by then.", options.Starts),
		Columns: []string{"function", "start, ms: median", "slowest", "zip, MB", "memory, MB"},
		Notes: []string{fmt.Sprintf("budgets: start %v, zip %d MB; the programs are built for this machine (%s)",
			budgetStart, budgetZip>>20, filepath.Base(options.BuildDir))},
	}
	var over []string
	for _, name := range slices.Sorted(maps.Keys(stack.Environments)) {
		if len(options.Functions) > 0 && !slices.Contains(options.Functions, name) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		f, err := measure(options, name, stack.Environments[name])
		if err != nil {
			return nil, fmt.Errorf("function %s: %w", name, err)
		}
		table.Add(name, milliseconds(f.median()), milliseconds(f.starts[len(f.starts)-1]), megabytes(f.zip), megabytes(f.fresh))
		over = append(over, f.exceeded()...)
	}
	if len(over) > 0 {
		table.Notes = append(table.Notes, "over budget: "+strings.Join(over, "; "))
	} else {
		table.Notes = append(table.Notes, "all are within their budgets")
	}
	return []report.Table{table}, nil
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f", float64(d)/float64(time.Millisecond))
}

func megabytes(bytes int64) string { return fmt.Sprintf("%.1f", float64(bytes)/(1<<20)) }
