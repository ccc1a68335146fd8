package planted

import (
	"path/filepath"
	"testing"
)

// What is to be wrong must stand in the product, and be Go.
func TestBugsCanBePlanted(t *testing.T) {
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, bug := range Bugs {
		t.Run(bug.Name, func(t *testing.T) {
			overlay, err := bug.overlay(root, t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			if err := build(t.Context(), root, overlay, "./"+filepath.Dir(bug.File), ""); err != nil {
				t.Error(err)
			}
			if len(bug.Finds) == 0 {
				t.Error("nobody is to find it")
			}
		})
	}
}
