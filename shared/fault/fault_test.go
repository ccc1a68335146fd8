package fault

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestCodeOf(t *testing.T) {
	cause := errors.New("cause")
	for _, test := range []struct {
		name string
		err  error
		want Code
	}{
		{"nil", nil, ""},
		{"plain error", cause, Internal},
		{"fault", New(Offline, "CP001 is offline"), Offline},
		{"wrapped fault", fmt.Errorf("send: %w", New(Gone, "gone")), Gone},
		{"outermost counts", Wrap(Conflict, New(Gone, "gone"), "turn"), Conflict},
	} {
		if got := CodeOf(test.err); got != test.want {
			t.Errorf("%s: CodeOf = %q, want %q", test.name, got, test.want)
		}
	}
	if err := Wrap(NotFound, cause, "charge point %s", "CP001"); err.Error() != "charge point CP001: cause" || !errors.Is(err, cause) {
		t.Errorf("Wrap lost its words or its cause: %v", err)
	}
	if Is(nil, Internal) {
		t.Error("nil is no fault")
	}
}

func TestRecovered(t *testing.T) {
	err := Recovered(func() error { panic("nobody foresaw this") })
	if !Is(err, Internal) || !strings.Contains(err.Error(), "nobody foresaw this") || !strings.Contains(err.Error(), "fault_test.go") {
		t.Errorf("a panic became %v: it lacks its cause or its place", err)
	}
	cause := New(Gone, "gone")
	if got := Recovered(func() error { return cause }); got != cause {
		t.Errorf("an error became %v", got)
	}
}
