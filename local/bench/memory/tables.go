// Package memory measures whether the memory of functions stays as it is, however many events one instance deals with. The
// programs are those that are deployed; the events are the samples of events/, each of another charge point and connection, so
// that what a function remembers of one shows.
package memory

import (
	"context"
	"fmt"
	"strings"

	"github.com/serverless-ocpp/backend/local/bench/program"
	"github.com/serverless-ocpp/backend/local/bench/report"
)

// budget of a function.
const budget = 40 << 20

// fewest messages of which a fiftieth can be told.
const fewest = 50

// Options say what to measure.
type Options struct {
	Template string // see cloud.Options
	BuildDir string // likewise
	Samples  string // the folder events/
	Messages int    // or other events that each function gets; those that run every five minutes get a tenth
}

// Tables gives one instance of each function its messages, and tells its resident set. An error names the function that could not be
// measured.
func Tables(ctx context.Context, options Options) ([]report.Table, error) {
	if options.Messages < fewest {
		return nil, fmt.Errorf("memory after a fiftieth of %d messages cannot be told: give at least %d", options.Messages, fewest)
	}
	stack, err := program.NewStack(options.Template)
	if err != nil {
		return nil, err
	}
	defer stack.Close()
	all, err := measureAll(ctx, options, stack)
	if err != nil {
		return nil, err
	}
	table := report.Table{
		Title: "Memory over many events",
		About: fmt.Sprintf("One instance of each function deals with as many events as stand beside it, each of another charge point or connection, against AWS services that agree at once. "+
			"Those of processor are batches of %d messages, of which each counts; the canary visits a WebSocket that answers as the stack's does. Memory is the resident set.", batch),
		Columns: []string{"function", "events", "MB after a fiftieth of them", "after half", "after all", "growth, MB", "growth in the second half, MB"},
	}
	var over []string
	for i, f := range all {
		table.Add(subjects[i].function, f.messages, megabytes(f.early), megabytes(f.half), megabytes(f.late), megabytes(f.late-f.early), megabytes(f.late-f.half))
		if f.late > budget {
			over = append(over, subjects[i].function)
		}
	}
	table.Notes = []string{
		"memory is flat when nothing grows in the second half: what a function remembers is bounded (message: 10,000 connections, of five messages each here), and Go's collector lets the rest come and go",
		fmt.Sprintf("budget: %d MB; %s", budget>>20, verdict(over)),
	}
	return []report.Table{table}, nil
}

func verdict(over []string) string {
	if len(over) == 0 {
		return "all are within it"
	}
	return "over budget: " + strings.Join(over, ", ")
}

func megabytes(bytes int64) string { return fmt.Sprintf("%.1f", float64(bytes)/(1<<20)) }
