package awsapi

import (
	"bytes"
	"io"
	"net/http"
	"strings"

	"github.com/serverless-ocpp/backend/local/count"
)

// counted is a Service of which one call is counted by its cause, when it is carried out.
type counted struct {
	Service
	pending *count.Pending
	units   bool // DynamoDB is asked what it consumed
}

// count notes that a call has arrived.
func (h *Handler) count(service Service, r *http.Request, body []byte, action string, resources []string) counted {
	call := count.Call{
		Action: action, Method: r.Method, Function: callerOf(r).Function, Trace: r.Header.Get(traceHeader), Bytes: len(body),
	}
	if len(resources) > 0 {
		call.Resource = resources[0]
	}
	asked := h.config.Counter != nil && call.Function != "" && strings.HasPrefix(action, "dynamodb:")
	return counted{service, h.config.Counter.Arrived(call), asked}
}

// ServeHTTP carries the call out. A function that does not ask DynamoDB what it consumes is told all the same: its SDK
// leaves aside what it did not ask for.
func (c counted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if c.units && !askForUnits(r) {
		c.units = false
	}
	reader := &answerReader{ResponseWriter: w, status: http.StatusOK, units: c.units}
	c.Service.ServeHTTP(reader, r)
	c.pending.Served(reader.status, reader.bytes, reader.consumed)
}

// askForUnits adds the wish to a request, before its other members: what the client itself wishes comes later and wins.
func askForUnits(r *http.Request) bool {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		body = nil // an empty body is refused as what it is
	}
	object, ok := bytes.CutPrefix(bytes.TrimSpace(body), []byte("{"))
	ok = ok && len(object) > 1 // an empty object would get a comma too many
	if ok {
		body = append([]byte(`{"ReturnConsumedCapacity":"TOTAL",`), object...)
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return ok
}

// answerReader reads along what a service answers.
type answerReader struct {
	http.ResponseWriter
	status   int
	units    bool
	consumed float64
	bytes    int
}

func (a *answerReader) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}

// Write gets DynamoDB's answers whole.
func (a *answerReader) Write(p []byte) (int, error) {
	a.bytes += len(p)
	if a.units {
		a.consumed += count.Units(p)
	}
	return a.ResponseWriter.Write(p)
}
