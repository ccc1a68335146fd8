package load

import (
	"strings"
	"testing"
	"time"
)

func TestPercentile(t *testing.T) {
	latencies := Latencies{5, 1, 4, 2, 3}
	for p, want := range map[float64]time.Duration{0: 1, 50: 3, 80: 4, 99: 5, 100: 5} {
		if got := latencies.Percentile(p); got != want {
			t.Errorf("p%g is %d, want %d", p, got, want)
		}
	}
	if got := (Latencies)(nil).Percentile(50); got != 0 {
		t.Errorf("of none: %d", got)
	}
}

// TestChargingMix follows two sessions of each version.
func TestChargingMix(t *testing.T) {
	for protocol, want := range map[Protocol]struct{ first, middle, last, named string }{
		OCPP16:  {"StartTransaction", "MeterValues", "StopTransaction", `"transactionId":42`},
		OCPP201: {"Started", "Updated", "Ended", `"eventType"`},
	} {
		script := Charging.script(protocol)
		for n := range 2 * (readings + 2) {
			m, err := script.next([]byte(`{"transactionId":42}`))
			if err != nil {
				t.Fatal(err)
			}
			text, expected := m.action+" "+m.payload, want.middle
			switch n % (readings + 2) {
			case 0:
				expected = want.first
			case readings + 1:
				expected = want.last
			}
			if !strings.Contains(text, expected) || expected != want.first && !strings.Contains(text, want.named) {
				t.Errorf("%s, message %d: %s, want %s", protocol, n, text, expected)
			}
		}
	}
}

func TestStartWithoutTransactionIsAnError(t *testing.T) {
	script := Charging.script(OCPP16)
	if _, err := script.next(nil); err != nil {
		t.Fatal(err)
	}
	if m, err := script.next([]byte(`{"idTagInfo":{"status":"Invalid"}}`)); err == nil {
		t.Errorf("went on with %v", m)
	}
}
