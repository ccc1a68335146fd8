// Package killtest is for tests of what outlives a process: it kills one that writes.
package killtest

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"testing"
)

// place is the environment variable that tells the process that is to be killed where to write.
const place = "KILLTEST_PLACE"

// Acknowledged runs the calling test again in a process of its own, where write is called with a path and calls acknowledge
// for each thing that it has been told is safe. After n of them that process is killed. The answer is how many were acknowledged
// until it was dead: all of them must be found at the path. write never returns.
func Acknowledged(t *testing.T, path string, n int, write func(path string, acknowledge func())) int {
	t.Helper()
	if there := os.Getenv(place); there != "" {
		write(there, func() { fmt.Println() })
		t.Fatal("the writer ended by itself")
	}
	writer := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	writer.Env = append(os.Environ(), place+"="+path)
	out, err := writer.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := writer.Start(); err != nil {
		t.Fatal(err)
	}
	acknowledged := 0
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if acknowledged++; acknowledged == n {
			if err := writer.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := writer.Wait(); err == nil || acknowledged < n {
		t.Fatalf("the writer ended by itself after %d of %d: %v", acknowledged, n, err)
	}
	return acknowledged
}
