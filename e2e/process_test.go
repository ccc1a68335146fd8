package e2e

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/serverless-ocpp/backend/local/cloud"
)

// process is the command that `make run` runs, with ports of its own.
type process struct {
	t       *testing.T
	command *exec.Cmd
	ports   cloud.Ports
	output  transcript
	ended   chan struct{} // closed when it has ended
}

// startProcess starts the command; args follow its ports.
func startProcess(t *testing.T, offset int, args ...string) *process {
	t.Helper()
	binary, err := builtBinary()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, ports: cloud.DefaultPorts(offset), ended: make(chan struct{})}
	p.command = exec.Command(binary, append([]string{"-port-offset", fmt.Sprint(offset)}, args...)...)
	p.command.Dir = root
	p.command.Env = []string{"PATH=" + os.Getenv("PATH")}
	p.command.Stdout, p.command.Stderr = &p.output, &p.output
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.ended)
		_ = p.command.Wait() // the tests look at ProcessState, which says the same
	}()
	t.Cleanup(func() {
		_ = p.command.Process.Kill() // fails when it has ended, as it should have
		<-p.ended
		if strings.Contains(p.output.String(), "access denied") {
			t.Errorf("a call of a function was denied:\n%s", p.output.String())
		}
	})
	return p
}

// running starts the command and returns when charge points can connect.
func running(t *testing.T, offset int, args ...string) *process {
	t.Helper()
	p := startProcess(t, offset, args...)
	eventually(t, func() string {
		select {
		case <-p.ended:
			t.Fatalf("it ended at once:\n%s", p.output.String())
		default:
		}
		if text := p.output.String(); !strings.Contains(text, "3. Start charging:") {
			return "it does not say that it runs:\n" + text
		}
		return ""
	})
	return p
}

func (p *process) chargePoints() string {
	return fmt.Sprintf("ws://127.0.0.1:%d", p.ports.ChargePoints)
}
func (p *process) http() string { return fmt.Sprintf("http://127.0.0.1:%d", p.ports.HTTP) }

// printed returns the lines of the start-up text that begin with a word, without their indentation.
func (p *process) printed(word string) []string {
	return regexp.MustCompile(`(?m)^ +(`+word+` .*)$`).FindAllString(p.output.String(), -1)
}

// end sends a signal, and returns the exit status when neither the process nor a child of it is left.
func (p *process) end(signal syscall.Signal) int {
	p.t.Helper()
	children := childrenOf(p.t, p.command.Process.Pid)
	if len(children) == 0 {
		p.t.Error("it has no child: not even the database")
	}
	if err := p.command.Process.Signal(signal); err != nil {
		p.t.Fatal(err)
	}
	<-p.ended
	eventually(p.t, func() string {
		alive := living(p.t)
		for _, child := range children {
			if _, lives := alive[child]; lives {
				return fmt.Sprintf("its child %d is left", child)
			}
		}
		return ""
	})
	return p.command.ProcessState.ExitCode()
}

// living returns the ids of all processes, with their parents', but for those that are dead and only not yet collected.
func living(t *testing.T) map[int]int {
	t.Helper()
	table, err := exec.Command("ps", "-A", "-o", "pid=,ppid=,stat=").Output()
	if err != nil {
		t.Fatalf("ps: %v", err)
	}
	parents := map[int]int{}
	for line := range strings.Lines(string(table)) {
		var pid, parent int
		var state string
		if _, err := fmt.Sscan(line, &pid, &parent, &state); err != nil {
			t.Fatalf("ps said %q: %v", line, err)
		}
		if !strings.HasPrefix(state, "Z") {
			parents[pid] = parent
		}
	}
	return parents
}

func childrenOf(t *testing.T, parent int) []int {
	t.Helper()
	var children []int
	for pid, of := range living(t) {
		if of == parent {
			children = append(children, pid)
		}
	}
	return children
}

// freeOffset finds an offset at which every port is free, below the ports that the system gives to others meanwhile.
func freeOffset(t *testing.T) int {
	t.Helper()
	for range 100 {
		offset := 8000 + rand.IntN(16000)
		ports := cloud.DefaultPorts(offset)
		if !slices.ContainsFunc([]int{ports.ChargePoints, ports.HTTP, ports.AWS, ports.MQTT}, taken) {
			return offset
		}
	}
	t.Fatal("no free ports")
	return 0
}

func taken(port int) bool {
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return true
	}
	listener.Close()
	return false
}

// builtBinary builds the command as `make run` does; the first test that needs it pays.
var builtBinary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "local")
	if err != nil {
		return "", err
	}
	binaryDir = dir
	binary := filepath.Join(dir, "local")
	build := exec.Command("go", "build", "-trimpath", "-o", binary, "./local")
	build.Dir = root
	if output, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build ./local: %w: %s", err, output)
	}
	return binary, nil
})

var binaryDir string // set by builtBinary

func removeBinary() error {
	if binaryDir == "" {
		return nil
	}
	return os.RemoveAll(binaryDir)
}

// transcript is what a process wrote so far.
type transcript struct {
	mu   sync.Mutex
	text strings.Builder
}

func (t *transcript) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.Write(p)
}

func (t *transcript) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}
