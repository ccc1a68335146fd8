package cloud

import (
	"runtime"
	"testing"
)

func TestGarbageBesideWhatLives(t *testing.T) {
	for living, want := range map[uint64]int{0: 400, 20 << 20: 400, 64 << 20: 400, 128 << 20: 200, 256 << 20: 100, 1 << 40: 100} {
		if got := percentFor(living); got != want {
			t.Errorf("%d bytes live: %d %%, want %d %%", living, got, want)
		}
	}
	if living() == 0 {
		runtime.GC()
		if living() == 0 {
			t.Error("it is not known what lives")
		}
	}
}

func TestAfterCollection(t *testing.T) {
	ran := make(chan struct{}, 100)
	afterCollection(func() { ran <- struct{}{} })
	for range 3 {
		runtime.GC()
		<-ran
	}
}
