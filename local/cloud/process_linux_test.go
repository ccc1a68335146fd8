package cloud

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"
)

// settling is the variable that makes the test's program a process that takes turns, and looks at itself.
const settling = "OCPP_TEST_SETTLING"

func TestTakeTurns(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(program)
	child.Env = append(os.Environ(), settling+"=1")
	output, err := child.CombinedOutput()
	if err != nil || string(output) != "settled\n" {
		t.Errorf("%v: %s", err, output)
	}
}

// settle takes turns, and says whether its threads and a child of its own do.
func settle() error {
	if err := takeTurns(); err != nil {
		return err
	}
	if os.Getenv(begunAnew) != strconv.Itoa(os.Getpid()) {
		return fmt.Errorf("the process did not begin anew")
	}
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return err
	}
	for _, thread := range threads {
		id, err := strconv.Atoi(thread.Name())
		if err != nil {
			return err
		}
		if attr, err := unix.SchedGetAttr(id, 0); err != nil || attr.Policy != unix.SCHED_BATCH {
			return fmt.Errorf("thread %d has policy %+v, %v", id, attr, err)
		}
	}
	child, err := exec.Command("cat", "/proc/self/timerslack_ns").Output()
	if err != nil {
		return err
	}
	if got := string(bytes.TrimSpace(child)); got != strconv.FormatInt(slack.Nanoseconds(), 10) {
		return fmt.Errorf("a child's timers may be %s ns late", got)
	}
	fmt.Println("settled")
	return nil
}

func init() {
	if os.Getenv(settling) == "" {
		return
	}
	if err := settle(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(0)
}
