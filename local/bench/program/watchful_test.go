package program

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/local/cloud"
)

// TestTheWatchingThreadOfAnIdleFunctionStaysAwake: what the stack sets GODEBUG for (stack/functions.go) hangs on Go's runtime. If this fails
// with a new version of Go, the variable has lost its use.
func TestTheWatchingThreadOfAnIdleFunctionStaysAwake(t *testing.T) {
	stack, err := NewStack(root + "stack/testdata/AwsOcppGatewayStack.template.json")
	if err != nil {
		t.Fatal(err)
	}
	defer stack.Close()
	given := stack.Environments["canary"]
	without := slices.DeleteFunc(slices.Clone(given), func(variable string) bool { return strings.HasPrefix(variable, "GODEBUG=") })
	if len(without) == len(given) {
		t.Fatal("the stack sets no GODEBUG")
	}
	const awake = 30 // of the switches that an idle program makes by itself within seconds, or never
	for _, test := range []struct {
		environment []string
		patience    time.Duration
		stays       bool
	}{{given, 20 * time.Second, true}, {without, 2 * time.Second, false}} {
		p, _, err := Start(root+cloud.DefaultBuildDir()+"/canary/bootstrap", test.environment)
		if err != nil {
			t.Fatal(err)
		}
		before, switches := p.switches(t), int64(0)
		for end := time.Now().Add(test.patience); switches < awake && time.Now().Before(end); switches = p.switches(t) - before {
			time.Sleep(10 * time.Millisecond)
		}
		if stays := switches >= awake; stays != test.stays {
			t.Errorf("%d switches of an idle function: awake %t, want %t", switches, stays, test.stays)
		}
		if err := p.Stop(); err != nil {
			t.Error(err)
		}
	}
}

// switches is how often the threads of the process have gone to sleep (Linux, proc(5)).
func (p *Program) switches(t *testing.T) (sum int64) {
	t.Helper()
	threads, err := filepath.Glob("/proc/" + strconv.Itoa(p.command.Process.Pid) + "/task/*/status")
	if err != nil || len(threads) == 0 {
		t.Fatalf("/proc tells of %d threads, %v: has the program ended?", len(threads), err)
	}
	for _, thread := range threads {
		status, err := os.ReadFile(thread)
		if err != nil {
			continue // it has ended
		}
		for line := range strings.Lines(string(status)) {
			if number, is := strings.CutPrefix(line, "voluntary_ctxt_switches:"); is {
				switches, err := strconv.ParseInt(strings.TrimSpace(number), 10, 64)
				if err != nil {
					t.Fatal(err)
				}
				sum += switches
			}
		}
	}
	return sum
}
