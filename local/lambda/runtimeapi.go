package lambda

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/serverless-ocpp/backend/local/fault"
)

const runtimeAPIPrefix = "/2018-06-01/runtime/"

// ServeHTTP is the runtime API of one instance. Each instance listens on a port of
// its own, because AWS_LAMBDA_RUNTIME_API is a bare host:port.
func (i *instance) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, found := strings.CutPrefix(r.URL.Path, runtimeAPIPrefix)
	if !found {
		runtimeError(w, http.StatusNotFound, "InvalidPath", "no such path in the runtime API: "+r.URL.Path)
		return
	}
	if path == "invocation/next" && r.Method == http.MethodGet {
		i.next(w, r)
		return
	}
	if path == "init/error" && r.Method == http.MethodPost {
		i.initError(w, r)
		return
	}
	requestID, verb, _ := strings.Cut(strings.TrimPrefix(path, "invocation/"), "/")
	switch {
	case verb == "response" && r.Method == http.MethodPost:
		i.answer(w, r, requestID, "")
	case verb == "error" && r.Method == http.MethodPost:
		i.answer(w, r, requestID, unhandled)
	default:
		runtimeError(w, http.StatusNotFound, "InvalidPath", "no such call in the runtime API: "+r.Method+" "+r.URL.Path)
	}
}

// next answers with the instance's next event, however long that takes.
func (i *instance) next(w http.ResponseWriter, r *http.Request) {
	if err := i.pollAllowed(); err != nil {
		runtimeError(w, http.StatusForbidden, "InvalidStateTransition", err.Error())
		return
	}
	inv := i.nextEvent(r)
	if inv == nil {
		return
	}
	if inv.fault == fault.KillBefore {
		i.die(inv)
		panic(http.ErrAbortHandler) // a process that is killed a moment later must not take an empty event for one
	}
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Content-Length", strconv.Itoa(len(inv.event)))
	header.Set("Lambda-Runtime-Aws-Request-Id", inv.requestID)
	header.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(inv.deadline.UnixMilli(), 10))
	header.Set("Lambda-Runtime-Invoked-Function-Arn", i.fn.arn)
	header.Set("Lambda-Runtime-Trace-Id", inv.traceID)
	// A process that is gone before it has its event is seen by its exit.
	_, _ = w.Write(inv.event)
}

// nextEvent waits for the next event; nil when nobody wants it any more.
func (i *instance) nextEvent(r *http.Request) *invocation {
	select {
	case inv := <-i.work: // a busy instance finds one at once, and nothing has to watch whether its process leaves
		return inv
	default:
	}
	select {
	case inv := <-i.work:
		return inv
	case <-r.Context().Done():
	case <-i.retired:
	}
	return nil
}

// pollAllowed moves an instance that has nothing left to answer towards its next event.
func (i *instance) pollAllowed() error {
	h := i.host
	h.mu.Lock()
	defer h.mu.Unlock()
	switch i.state {
	case starting, answered:
		h.ready(i)
	case idle: // asked again after a lost connection
	case busy:
		return fmt.Errorf("invocation %s has not been answered yet", i.current.requestID)
	case gone:
		return ErrClosed
	}
	return nil
}

// answer ends the current invocation with the body of r.
func (i *instance) answer(w http.ResponseWriter, r *http.Request, requestID, functionError string) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxResponse+1))
	if err != nil {
		return // the process is gone; its exit ends the invocation
	}
	out := outcome{answer: body, functionError: functionError}
	status := http.StatusAccepted
	if len(body) > maxResponse {
		out, status = responseTooLarge(), http.StatusRequestEntityTooLarge
	} else if r.Trailer.Get("Lambda-Runtime-Function-Error-Type") != "" {
		// A handler that fails while its answer streams tells so after the body.
		if detail, err := base64.StdEncoding.DecodeString(r.Trailer.Get("Lambda-Runtime-Function-Error-Body")); err == nil {
			out = outcome{answer: detail, functionError: unhandled}
		}
	}
	if !i.end(requestID, out) {
		runtimeError(w, http.StatusBadRequest, "InvalidRequestID", "no invocation "+requestID+" is waiting for an answer")
		return
	}
	if status != http.StatusAccepted {
		runtimeError(w, status, "RequestEntityTooLarge", "the answer exceeds the limit")
		return
	}
	accepted(w)
}

// end finishes the current invocation if it is requestID.
func (i *instance) end(requestID string, out outcome) bool {
	i.host.mu.Lock()
	defer i.host.mu.Unlock()
	if i.current == nil || i.current.requestID != requestID {
		return false
	}
	if i.current.fault == fault.KillAfter {
		i.killed()
		return true
	}
	i.finish(out)
	return true
}

// initError takes what a process says when it cannot initialise; the process is
// expected to exit.
func (i *instance) initError(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxResponse))
	if err != nil {
		return // the process is gone, which ended will notice
	}
	h := i.host
	h.mu.Lock()
	if i.state != starting {
		h.mu.Unlock()
		runtimeError(w, http.StatusForbidden, "InvalidStateTransition", "the init phase is over")
		return
	}
	// Gone before the receipt: the exit that follows must not fail a second event.
	h.discard(i, outcome{})
	i.failStart(func(string) outcome { return outcome{answer: body, functionError: unhandled} })
	h.startInstances()
	h.mu.Unlock()
	accepted(w)
}

func accepted(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	// A process that does not take its receipt exits, which is noticed.
	_, _ = io.WriteString(w, `{"status":"OK"}`)
}

func runtimeError(w http.ResponseWriter, status int, errorType, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// As in accepted.
	_ = json.NewEncoder(w).Encode(map[string]string{"errorType": errorType, "errorMessage": message})
}
