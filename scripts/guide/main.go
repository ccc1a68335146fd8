// Command guide runs the commands of the operators' documents, as a reader would who copies them into a terminal: with the real
// AWS CLI and bash, against a stand-in of its own. A command that fails, or prints something else than the document says, ends it
// with status 1 and the line of the document. It needs the AWS CLI; `make test-guide` starts it.
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/serverless-ocpp/backend/local/cloud"
)

// documents are run in this order on one stand-in. The first says how to point the commands at it.
var documents = []string{"docs/troubleshooting.md", "scripts/README.md"}

const startLimit = 2 * time.Minute // the stand-in starts in seconds; a busy machine takes longer

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	if _, err := exec.LookPath("aws"); err != nil {
		return fmt.Errorf("the AWS CLI is missing: pip install awscli (%w)", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	stack, err := cloud.Start(ctx, cloud.Options{
		Template: filepath.Join("stack", "testdata", "AwsOcppGatewayStack.template.json"),
		BuildDir: cloud.DefaultBuildDir(),
	})
	if err != nil {
		return fmt.Errorf("start the stand-in in the repository's root, with the functions built: %w", err)
	}
	defer stack.Close()

	terminal, err := newTerminal(stack.Addresses())
	if err != nil {
		return err
	}
	defer terminal.close()
	failures := 0
	for _, name := range documents {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		blocks, err := parse(string(text))
		if err != nil {
			return fmt.Errorf("%s:%w", name, err)
		}
		for _, block := range blocks {
			began := time.Now()
			err := terminal.run(context.Background(), block)
			fmt.Printf("%-5s %s:%d %s (%s, %.1f s)\n", verdict(err), name, block.line, block.heading, block.kind, time.Since(began).Seconds())
			if err != nil {
				fmt.Println(err)
				failures++
			}
		}
	}
	if denied := stack.Calls().Denials(); denied != nil {
		return fmt.Errorf("calls of functions were denied: %w", denied)
	}
	if failures > 0 {
		return fmt.Errorf("%d blocks of commands do not do what the documents say", failures)
	}
	return nil
}

func verdict(err error) string {
	if err != nil {
		return "FAIL"
	}
	return "ok"
}
