package main

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
)

// newHandler serves the console:
//
//	/console                 the page
//	/console/config.json     how to sign in
//	/console/<build>/<file>  everything that the page loads; <build> changes with every file, so browsers keep them
//
// The error is a broken file in the program itself.
func newHandler(signIn *signIn) (http.Handler, error) {
	files, err := readFiles(static)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	page := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy(signIn.configuration(r.Context())))
		w.Header().Set("Cache-Control", "no-cache")
		files.write(w, r, pageFile)
	}
	mux.HandleFunc("GET /console", page)
	mux.HandleFunc("GET /console/{$}", page)
	mux.HandleFunc("GET /console/config.json", func(w http.ResponseWriter, r *http.Request) {
		writeConfiguration(w, r, signIn.configuration(r.Context()))
	})
	mux.HandleFunc("GET /console/{build}/{file...}", func(w http.ResponseWriter, r *http.Request) {
		if r.PathValue("build") != files.build {
			http.Error(w, "This file belongs to another version of the console: reload the page.", http.StatusNotFound)
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		files.write(w, r, r.PathValue("file"))
	})
	return secured(mux), nil
}

func writeConfiguration(w http.ResponseWriter, r *http.Request, c configuration) {
	body, err := json.Marshal(c)
	if err != nil {
		slog.ErrorContext(r.Context(), "the configuration cannot be written as JSON", "error", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-cache")
	write(w, r, body)
}

func write(w http.ResponseWriter, r *http.Request, body []byte) {
	if _, err := w.Write(body); err != nil {
		slog.WarnContext(r.Context(), "the browser left before the answer", "error", err)
	}
}

// secured adds the headers of every answer.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer") // the address of the page names charge points
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Strict-Transport-Security", "max-age=31536000")
		header.Set("Vary", "Accept-Encoding")
		next.ServeHTTP(w, r)
	})
}

// policy is the Content-Security-Policy of the page. It runs the files of the console and no others, no script or style
// within the markup, turns no text into markup (trusted types), is framed by nobody, and calls the HTTP API beside it and
// the issuer of tokens.
func policy(c configuration) string {
	connect := "'self'"
	if origin := originOf(c.TokenEndpoint); origin != "" {
		connect += " " + origin
	}
	return strings.Join([]string{
		"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src " + connect,
		"base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'",
	}, "; ")
}
