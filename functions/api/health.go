package main

import (
	"encoding/json"
	"net/http"
	"runtime/debug"
)

func (a *API) systemRoutes() []route {
	return []route{
		{method: "GET", path: "/health", id: "health", tag: tagSystem, summary: "Tell that the API runs, and which version",
			answers: map[int]any{http.StatusOK: healthView{}}, serve: a.health},
		{method: "GET", path: "/openapi.json", id: "openapi", tag: tagSystem, summary: "Read this document",
			answers: map[int]any{http.StatusOK: json.RawMessage{}}, serve: a.openAPI},
	}
}

// healthView says that the function runs.
type healthView struct {
	Status  string `json:"status"`
	Version string `json:"version"`
}

// health says that the function runs, and which version. It looks at nothing that costs: whoever
// watches it every second shall not pay for table reads.
func (a *API) health(*http.Request) (answer, error) {
	version := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		version = info.Main.Version
	}
	return reply(http.StatusOK, healthView{"ok", version}), nil
}
