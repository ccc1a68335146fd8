// Package handler runs the Go benchmark of the function that answers charge points and makes a table of it.
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
	Time string // of each benchmark, as -benchtime takes it; default 1s
}

// line is a result as `go test -bench` prints it: a name, and values by their units.
type line struct {
	name   string
	values map[string]float64
}

// Tables runs BenchmarkMessage in the repository's root.
func Tables(ctx context.Context, options Options) ([]report.Table, error) {
	if options.Time == "" {
		options.Time = "1s"
	}
	command := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", "^BenchmarkMessage$", "-benchmem", "-benchtime", options.Time, "./functions/message")
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, os.Stderr
	if err := command.Run(); err != nil {
		return nil, fmt.Errorf("%v: %w: %s", command.Args, err, &output)
	}
	lines, err := parse(output.String())
	if err != nil {
		return nil, err
	}
	if len(lines) == 0 {
		return nil, fmt.Errorf("%v printed no result: %s", command.Args, &output)
	}
	return []report.Table{tableOf(lines)}, nil
}

func tableOf(lines []line) report.Table {
	table := report.Table{
		Title: "Handler time of message",
		About: "From API Gateway's event to the answer's way out, with AWS services that take no time: parsing, validation, decision, encoding, the journal's JSON and the log line. " +
			"Anyone can run it: go test -bench Message ./functions/message.",
		Columns: []string{"message", "mean, µs", "p99, µs", "allocations", "bytes"},
	}
	var over []string
	for _, l := range lines {
		p99 := l.values["p99-ns/op"]
		table.Add(l.name, fmt.Sprintf("%.1f", l.values["ns/op"]/1000), fmt.Sprintf("%.1f", p99/1000), l.values["allocs/op"], l.values["B/op"])
		if p99/1000 > budgetMicroseconds || l.values["allocs/op"] > budgetAllocations {
			over = append(over, l.name)
		}
	}
	table.Notes = []string{fmt.Sprintf("budget: p99 %g µs, %g allocations", budgetMicroseconds, budgetAllocations)}
	if len(over) > 0 {
		table.Notes = append(table.Notes, "over budget: "+strings.Join(over, ", "))
	} else {
		table.Notes = append(table.Notes, "all are within it")
	}
	return table
}

// parse reads what `go test -bench` prints.
func parse(output string) ([]line, error) {
	var lines []line
	for scanner := bufio.NewScanner(strings.NewReader(output)); scanner.Scan(); {
		fields := strings.Fields(scanner.Text())
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "BenchmarkMessage/") {
			continue
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(fields[0], "BenchmarkMessage/"), "-") // behind it is GOMAXPROCS
		l := line{name: strings.Replace(name, "/", " ", 1), values: map[string]float64{}}
		for i := 2; i+1 < len(fields); i += 2 { // behind the name and the number of rounds
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
