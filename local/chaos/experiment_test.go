package chaos

import (
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

// seed is that of the test, unless CHAOS_SEED is another.
const seed = 6

// A short run: make chaos is the long one.
func TestNothingIsLost(t *testing.T) {
	t.Setenv("AWS_CA_BUNDLE", "") // of the machine's own network; the client would take it for that of 127.0.0.1
	config := Config{
		Seed: seed, Count: 12, For: 8 * time.Second, Mix: 0.5, Speed: 120, PerSecond: 4, Answers: 3 * time.Second, Settle: 2 * time.Minute,
		Build: "../../build/" + runtime.GOARCH, Template: "../../stack/testdata/AwsOcppGatewayStack.template.json",
	}
	if text := os.Getenv("CHAOS_SEED"); text != "" {
		var err error
		if config.Seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("CHAOS_SEED: %v", err)
		}
	}
	t.Logf("seed %d", config.Seed)
	report, err := Run(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	report.Print(&text)
	t.Log("\n" + text.String())
	if len(report.Findings) > 0 {
		t.Errorf("%d losses", len(report.Findings))
	}
	if report.Faults.Injected() == 0 || report.Transactions == 0 || len(report.Commands) == 0 {
		t.Error("nothing was tried")
	}
}
