package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/local/fault"
)

func TestFaultFlags(t *testing.T) {
	file := filepath.Join(t.TempDir(), "plan.json")
	if err := os.WriteFile(file, []byte(`{"seed":4,"rules":[{"target":"sqs:*","kind":"throttle"}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		arguments []string
		want      fault.Plan
		why       string // of a refusal
	}{
		{nil, fault.Plan{}, ""},
		{[]string{"-faults", file}, fault.Plan{Seed: 4, Rules: []fault.Rule{{Target: "sqs:*", Kind: fault.Throttle}}}, ""},
		{[]string{"-fault-mix", "0.3", "-fault-seed", "7"}, fault.Mix(7, 0.3), ""},
		{[]string{"-fault-mix", "2"}, fault.Plan{}, "0 to 1"},
		{[]string{"-fault-mix", "NaN"}, fault.Plan{}, "0 to 1"},
		{[]string{"-faults", file, "-fault-mix", "0.1"}, fault.Plan{}, "exclude"},
		{[]string{"-faults", filepath.Join(t.TempDir(), "none.json")}, fault.Plan{}, "none.json"},
	}
	for _, test := range tests {
		options, _, err := parse(test.arguments)
		if test.why != "" {
			if err == nil || !strings.Contains(err.Error(), test.why) {
				t.Errorf("%v: %v, want %q", test.arguments, err, test.why)
			}
			continue
		}
		if err != nil || !reflect.DeepEqual(options.Faults, test.want) {
			t.Errorf("%v: %+v, %v", test.arguments, options.Faults, err)
		}
	}
	if options, _, err := parse([]string{"-fault-mix", "0.3"}); err != nil || options.Faults.Seed == 0 {
		t.Errorf("without a seed: %d, %v", options.Faults.Seed, err)
	}
}
