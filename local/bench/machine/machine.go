// Package machine says on what a benchmark ran.
package machine

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
)

// Describe is a line such as "AMD EPYC, 2 cores, 23 GB, Ubuntu 24.04, linux/amd64, go1.26".
func Describe() string {
	parts := []string{processor(), fmt.Sprintf("%d cores", runtime.NumCPU())}
	if memory := memory(); memory != "" {
		parts = append(parts, memory)
	}
	if system := field("/etc/os-release", "PRETTY_NAME", "="); system != "" {
		parts = append(parts, strings.Trim(system, `"`))
	}
	return strings.Join(append(parts, runtime.GOOS+"/"+runtime.GOARCH, runtime.Version()), ", ")
}

func processor() string {
	if name := field("/proc/cpuinfo", "model name", ":"); name != "" {
		return name
	}
	return "unknown processor"
}

// memory is in GB; "" where /proc does not tell.
func memory() string {
	kilobytes, err := strconv.ParseInt(strings.TrimSuffix(field("/proc/meminfo", "MemTotal", ":"), " kB"), 10, 64)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%.0f GB", float64(kilobytes)/(1<<20))
}

// field is the first value of a name in a file of lines; "" where there is none, as on other systems than Linux.
func field(file, name, separator string) string {
	content, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(content)) {
		if key, value, found := strings.Cut(line, separator); found && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
