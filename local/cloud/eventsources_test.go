package cloud

import "testing"

func TestBatchesAtOnce(t *testing.T) {
	for declared, want := range map[int]int{0: mostBatches, 2: 2, mostBatches: mostBatches, 1000: mostBatches} {
		if got := batchesAtOnce(declared); got != want {
			t.Errorf("a mapping that declares %d gets %d, want %d", declared, got, want)
		}
	}
}
