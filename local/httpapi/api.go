package httpapi

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/serverless-ocpp/backend/local/throttle"
)

// API is a running HTTP API.
type API struct {
	config   Config
	requests *throttle.Bucket
	ofRoutes map[string]*throttle.Bucket // by the keys of those that have limits of their own
}

// New returns an API, or an error that names what config lacks.
func New(config Config) (*API, error) {
	config, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	a := &API{config: config, requests: throttle.NewBucket(config.RateLimit, config.BurstLimit), ofRoutes: make(map[string]*throttle.Bucket)}
	for _, route := range config.Routes {
		if route.RateLimit > 0 {
			a.ofRoutes[route.Key] = throttle.NewBucket(route.RateLimit, route.BurstLimit)
		}
	}
	return a, nil
}

// ServeHTTP answers one request with what the function answers.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began, requestID := time.Now(), newRequestID()
	w.Header()["apigw-requestid"] = []string{requestID}
	status := a.serve(w, r, requestID)
	a.config.Logger.Info("request", "method", r.Method, "path", r.URL.Path, "status", status,
		"duration", time.Since(began), "requestId", requestID)
}

func (a *API) serve(w http.ResponseWriter, r *http.Request, requestID string) (status int) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxPayload+1))
	if err != nil {
		return a.fail(w, http.StatusBadRequest, "Bad Request", requestID, fmt.Errorf("reading the body: %w", err))
	}
	if len(body) > maxPayload {
		return a.fail(w, http.StatusRequestEntityTooLarge, "Request Entity Too Large", requestID,
			fmt.Errorf("the body exceeds %d bytes", maxPayload))
	}
	path, inStage := a.rawPath(r)
	if !inStage {
		return a.fail(w, http.StatusNotFound, "Not Found", requestID, fmt.Errorf("%s is not in stage %s", r.URL.Path, a.config.Stage))
	}
	route, proxy, found := routeOf(a.config.Routes, r.Method, a.inStage(path))
	if !found {
		return a.fail(w, http.StatusNotFound, "Not Found", requestID, fmt.Errorf("there is no route for %s %s", r.Method, path))
	}
	if !a.bucketOf(route).Take() {
		return a.fail(w, http.StatusTooManyRequests, "Too Many Requests", requestID,
			fmt.Errorf("more than %g requests of this route or stage per second", cmp.Or(route.RateLimit, a.config.RateLimit)))
	}
	var caller *Caller
	if route.Authorize != nil {
		if caller, err = route.Authorize(r, body); err != nil {
			return a.refuse(w, requestID, err)
		}
	}
	return a.integrate(w, a.newEvent(r, route.Key, path, proxy, body, requestID, caller), route)
}

// bucketOf holds the requests that a route may take.
func (a *API) bucketOf(route Route) *throttle.Bucket {
	if own, has := a.ofRoutes[route.Key]; has {
		return own
	}
	return a.requests
}

// refuse answers a request that the authorizer of its route did not let through.
func (a *API) refuse(w http.ResponseWriter, requestID string, err error) (status int) {
	refusal, said := errors.AsType[*Refusal](err)
	if !said {
		return a.fail(w, http.StatusForbidden, "Forbidden", requestID, err)
	}
	if refusal.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	return a.fail(w, refusal.Status, refusal.Message, requestID, err)
}

// integrate runs the function and passes its answer on. Its failures reach the
// client as 500, whatever they are; only a timeout is a 503.
func (a *API) integrate(w http.ResponseWriter, e event, route Route) (status int) {
	// An event consists of strings and numbers, which always encode.
	encoded, _ := json.Marshal(e)
	requestID := e.RequestContext.RequestID
	// A client that leaves does not stop the function.
	ctx, cancel := context.WithTimeout(context.Background(), route.Timeout)
	defer cancel()
	raw, functionError, err := a.config.Invoker.Invoke(ctx, route.Function, encoded)
	if errors.Is(err, context.DeadlineExceeded) {
		return a.fail(w, http.StatusServiceUnavailable, "Service Unavailable", requestID, err)
	}
	if err == nil && functionError != "" {
		err = fmt.Errorf("%s failed: %s", route.Function, raw)
	}
	if err != nil {
		return a.fail(w, http.StatusInternalServerError, "Internal Server Error", requestID, err)
	}
	answer, err := parseAnswer(raw)
	if err != nil {
		return a.fail(w, http.StatusInternalServerError, "Internal Server Error", requestID,
			fmt.Errorf("%s returned a malformed answer: %w", route.Function, err))
	}
	answer.write(w)
	return answer.status
}

// fail answers with the gateway's own words; why is for the log.
func (a *API) fail(w http.ResponseWriter, status int, message, requestID string, why error) int {
	a.config.Logger.Warn("request failed", "status", status, "requestId", requestID, "error", why)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// A client that has left gets no answer.
	_ = json.NewEncoder(w).Encode(map[string]string{"message": message})
	return status
}
