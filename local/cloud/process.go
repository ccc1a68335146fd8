package cloud

import (
	"log/slog"
	"runtime/debug"
)

// collectAt is the garbage collector's target, in percent: five times the live heap of some tens of megabytes, for a tenth of
// the processors' time.
const collectAt = 400

// Settle sets a process up that is a stack and nothing else, before it does anything else: the functions' processes inherit what the
// kernel is told, and this one may begin anew for it.
func Settle(log *slog.Logger) {
	debug.SetGCPercent(collectAt)
	if err := takeTurns(); err != nil {
		log.Debug("the kernel goes on to interrupt functions and stand-ins for each other, so that they are slower", "error", err)
	}
}
