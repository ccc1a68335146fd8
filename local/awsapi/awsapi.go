// Package awsapi is the front of the stand-in's AWS APIs: one address for all services, as with --endpoint-url of the
// AWS CLI. For every request it finds the service, identifies the caller by its signature, asks the caller's policies,
// counts, and only then passes the request on.
package awsapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/serverless-ocpp/backend/local/count"
	"github.com/serverless-ocpp/backend/local/fault"
	"github.com/serverless-ocpp/backend/local/iam"
)

// maximumBody is above the largest request of any service here: DynamoDB's 16 MB.
const maximumBody = 20 << 20

// A Service is one AWS API.
type Service interface {
	http.Handler

	// Access names what a request wants, e.g. "sqs:SendMessage", and the ARNs it wants it on. An action of "" is a request
	// that the service does not know, and will answer so.
	Access(r *http.Request, body []byte) (action string, resources []string)

	// Deny answers AccessDenied in the shape that the service's clients understand.
	Deny(w http.ResponseWriter, r *http.Request, message string)
}

// Config is what a Handler needs. All fields are required but the Counter and the last two.
type Config struct {
	Services  map[string]Service // by signing name: dynamodb, sqs, iot, iotdata, lambda, sts
	Directory *iam.Directory
	Region    string // aws:RequestedRegion
	Calls     *Calls
	Counter   *count.Counter // by cause; nil counts nothing
	Log       *slog.Logger

	// Faults go wrong on purpose, and Invocations finds the functions that they kill. Both may be nil.
	Faults      *fault.Injector
	Invocations Invocations
}

// A Handler serves every AWS API at one address.
type Handler struct {
	config Config
}

// New returns a handler.
func New(config Config) *Handler { return &Handler{config: config} }

// CallsPath answers a GET with the counts of calls; no AWS API has such a path.
const CallsPath = "/_local/calls"

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == CallsPath && r.Method == http.MethodGet {
		h.config.Calls.ServeHTTP(w, r)
		return
	}
	if r.URL.Path == count.Path && r.Method == http.MethodGet {
		h.config.Counter.ServeHTTP(w, r)
		return
	}
	if r.URL.Path == fault.Path && h.config.Faults != nil {
		h.config.Faults.ServeHTTP(w, r)
		return
	}
	body, ok := readBody(w, r)
	if !ok {
		return
	}
	name := serviceOf(r, body)
	service, ok := h.config.Services[name]
	if !ok {
		h.config.Log.Warn("call of an AWS service that is not here", "service", name, "method", r.Method, "path", r.URL.Path)
		writeUnknown(w, r, name)
		return
	}
	h.pass(name, service, w, r, body)
}

// Guard puts a single service behind the same checks and faults, for one that has an address of its own, as @connections has.
func (h *Handler) Guard(name string, service Service) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if body, ok := readBody(w, r); ok {
			h.pass(name, service, w, r, body)
		}
	})
}

func (h *Handler) pass(name string, service Service, w http.ResponseWriter, r *http.Request, body []byte) {
	caller, err := h.config.Directory.Identify(r, body, time.Now())
	if err != nil {
		h.config.Log.Error("call with a signature that is not right", "method", r.Method, "path", r.URL.Path, "error", err)
		writeError(w, http.StatusForbidden, "InvalidSignatureException", err.Error())
		return
	}
	action, resources := service.Access(r, body)
	if action != "" {
		if err := caller.Authorize(action, resources, h.conditions(r)); err != nil {
			denied, ok := errors.AsType[*iam.DeniedError](err)
			if !ok {
				writeError(w, http.StatusInternalServerError, "InternalFailure", err.Error())
				return
			}
			h.config.Log.Error("access denied: add the grant to the stack", "function", caller.Function, "error", denied)
			h.config.Calls.Deny(action, caller.Function, denied)
			service.Deny(w, r, denied.Error())
			return
		}
	}
	r = r.WithContext(context.WithValue(r.Context(), callerKey{}, caller))
	if action == "" { // no operation that there is
		h.serve(name, service, w, r, action, resources)
		return
	}
	counted := h.count(service, r, body, action, resources)
	defer counted.pending.Left()
	h.serve(name, counted, w, r, action, resources)
}

type callerKey struct{}

// callerOf is who makes the request that a Service is asked to serve.
func callerOf(r *http.Request) iam.Caller {
	caller, _ := r.Context().Value(callerKey{}).(iam.Caller)
	return caller
}

func (h *Handler) conditions(r *http.Request) map[string][]string {
	return map[string][]string{
		"aws:RequestedRegion": {h.config.Region},
		// What is plain HTTP on loopback here is TLS in AWS, and a policy that demands it must not fail for that.
		"aws:SecureTransport": {"true"},
		"aws:UserAgent":       {r.UserAgent()},
	}
}

// readBody reads the body once, for the signature, for Access and, by a fresh r.Body, for the service.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, bool) {
	body, err := readAll(http.MaxBytesReader(w, r.Body, maximumBody), r.ContentLength)
	if err != nil {
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			writeError(w, http.StatusRequestEntityTooLarge, "RequestEntityTooLargeException", fmt.Sprintf("The request is larger than %d bytes.", maximumBody))
		} else {
			writeError(w, http.StatusBadRequest, "IncompleteBody", fmt.Sprintf("The request's body could not be read: %v.", err))
		}
		return nil, false
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return body, true
}

// readAll reads a body to its end; most tell how long they are.
func readAll(body io.Reader, length int64) ([]byte, error) {
	if length < 0 || length > maximumBody {
		return io.ReadAll(body)
	}
	whole := make([]byte, length)
	_, err := io.ReadFull(body, whole)
	return whole, err
}

// writeError answers in the shape that the JSON and REST-JSON protocols share.
func writeError(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Amzn-ErrorType", code)
	w.WriteHeader(status)
	// An error here is a client that went away; nobody is left to tell.
	_ = json.NewEncoder(w).Encode(map[string]string{"__type": code, "message": message})
}
