package machine

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestDescribe(t *testing.T) {
	if got := Describe(); !strings.Contains(got, " cores, ") || !strings.HasSuffix(got, runtime.Version()) {
		t.Error(got)
	}
}

func TestField(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cpuinfo")
	if err := os.WriteFile(file, []byte("processor\t: 0\nmodel name\t: A B\nmodel name\t: C\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ file, name, want string }{
		{file, "model name", "A B"}, {file, "stepping", ""}, {file + "x", "model name", ""},
	} {
		if got := field(test.file, test.name, ":"); got != test.want {
			t.Errorf("%s of %s is %q, want %q", test.name, test.file, got, test.want)
		}
	}
}
