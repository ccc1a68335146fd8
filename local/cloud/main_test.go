package cloud

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// The tests run the template that is deployed, with the function of testdata in the place of every one.
const (
	snapshot    = "../../stack/testdata/AwsOcppGatewayStack.template.json"
	repository  = "../.."
	testTimeout = 20 * time.Second
)

var buildDir string

func TestMain(m *testing.M) { os.Exit(runTests(m)) }

func runTests(m *testing.M) int {
	dir, err := os.MkdirTemp("", "functions")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	if err := buildFunctions(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	buildDir = dir
	return m.Run()
}

func buildFunctions(dir string) error {
	binary := filepath.Join(dir, "function")
	build := exec.Command("go", "build", "-tags", "lambda.norpc", "-o", binary, "./testdata/function")
	build.Stdout, build.Stderr = os.Stderr, os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("build testdata/function: %w", err)
	}
	mains, err := filepath.Glob(filepath.Join(repository, "functions", "*", "main.go"))
	if err != nil {
		return err
	}
	for _, main := range mains {
		folder := filepath.Join(dir, filepath.Base(filepath.Dir(main)))
		if err := os.Mkdir(folder, 0o755); err != nil {
			return err
		}
		if err := os.Symlink(binary, filepath.Join(folder, "bootstrap")); err != nil {
			return err
		}
	}
	return nil
}

func testOptions() Options {
	return Options{Template: snapshot, BuildDir: buildDir}
}

func start(t *testing.T, options Options) *Cloud {
	t.Helper()
	started, err := Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := started.Close(); err != nil {
			t.Error(err)
		}
	})
	return started
}

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), testTimeout)
	t.Cleanup(cancel)
	return ctx
}

// eventually repeats a check until it is content; it reports what was missing at last.
func eventually(t *testing.T, check func() error) {
	t.Helper()
	deadline := time.Now().Add(testTimeout)
	for {
		err := check()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// administrator is the configuration of an SDK client that may do everything.
func administrator(c *Cloud) aws.Config {
	issued := c.Administrator()
	return aws.Config{
		Region:       Region,
		BaseEndpoint: aws.String(c.Addresses().AWS),
		Credentials:  credentials.NewStaticCredentialsProvider(issued.AccessKeyID, issued.SecretAccessKey, ""),
	}
}
