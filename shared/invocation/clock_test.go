package invocation

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestNowIsTheWallClockAlone(t *testing.T) {
	if now := Now(); strings.Contains(now.String(), "m=") {
		t.Errorf("%s has a reading of the monotonic clock", now)
	}
}

// A function's clock is never time.Now, whatever the function remembers today.
func TestFunctionsHaveThatClock(t *testing.T) {
	asClock := regexp.MustCompile(`time\.Now\b[^(]`)
	for _, folder := range []string{"../../functions", "../../shared"} {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			source, err := os.ReadFile(path)
			if asClock.Match(source) && !strings.HasPrefix(path, "../../shared/invocation/clock") {
				t.Errorf("%s takes time.Now for a clock", path)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}
