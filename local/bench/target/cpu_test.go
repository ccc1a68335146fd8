package target

import (
	"os"
	"testing"
	"time"
)

func TestParseStat(t *testing.T) {
	line := "4711 (a (b) c) S 17 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 11 0 12345 1000000 200 18446744073709551615\n"
	pid, read, err := parseStat(line)
	if err != nil || pid != 4711 || read.parent != 17 || read.used != (5+6+7+8)*tick {
		t.Errorf("%d %+v %v", pid, read, err)
	}
	for _, wrong := range []string{"", "1 bash S 0", "x (bash) S 0 0", "1 (bash) S 0 0"} {
		if _, _, err := parseStat(wrong); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
}

func TestBelow(t *testing.T) {
	all := map[int]times{1: {}, 10: {parent: 1}, 11: {parent: 10}, 20: {parent: 1}}
	for pid, want := range map[int]bool{1: false, 10: true, 11: true, 20: false, 99: false} {
		if got := below(all, pid, 10); got != want {
			t.Errorf("%d below 10: %t", pid, got)
		}
	}
}

func TestCPUOfThisProcess(t *testing.T) {
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); {
		used, err := cpuOf(os.Getpid())
		if err != nil {
			t.Fatal(err)
		}
		if used > 0 {
			return
		}
	}
	t.Error("this process has used no processor time in ten seconds")
}
