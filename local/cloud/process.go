package cloud

import (
	"log/slog"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// The garbage collector waits until the heap is five times what lives, which saves a tenth of the processors' time while that is some tens of
// megabytes. What lives grows with every message that is kept, some gigabytes in a day under load, and garbage beside it does not: there is as much
// as most, or as what lives if that is more.
const (
	mostPercent  = 400
	leastPercent = 100
	mostGarbage  = 256 << 20
)

// Settle sets a process up that is a stack and nothing else, before it does anything else: the functions' processes inherit what the
// kernel is told, and this one may begin anew for it.
func Settle(log *slog.Logger) {
	debug.SetGCPercent(mostPercent)
	afterCollection(func() { debug.SetGCPercent(percentFor(living())) })
	if err := takeTurns(); err != nil {
		log.Debug("the kernel goes on to interrupt functions and stand-ins for each other, so that they are slower", "error", err)
	}
}

// percentFor is the garbage collector's target beside a heap that lives, in percent of it.
func percentFor(living uint64) int {
	return int(max(leastPercent, min(mostPercent, mostGarbage*100/max(1, living))))
}

// living is how many bytes the latest collection found in use.
func living() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// collected is something that each collection finds unused.
type collected struct{ _ [64]byte }

// afterCollection runs a function after each collection.
func afterCollection(do func()) {
	runtime.AddCleanup(new(collected), func(struct{}) {
		do()
		afterCollection(do)
	}, struct{}{})
}
