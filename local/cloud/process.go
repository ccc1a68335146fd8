package cloud

import (
	"log/slog"
	"runtime/debug"
)

// collectAt is the garbage collector's target, in percent: five times the live heap of some tens of megabytes, for a tenth of
// the processors' time.
const collectAt = 400

// Settle sets a process up that is a stack and nothing else, before its Start: the functions' processes inherit what the
// system is told.
func Settle(log *slog.Logger) {
	debug.SetGCPercent(collectAt)
	if err := takeTurns(); err != nil {
		log.Debug("the system goes on to interrupt functions and stand-ins for each other, so that they are slower", "error", err)
	}
}
