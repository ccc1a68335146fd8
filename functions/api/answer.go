package main

import (
	"encoding/json"
	"log/slog"
	"net/http"
)

// answer is what an endpoint says: a status and a value that becomes JSON. A nil body stays empty.
type answer struct {
	status int
	body   any
	header http.Header
}

func reply(status int, body any) answer {
	return answer{status: status, body: body, header: http.Header{"Content-Type": {"application/json"}}}
}

// with returns the answer with one more header.
func (a answer) with(name, value string) answer {
	a.header.Set(name, value)
	return a
}

func noContent() answer {
	return answer{status: http.StatusNoContent, header: http.Header{}}
}

func (a answer) write(w http.ResponseWriter, r *http.Request) {
	var body []byte
	if a.body != nil {
		var err error
		if body, err = json.Marshal(a.body); err != nil {
			slog.ErrorContext(r.Context(), "an answer cannot be written as JSON", "method", r.Method, "route", r.Pattern, "error", err)
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
	}
	for name, values := range a.header {
		w.Header()[name] = values
	}
	if a.status == http.StatusOK && r.Method == http.MethodGet {
		tag := entityTag(body)
		w.Header().Set("ETag", tag)
		if matches(r.Header.Get("If-None-Match"), tag) {
			a.status, body = http.StatusNotModified, nil
			w.Header().Del("Content-Type")
		}
	}
	w.WriteHeader(a.status)
	if _, err := w.Write(body); err != nil {
		slog.WarnContext(r.Context(), "the caller left before the answer", "method", r.Method, "route", r.Pattern, "error", err)
	}
}
