package main

import (
	"cmp"
	"log/slog"
	"net/http"
	"time"

	"github.com/serverless-ocpp/backend/shared/fault"
)

// logged writes one line per request. It names the route, not the path: a path may hold an id token.
func logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		watched := &statusWriter{ResponseWriter: w}
		next.ServeHTTP(watched, r)
		slog.InfoContext(r.Context(), "request", "method", r.Method, "route", cmp.Or(r.Pattern, "none"),
			"chargePointId", r.PathValue("id"), "status", watched.status, "ms", time.Since(began).Milliseconds())
	})
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// recovered answers 500 after a panic: without it the process would end and the caller get a 502.
func recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := fault.Recovered(func() error { next.ServeHTTP(w, r); return nil }); err != nil {
			problemAnswer(r, err).write(w, r)
		}
	})
}
