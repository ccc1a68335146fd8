// Package memory measures whether the memory of functions stays as it is, however many events one instance deals with. The
// programs are those that are deployed, under the runtime API of the stand-in; the events are the samples of events/,
// each of another charge point and connection, so that what a function remembers of one shows.
package memory

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"

	"github.com/serverless-ocpp/backend/local/bench/report"
	"github.com/serverless-ocpp/backend/local/lambda"
)

// Tables gives each function n events, one after the other, to one instance, and tells its resident set after a tenth of
// them and after all. binariesDir is build/<architecture> of the repository, as make builds it. An error names the function
// that could not be measured.
//
// Canary and Census are not measured: they run every five minutes, so that 100,000 events would be a year.
func Tables(ctx context.Context, binariesDir string, n int) ([]report.Table, error) {
	if n < 10 {
		return nil, fmt.Errorf("memory after a tenth of %d events cannot be told: give at least 10", n)
	}
	binaries, err := filepath.Abs(binariesDir)
	if err != nil {
		return nil, err
	}
	root := filepath.Join(binaries, "..", "..")
	services := httptest.NewServer(agreeable{})
	defer services.Close()
	environments, err := environmentsOf(root, services.URL)
	if err != nil {
		return nil, err
	}
	table := report.Table{
		Title:   "Memory over many events",
		About:   fmt.Sprintf("One instance of each function deals with %d events, each of another charge point, against AWS services that agree at once.", n),
		Columns: []string{"function", fmt.Sprintf("RSS after %d events, MB", n/10), fmt.Sprintf("RSS after %d events, MB", n), "growth, MB"},
		Notes:   []string{"Memory is flat when the last column is small: what a function remembers is bounded (10,000 connections), and Go's collector lets the rest come and go."},
	}
	for _, s := range subjects {
		event, err := s.events(root)
		if err != nil {
			return nil, err
		}
		early, late, err := measure(ctx, filepath.Join(binaries, s.function, "bootstrap"), environments[s.function], n, event)
		if err != nil {
			return nil, fmt.Errorf("function %s: %w", s.function, err)
		}
		table.Add(s.function, megabytes(early), megabytes(late), megabytes(late-early))
	}
	return []report.Table{table}, nil
}

func megabytes(bytes int64) string { return fmt.Sprintf("%.1f", float64(bytes)/(1<<20)) }

// measure runs one program.
func measure(ctx context.Context, bootstrap string, environment map[string]string, n int, event func(n int) []byte) (early, late int64, err error) {
	const name = "Measured"
	host, err := lambda.New(lambda.Config{
		Region: region, AccountID: account, MaxProcesses: 1,
		Functions: []lambda.Function{{
			Name: name, Bootstrap: bootstrap, Handler: filepath.Base(filepath.Dir(bootstrap)), Timeout: timeout, MemoryMB: 256,
			Env: environment, Credentials: lambda.Credentials{AccessKeyID: "a", SecretAccessKey: "b"}, LogFormat: "JSON", LogLevel: "INFO",
		}},
		Logger: quiet,
	})
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, host.Close()) }()
	for i := range n {
		answer, functionError, err := host.Invoke(ctx, name, event(i))
		if err != nil {
			return 0, 0, err
		}
		if functionError != "" {
			return 0, 0, fmt.Errorf("event %d failed: %.500s", i, answer)
		}
		if i+1 == n/10 {
			if early, err = resident(bootstrap); err != nil {
				return 0, 0, err
			}
		}
	}
	late, err = resident(bootstrap)
	return early, late, err
}

// readSample is a file of events/.
func readSample(root, name string) ([]byte, error) {
	return os.ReadFile(filepath.Join(root, "events", name))
}
