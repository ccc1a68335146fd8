// Command console tries the operator's console in a browser, as a person would: two stand-ins, one that takes every call and
// has a fleet, and one whose HTTP API takes tokens, an issuer of tokens, and the tests beside this file, which drive Chromium
// and charge points of their own. It needs Chromium; `make test-console` starts it. The tests leave pictures of the pages in docs/pictures.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/serverless-ocpp/backend/local/cloud"
	"github.com/serverless-ocpp/backend/local/httpapi/issuer"
)

const (
	startLimit = 2 * time.Minute // the stand-in starts in seconds; a busy machine takes longer
	template   = "stack/testdata/AwsOcppGatewayStack.template.json"
)

// browsers are the names that distributions give to Chromium.
var browsers = []string{"chromium", "chromium-browser", "google-chrome"}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(patterns []string) (err error) {
	browser, err := findBrowser()
	if err != nil {
		return err
	}
	issuer, err := issuer.New()
	if err != nil {
		return err
	}
	defer issuer.Close()
	open, err := start(template, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, open.Calls().Denials(), open.Close()) }()
	stopFleet, err := startFleet(open)
	if err != nil {
		return err
	}
	defer stopFleet()
	folder, err := os.MkdirTemp("", "console")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	tokens := filepath.Join(folder, filepath.Base(template))
	if err := takingTokens(template, tokens, issuer.URL); err != nil {
		return err
	}
	guarded, err := start(tokens, map[string]string{"JWT_ISSUER": issuer.URL, "JWT_AUDIENCE": "depot", "CONSOLE_CLIENT_ID": "console"})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, guarded.Close()) }()

	tests, err := filepath.Glob("e2e/console/*.test.mjs")
	if err != nil {
		return err
	}
	slices.Sort(tests)
	node := exec.Command("node", slices.Concat([]string{"--test", "--test-concurrency=1"}, patterns, tests)...)
	node.Env = append(os.Environ(), "BROWSER="+browser, "HTTP_API="+open.Addresses().HTTP, "CHARGE_POINTS="+open.Addresses().ChargePoints,
		"GUARDED_HTTP_API="+guarded.Addresses().HTTP, "ISSUER="+issuer.URL)
	node.Stdout, node.Stderr = os.Stdout, os.Stderr
	if err := node.Run(); err != nil {
		return fmt.Errorf("the console does not work as it should: %w", err)
	}
	return nil
}

// findBrowser looks for a Chromium; the variable CHROMIUM names one.
func findBrowser() (string, error) {
	if path := os.Getenv("CHROMIUM"); path != "" {
		return exec.LookPath(path)
	}
	for _, name := range browsers {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("Chromium is missing: apt-get install chromium, or make test-console CHROMIUM=$(scripts/chromium.sh)")
}

func start(template string, environment map[string]string) (*cloud.Cloud, error) {
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	stack, err := cloud.Start(ctx, cloud.Options{Template: template, BuildDir: cloud.DefaultBuildDir(), Environment: environment})
	if err != nil {
		return nil, fmt.Errorf("start the stand-in in the repository's root, with the functions built: %w", err)
	}
	return stack, nil
}
