package iot

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/google/uuid"
	"github.com/serverless-ocpp/backend/local/iot/fault"
	"github.com/serverless-ocpp/backend/local/mqtt"
)

// API is one of the two HTTP APIs, as the front of the AWS APIs expects a service to be.
type API struct {
	routes []route
	arn    func(resource string) string
	// denial is how the API says that IAM does not allow a call; message names action and resource.
	denial func(message string) *fault.Error
	// traced answers errors with a traceId beside the message, as the data plane does.
	traced bool
	log    *slog.Logger
}

// request is an HTTP request whose path was taken apart.
type request struct {
	*http.Request
	names map[string]string // the parts of the path by their names in the route
	body  []byte
}

// maxBody is larger than any body that AWS IoT takes, so that the one that is too large gets its own error.
const maxBody = mqtt.MaxPayload + 64<<10

// ServeHTTP implements http.Handler.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("x-amzn-RequestId", uuid.NewString())
	answer, err := a.serve(w, r)
	if err != nil {
		a.refuse(w, r, fault.Of(err))
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if raw, isRaw := answer.([]byte); isRaw {
		a.write(w, raw)
		return
	}
	encoded, err := json.Marshal(answer)
	if err != nil {
		a.refuse(w, r, fault.Of(err))
		return
	}
	a.write(w, encoded)
}

func (a *API) serve(w http.ResponseWriter, r *http.Request) (any, error) {
	route, names, err := find(a.routes, r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return nil, fault.TooLarge("The payload exceeds the maximum size allowed")
	}
	if err != nil {
		return nil, fault.Invalid("The request's body could not be read: %v", err)
	}
	a.log.Debug("IoT request", "action", route.action, "path", r.URL.Path)
	return route.serve(request{r, names, body})
}

// Access returns the IAM action of a request and the ARNs of its resources. Both are empty for a request that no operation
// takes; ServeHTTP says so.
func (a *API) Access(r *http.Request, _ []byte) (action string, resources []string) {
	route, names, err := find(a.routes, r)
	if err != nil {
		return "", nil // nothing to allow or deny: the answer is an error in any case
	}
	resource := route.resource(names, r)
	if resource != "*" {
		resource = a.arn(resource)
	}
	return "iot:" + route.action, []string{resource}
}

// Deny answers a request that IAM does not allow.
func (a *API) Deny(w http.ResponseWriter, r *http.Request, message string) {
	a.log.Debug("IoT request denied", "path", r.URL.Path, "error", message)
	a.refuse(w, r, a.denial(message))
}

func (a *API) refuse(w http.ResponseWriter, r *http.Request, cause *fault.Error) {
	if cause.Status >= http.StatusInternalServerError {
		a.log.Error("IoT request failed", "path", r.URL.Path, "error", cause)
	}
	members := map[string]string{"message": cause.Message}
	for name, value := range cause.Members {
		members[name] = value
	}
	if a.traced {
		members["traceId"] = uuid.NewString()
	}
	encoded, err := json.Marshal(members)
	if err != nil { // cannot happen with strings; an answer without a body is still an answer
		a.log.Error("IoT error not encoded", "error", err)
	}
	w.Header().Set("x-amzn-ErrorType", cause.Code)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(cause.Status)
	a.write(w, encoded)
}

func (a *API) write(w http.ResponseWriter, body []byte) {
	if _, err := w.Write(body); err != nil {
		a.log.Debug("IoT client went away", "error", err)
	}
}

// decode reads a JSON body into v; an empty one leaves v as it is.
func (r request) decode(v any) error {
	if len(r.body) == 0 {
		return nil
	}
	if err := json.Unmarshal(r.body, v); err != nil {
		return fault.Invalid("The request's body is not what %s %s takes: %v", r.Method, r.URL.Path, err)
	}
	return nil
}

// integer reads a number of the query; 0 when it is not given.
func (r request) integer(name string) (int64, error) {
	given := r.URL.Query().Get(name)
	if given == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(given, 10, 64)
	if err != nil {
		return 0, fault.Invalid("%s must be a number: %s", name, given)
	}
	return n, nil
}
