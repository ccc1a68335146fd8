package lambda

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// concurrently runs n events at once and returns the process of each.
func concurrently(t *testing.T, h *Host, function, event string, n int) []int {
	t.Helper()
	pids := make([]int, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { pids[i] = call(t, h, function, event).PID })
	}
	all.Wait()
	return pids
}

func distinct(pids []int) int {
	seen := map[int]bool{}
	for _, pid := range pids {
		seen[pid] = true
	}
	return len(seen)
}

func TestConcurrentEventsGetInstancesOfTheirOwn(t *testing.T) {
	h := newHost(t, Config{}, Function{Name: "F"})
	if n := distinct(concurrently(t, h, "F", `{"do":"sleep","millis":400}`, 4)); n != 4 {
		t.Errorf("4 events at once ran in %d processes", n)
	}
	if n := distinct(concurrently(t, h, "F", `{"do":"sleep","millis":100}`, 4)); n != 4 {
		t.Errorf("4 events at once ran in %d warm processes", n)
	}
}

func TestProcessLimitQueues(t *testing.T) {
	h := newHost(t, Config{MaxProcesses: 2}, Function{Name: "F"})
	if n := distinct(concurrently(t, h, "F", `{"do":"sleep","millis":20}`, 8)); n > 2 {
		t.Errorf("%d processes, the limit is 2", n)
	}
}

func TestIdleInstanceMakesRoomForAnotherFunction(t *testing.T) {
	h := newHost(t, Config{MaxProcesses: 1}, Function{Name: "F"}, Function{Name: "G"})
	old := call(t, h, "F", `{}`).PID
	call(t, h, "G", `{}`)
	eventually(t, "the idle process of F is gone", func() bool { return !alive(old) })
	if a := call(t, h, "F", `{"text":"back"}`); a.Text != "back" || a.PID == old {
		t.Errorf("got %+v", a)
	}
}

// A function that always has more events in line must not keep another one out.
func TestBusyFunctionDoesNotStarveAnother(t *testing.T) {
	h := newHost(t, Config{MaxProcesses: 2}, Function{Name: "Busy"}, Function{Name: "Rare"})
	ctx, cancel := context.WithCancel(context.Background())
	var load sync.WaitGroup
	for range 6 {
		load.Go(func() {
			for ctx.Err() == nil {
				// The load ends by cancelling, which is the only error here.
				_, _, _ = h.Invoke(ctx, "Busy", []byte(`{"do":"sleep","millis":10}`))
			}
		})
	}
	defer load.Wait()
	defer cancel()
	time.Sleep(50 * time.Millisecond) // the load takes both processes
	limited, done := context.WithTimeout(context.Background(), 3*time.Second)
	defer done()
	if _, functionError, err := h.Invoke(limited, "Rare", []byte(`{}`)); err != nil || functionError != "" {
		t.Errorf("the other function: %q %v", functionError, err)
	}
}

// Events that wait for something, as many as the limit of processes allows, must not keep others from running.
func TestLingeringEventsDoNotCount(t *testing.T) {
	h := newHost(t, Config{MaxProcesses: 2}, Function{Name: "Waits", Timeout: 20 * time.Second}, Function{Name: "Other"})
	ctx, cancel := context.WithCancel(context.Background())
	var waiting sync.WaitGroup
	for range 2 {
		waiting.Go(func() {
			// It ends by cancelling, which is the only error here.
			_, _, _ = h.Invoke(ctx, "Waits", []byte(`{"do":"sleep","millis":15000}`))
		})
	}
	defer waiting.Wait()
	defer cancel()
	eventually(t, "both wait", func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return h.processes == 2 && len(h.functions["Waits"].waiting) == 0
	})
	limited, done := context.WithTimeout(context.Background(), 10*time.Second)
	defer done()
	if _, functionError, err := h.Invoke(limited, "Other", []byte(`{}`)); err != nil || functionError != "" {
		t.Errorf("the other function: %q %v", functionError, err)
	}
}

// As many events as are a crowd run at once, and what lingers is no part of it.
func TestCrowd(t *testing.T) {
	h := newHost(t, Config{Crowd: 1}, Function{Name: "F", Timeout: 20 * time.Second})
	first := call(t, h, "F", `{}`).PID
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			if pid := call(t, h, "F", `{"do":"sleep","millis":20}`).PID; pid != first {
				t.Errorf("process %d works beside %d, which is a crowd already", pid, first)
			}
		})
	}
	both.Wait()

	ctx, cancel := context.WithCancel(context.Background())
	defer both.Wait()
	defer cancel()
	both.Go(func() {
		// It ends by cancelling, which is the only error here.
		_, _, _ = h.Invoke(ctx, "F", []byte(`{"do":"sleep","millis":15000}`))
	})
	eventually(t, "it is at work", func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return h.functions["F"].running == 1
	})
	if pid := call(t, h, "F", `{}`).PID; pid == first {
		t.Error("the process that lingers has another event")
	}
}

func TestIdleInstancesStop(t *testing.T) {
	h := newHost(t, Config{IdleTimeout: 30 * time.Millisecond}, Function{Name: "F"})
	pid := call(t, h, "F", `{}`).PID
	eventually(t, "the idle process is gone", func() bool { return !alive(pid) })
	if again := call(t, h, "F", `{}`).PID; again == pid {
		t.Error("a dead process answered")
	}
}

func TestIdleInstancesAreFrozen(t *testing.T) {
	if !freezes {
		t.Skip("a frozen process would outlive the host here")
	}
	h := newHost(t, Config{}, Function{Name: "F"})
	pid := call(t, h, "F", `{}`).PID
	for range 3 {
		eventually(t, "the idle process is frozen", func() bool { return stopped(t, pid) })
		if again := call(t, h, "F", `{}`).PID; again != pid {
			t.Errorf("process %d was frozen, and %d answered", pid, again)
		}
	}
	eventually(t, "the idle process is frozen", func() bool { return stopped(t, pid) })
	if err := h.Close(); err != nil || alive(pid) {
		t.Errorf("%v; a frozen process outlives the host: %v", err, alive(pid))
	}
}

// stopped tells whether a process is (proc_pid_stat(5)).
func stopped(t *testing.T, pid int) bool {
	t.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, state, _ := strings.Cut(string(stat), ") ")
	return strings.HasPrefix(state, "T")
}

func TestMostRecentlyUsedFirst(t *testing.T) {
	h := newHost(t, Config{}, Function{Name: "F"})
	concurrently(t, h, "F", `{"do":"sleep","millis":100}`, 3)
	rested := func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return len(h.functions["F"].idle) == 3
	}
	eventually(t, "all three are idle", rested)
	last := call(t, h, "F", `{}`).PID
	for range 5 {
		eventually(t, "all three are idle", rested)
		if pid := call(t, h, "F", `{}`).PID; pid != last {
			t.Errorf("process %d, the one used last was %d", pid, last)
		}
	}
}
