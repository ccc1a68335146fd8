// Package handler runs the Go benchmark of the function that answers charge points and makes tables of it.
package handler

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"github.com/serverless-ocpp/backend/local/bench/report"
)

// Budgets of the system.
const (
	budgetMicroseconds = 100.0 // at the 99th percentile
	budgetAllocations  = 100.0
)

// Options say what to run.
type Options struct {
	Runs   int // of each action in a round; default 10,000, of which a hundred are above the 99th percentile
	Rounds int // of which the best counts; default 3
}

// line is a result as `go test -bench` prints it: version, action, and values by their units.
type line struct {
	version, action string
	values          map[string]float64
}

// Tables runs BenchmarkMessage in the repository's root.
func Tables(ctx context.Context, options Options) ([]report.Table, error) {
	if options.Runs == 0 {
		options.Runs = 10_000
	}
	if options.Rounds == 0 {
		options.Rounds = 3
	}
	var best []line
	for range options.Rounds {
		lines, err := round(ctx, options.Runs)
		if err != nil {
			return nil, err
		}
		best = better(best, lines)
	}
	return tablesOf(best, options), nil
}

// round runs every action. The rounds of one action are far apart, so that not all of them meet what else the machine does.
func round(ctx context.Context, runs int) ([]line, error) {
	command := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", "^BenchmarkMessage$", "-benchmem", "-cpu", "1",
		"-benchtime", strconv.Itoa(runs)+"x", "./functions/message")
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, os.Stderr
	if err := command.Run(); err != nil {
		return nil, fmt.Errorf("%v: %w: %s", command.Args, err, &output)
	}
	lines, err := parse(output.String())
	if err == nil && len(lines) == 0 {
		err = fmt.Errorf("%v printed no result: %s", command.Args, &output)
	}
	return lines, err
}

// better takes the least of each value: what disturbs a measurement makes it slower, and nothing makes it faster.
func better(best, lines []line) []line {
	for i := range best {
		for unit, value := range lines[i].values {
			best[i].values[unit] = min(best[i].values[unit], value)
		}
	}
	if best == nil {
		return lines
	}
	return best
}

// tablesOf makes one table of each version.
func tablesOf(lines []line, options Options) []report.Table {
	var tables []report.Table
	var over [][]string // of each table
	for _, l := range lines {
		title := "Handler time of message, " + l.version
		if len(tables) == 0 || tables[len(tables)-1].Title != title {
			tables = append(tables, report.Table{Title: title, Columns: []string{"message", "mean, µs", "p99, µs", "allocations", "bytes"}})
			over = append(over, nil)
		}
		last := len(tables) - 1
		p99, allocations := l.values["p99-ns/op"]/1000, l.values["allocs/op"]
		tables[last].Add(l.action, fmt.Sprintf("%.1f", l.values["ns/op"]/1000), fmt.Sprintf("%.1f", p99), allocations, l.values["B/op"])
		if p99 > budgetMicroseconds || allocations > budgetAllocations {
			over[last] = append(over[last], l.action)
		}
	}
	for i := range tables {
		tables[i].Notes = []string{fmt.Sprintf("budget: p99 %g µs, %g allocations; %s", budgetMicroseconds, budgetAllocations, verdict(over[i]))}
	}
	if len(tables) > 0 {
		tables[0].About = about(options)
	}
	return tables
}

func verdict(over []string) string {
	if len(over) == 0 {
		return "all are within it"
	}
	return "over budget: " + strings.Join(over, ", ")
}

func about(options Options) string {
	return fmt.Sprintf("Every action that a charge point may send, from API Gateway's event to the answer's way out, with AWS services that take no time: parsing, validation, decision, "+
		"encoding, the journal's JSON, metrics and the log line. Each is handled %d times without a pause on one processor; the garbage collector, set as in the function, works meanwhile and is in the "+
		"figures. Of %d such rounds, between which all other actions are measured, the least of each figure counts, because the machine does other things, too. Lambda gives a function of "+
		"256 MB a seventh of a processor, so that it may take longer there. Anyone can run it: go test -bench Message -benchtime %[1]dx -cpu 1 ./functions/message.",
		options.Runs, options.Rounds)
}

// parse reads what `go test -bench` prints.
func parse(output string) ([]line, error) {
	var lines []line
	for scanner := bufio.NewScanner(strings.NewReader(output)); scanner.Scan(); {
		fields := strings.Fields(scanner.Text())
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "BenchmarkMessage/") {
			continue
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(fields[0], "BenchmarkMessage/"), "-") // behind it is GOMAXPROCS, unless it is 1
		l := line{values: map[string]float64{}}
		l.version, l.action, _ = strings.Cut(name, "/")
		for i := 2; i+1 < len(fields); i += 2 { // behind the name and the number of runs
			value, err := strconv.ParseFloat(fields[i], 64)
			if err != nil {
				return nil, fmt.Errorf("%q: %w", scanner.Text(), err)
			}
			l.values[fields[i+1]] = value
		}
		lines = append(lines, l)
	}
	return lines, nil
}
