package memory

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// resident is the resident set, in bytes, of the one process of ours that runs a program (Linux, proc(5)).
func resident(program string) (int64, error) {
	processes, err := filepath.Glob("/proc/[0-9]*/exe")
	if err != nil {
		return 0, err
	}
	for _, link := range processes {
		// A program that was built anew meanwhile runs on as it was.
		if runs, err := os.Readlink(link); err != nil || strings.TrimSuffix(runs, " (deleted)") != program {
			continue // of somebody else, or gone meanwhile
		}
		status, err := os.ReadFile(filepath.Join(filepath.Dir(link), "status"))
		if err != nil || !strings.Contains(string(status), fmt.Sprintf("\nPPid:\t%d\n", os.Getpid())) {
			continue
		}
		for line := range strings.Lines(string(status)) {
			if rest, found := strings.CutPrefix(line, "VmRSS:"); found {
				kilobytes, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
				return kilobytes << 10, err
			}
		}
	}
	return 0, fmt.Errorf("no process runs %s", program)
}
