// Package docs checks what the documents say of the source.
package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	testFile = regexp.MustCompile("^`([a-z0-9/_]+_test\\.go)` ")
	testName = regexp.MustCompile(`^Test\w+$`)
)

// Each rule that is said to hold names its tests as "`file` TestName, TestName; `file` …", and they exist.
func TestConformanceNamesTestsThatExist(t *testing.T) {
	text, err := os.ReadFile("conformance.md")
	if err != nil {
		t.Fatal(err)
	}
	held, _, found := strings.Cut(string(text), "\n## Not held")
	if !found {
		t.Fatal("conformance.md does not say what is not held")
	}
	rules := 0
	for line := range strings.Lines(held) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		if !strings.HasPrefix(line, "| ") || cells[0] == " rule" {
			continue
		}
		rules++
		rule := strings.TrimSpace(cells[0])
		if len(cells) != 4 {
			t.Errorf("%s: %d cells, want 4", rule, len(cells))
			continue
		}
		for place := range strings.SplitSeq(strings.TrimSpace(cells[3]), "; ") {
			file := testFile.FindStringSubmatch(place)
			if file == nil {
				t.Errorf("%s: %q names no test file", rule, place)
				continue
			}
			source, err := os.ReadFile(filepath.Join("..", file[1]))
			if err != nil {
				t.Errorf("%s: %v", rule, err)
				continue
			}
			for name := range strings.SplitSeq(place[len(file[0]):], ", ") {
				if !testName.MatchString(name) || !strings.Contains(string(source), "\nfunc "+name+"(t *testing.T) {") {
					t.Errorf("%s: %s has no test %q", rule, file[1], name)
				}
			}
		}
	}
	if rules < 50 {
		t.Errorf("read %d rules only: is the form of the tables another?", rules)
	}
}
