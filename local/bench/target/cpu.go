package target

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of processor times in /proc, which is the same on every Linux that Go runs on.
const tick = 10 * time.Millisecond

// ErrNoCPU says that this operating system has no /proc to read processor times from.
var ErrNoCPU = errors.New("processor times are known on Linux alone")

// times is what /proc tells of a process.
type times struct {
	parent int
	used   time.Duration // by itself, and by the children that it has waited for
}

// cpuOf adds up what a process and everything below it have used.
func cpuOf(pid int) (time.Duration, error) {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0, err
	}
	if len(files) == 0 {
		return 0, ErrNoCPU
	}
	all := map[int]times{}
	for _, file := range files {
		line, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended meanwhile
		}
		number, read, err := parseStat(string(line))
		if err != nil {
			return 0, fmt.Errorf("%s: %w", file, err)
		}
		all[number] = read
	}
	var sum time.Duration
	for number, read := range all {
		if below(all, number, pid) {
			sum += read.used
		}
	}
	return sum, nil
}

// below reports whether a process is that ancestor, or descends from it.
func below(all map[int]times, pid, ancestor int) bool {
	for pid > 0 {
		if pid == ancestor {
			return true
		}
		pid = all[pid].parent
	}
	return false
}

// parseStat reads a line of /proc/PID/stat; see proc_pid_stat(5).
func parseStat(line string) (pid int, read times, err error) {
	open, shut := strings.IndexByte(line, '('), strings.LastIndexByte(line, ')') // the name may hold spaces and brackets
	if open < 0 || shut < open {
		return 0, read, fmt.Errorf("%q is no line of /proc/PID/stat", line)
	}
	if pid, err = strconv.Atoi(strings.TrimSpace(line[:open])); err != nil {
		return 0, read, err
	}
	fields := strings.Fields(line[shut+1:])
	const parent, utime, cstime = 1, 11, 14 // counted from the state, which follows the name
	if len(fields) <= cstime {
		return 0, read, fmt.Errorf("%q is no line of /proc/PID/stat", line)
	}
	if read.parent, err = strconv.Atoi(fields[parent]); err != nil {
		return 0, read, err
	}
	for _, field := range fields[utime : cstime+1] { // utime stime cutime cstime
		ticks, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, read, err
		}
		read.used += time.Duration(ticks) * tick
	}
	return pid, read, nil
}
