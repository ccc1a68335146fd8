// Command guide runs the commands of the operators' documents, as a reader would who copies them into a terminal: with the real
// AWS CLI and bash, against a stand-in of its own. A command that fails, or prints something else than the document says, ends it
// with status 1 and the line of the document. It needs the AWS CLI; `make test-guide` starts it. With an argument it runs only what
// stands under headings that contain it: go run ./scripts/guide "Identify the component".
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/serverless-ocpp/backend/local/cloud"
)

// documents are run in this order on one stand-in. The first says how to point the commands at it.
var documents = []string{"docs/troubleshooting.md", "scripts/README.md"}

// others have blocks for a deployed stack, which are checked as well, and some that install or deploy, which are not run.
var others = []string{"docs/deployment.md", "docs/security.md"}

const startLimit = 2 * time.Minute // the stand-in starts in seconds; a busy machine takes longer

func main() {
	if err := run(strings.Join(os.Args[1:], " ")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(heading string) error {
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
	if err := runAll(terminal, heading); err != nil {
		return err
	}
	if denied := stack.Calls().Denials(); denied != nil {
		return fmt.Errorf("calls of functions were denied: %w", denied)
	}
	return nil
}

// runAll runs the blocks of all documents, one after the other as a reader would. Those for a deployed stack need nothing of the
// stand-in and leave nothing behind, so that they run beside the others. heading is a part of those to run under; "" is all.
func runAll(terminal *terminal, heading string) error {
	var failures atomic.Int64
	show := func(name string, b block) {
		began := time.Now()
		err := terminal.run(context.Background(), b)
		line := fmt.Sprintf("%-5s %s:%d %s (%s, %.1f s)\n", verdict(err), name, b.line, b.heading, b.kind, time.Since(began).Seconds())
		if err != nil {
			line += err.Error() + "\n"
			failures.Add(1)
		}
		fmt.Print(line)
	}
	blocksOf := make(map[string][]block)
	for _, name := range slices.Concat(documents, others) {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if blocksOf[name], err = parse(string(text)); err != nil {
			return fmt.Errorf("%s:%w", name, err)
		}
		terminal.prepare(blocksOf[name])
	}
	some := func(names []string, wanted func(kind) bool) {
		for _, name := range names {
			for _, b := range blocksOf[name] {
				if wanted(b.kind) && strings.Contains(b.heading, heading) {
					show(name, b)
				}
			}
		}
	}
	var beside sync.WaitGroup
	beside.Go(func() { some(slices.Concat(documents, others), func(k kind) bool { return k == deployed }) })
	some(documents, func(k kind) bool { return k != deployed })
	beside.Wait()
	if n := failures.Load(); n > 0 {
		return fmt.Errorf("%d blocks of commands do not do what the documents say", n)
	}
	return nil
}

func verdict(err error) string {
	if err != nil {
		return "FAIL"
	}
	return "ok"
}
