package invocation

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestEndingBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		whole, cancelWhole := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancelWhole()
		part, cancel := EndingBefore(whole, 5*time.Second)
		defer cancel()
		<-part.Done()
		if passed := time.Since(started); passed != 15*time.Second || whole.Err() != nil {
			t.Errorf("ended after %s, want 15s", passed)
		}
	})
}

func TestWithoutADeadline(t *testing.T) {
	part, cancel := EndingBefore(t.Context(), time.Second)
	if _, bounded := part.Deadline(); bounded {
		t.Error("it has a deadline that the invocation does not have")
	}
	if cancel(); part.Err() == nil {
		t.Error("it cannot be cancelled")
	}
}
