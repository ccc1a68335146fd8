package lambda

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// hostOfTest names the bootstrap of a host that runs in a process of its own, to be killed.
const hostOfTest = "HOST_OF_TEST_BOOTSTRAP"

// TestChildrenDieWithTheHost kills a host as kill -9 does, with one child idle and one busy.
func TestChildrenDieWithTheHost(t *testing.T) {
	cmd := exec.Command(os.Args[0], "-test.run=^TestHostProcess$")
	cmd.Env = append(os.Environ(), hostOfTest+"="+bootstrap)
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var pids []int
	for lines := bufio.NewScanner(output); len(pids) < 2 && lines.Scan(); {
		if text, found := strings.CutPrefix(lines.Text(), "child "); found {
			pid, err := strconv.Atoi(text)
			if err != nil {
				t.Fatal(err)
			}
			pids = append(pids, pid)
		}
	}
	if len(pids) != 2 {
		t.Fatalf("the host told of children %v, want two", pids)
	}
	if freezes {
		eventually(t, "the idle child is frozen", func() bool { return stopped(t, pids[0]) })
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Error("the host ended by itself")
	}
	eventually(t, "both children are dead", func() bool { return !alive(pids[0]) && !alive(pids[1]) })
}

// TestHostProcess is the host that TestChildrenDieWithTheHost kills; by itself it has nothing to do.
func TestHostProcess(t *testing.T) {
	path := os.Getenv(hostOfTest)
	if path == "" {
		return
	}
	tell := func(function, _, line string) { fmt.Println(line) }
	h := newHost(t, Config{Logs: tell}, Function{Name: "Idle", Bootstrap: path}, Function{Name: "Busy", Bootstrap: path, Timeout: 1 << 40})
	fmt.Println("child", call(t, h, "Idle", `{}`).PID)
	if _, _, err := h.Invoke(context.Background(), "Busy", []byte(`{"do":"hang"}`)); err != nil {
		t.Fatal(err)
	}
}
