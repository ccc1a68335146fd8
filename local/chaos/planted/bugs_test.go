package planted

import (
	"go/format"
	"testing"
)

// What is to be wrong must stand in the product. Whether the wrong one compiles, planting it shows.
func TestBugsCanBePlanted(t *testing.T) {
	for _, bug := range Bugs {
		source, err := bug.wrong("../../..")
		if err == nil {
			_, err = format.Source(source)
		}
		if err != nil {
			t.Error(err)
		}
		if len(bug.Finds) == 0 {
			t.Errorf("nobody is to find %s", bug.Name)
		}
	}
}
