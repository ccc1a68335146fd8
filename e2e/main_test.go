// Package e2e drives the whole system, started on this machine as `make run` starts it, with charge
// points that others wrote. It reads the results where users read them: the HTTP API, MQTT, AWS APIs.
package e2e

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/local/cloud"
	"github.com/serverless-ocpp/backend/local/console"
)

const root = ".."

// stack is shared by all tests: each has charge points of its own. logs are the lines of its functions.
var (
	stack *cloud.Cloud
	logs  = newFunctionLog(slog.DiscardHandler)
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	if os.Getenv("E2E_LOG") != "" {
		logs = newFunctionLog(console.NewHandler(os.Stderr, console.Options{Verbose: true}))
	}
	started, err := start(cloud.Options{
		Environment: map[string]string{"DATA_TRANSFER_VENDORS": "com.example", "LOG_LEVEL": "DEBUG"},
		Log:         slog.New(logs),
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	stack = started
	code := m.Run()
	if err := errors.Join(missingGrants(started), unusedGrants(started), removeBinary(), started.Close()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// missingGrants tells which calls of functions were denied: what a role does not allow here fails in the first deployment.
func missingGrants(ran *cloud.Cloud) error {
	if denials := ran.Calls().Denials(); denials != nil {
		return fmt.Errorf("calls of functions were denied; stack/grants.go lacks:\n%w", denials)
	}
	return nil
}

// start starts the system of the committed template on free ports.
func start(options cloud.Options) (*cloud.Cloud, error) {
	return startTemplate(filepath.Join(root, "stack/testdata/AwsOcppGatewayStack.template.json"), options)
}

func startTemplate(file string, options cloud.Options) (*cloud.Cloud, error) {
	options.Template = file
	options.BuildDir = filepath.Join(root, cloud.DefaultBuildDir())
	if _, err := os.Stat(options.BuildDir); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the functions are not built: run `make test`, which builds them first")
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return cloud.Start(ctx, options)
}
