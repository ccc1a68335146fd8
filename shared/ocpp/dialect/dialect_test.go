package dialect

import (
	"maps"
	"slices"
	"testing"

	"github.com/serverless-ocpp/backend/schemas"
)

// TestEveryActionIsServed compares with what the specifications let a charge point send.
// Specification: OCPP 1.6 section 6; Improved security for OCPP 1.6-J section 5; OCPP 2.0.1 part 2 messages.
func TestEveryActionIsServed(t *testing.T) {
	want := map[string]int{"ocpp1.6": 14, "ocpp2.0.1": 25, "ocpp2.1": 37}
	for _, version := range Versions {
		var all []string
		for _, name := range schemas.Actions(version) {
			if sender, _ := schemas.Known(version, name); sender.Includes(schemas.ChargePoint) {
				all = append(all, name)
			}
		}
		served := slices.Sorted(maps.Keys(Actions(version)))
		if !slices.Equal(served, all) || len(served) != want[string(version)] {
			t.Errorf("%s serves %d: %v\nof %v", version, len(served), served, all)
		}
	}
	if len(Versions) != len(want) || Actions("ocpp1.5") != nil {
		t.Errorf("versions %v, actions of another: %v", Versions, Actions("ocpp1.5"))
	}
}
