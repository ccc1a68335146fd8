package main

import (
	"net/http"
	"runtime/debug"
)

// health says that the function runs, and which version. It looks at nothing that costs: whoever
// watches it every second shall not pay for table reads.
func (a *API) health(*http.Request) (answer, error) {
	version := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		version = info.Main.Version
	}
	return reply(http.StatusOK, map[string]string{"status": "ok", "version": version}), nil
}
