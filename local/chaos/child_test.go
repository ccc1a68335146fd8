package chaos

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// A system of its own ends with the experiment, also when that has no time to end it: cat stands for the system, which tells its addresses
// and reads until there is nothing to read from.
func TestTheSystemEndsWithTheExperiment(t *testing.T) {
	script := filepath.Join(t.TempDir(), "system")
	if err := os.WriteFile(script, []byte("#!/bin/sh\necho {}\nexec cat\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	system, err := startChild(t.Context(), Config{StandIn: []string{script}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = system.close() }() // it has ended already unless the test fails
	time.Sleep(100 * time.Millisecond)
	if err := system.command.Process.Signal(syscall.Signal(0)); err != nil {
		t.Fatalf("the system ended at once: %v", err)
	}
	if err := system.input.Close(); err != nil { // as the kernel does when a process ends
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- system.command.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("the system goes on")
	}
}
