package lambda

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

const functionsPath = "/2015-03-31/functions"

// Service is the part of Lambda's HTTP API that invokes and describes functions:
// Invoke, ListFunctions, GetFunction and GetFunctionConfiguration.
//
// See https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html
type Service struct {
	host *Host
}

// Service returns the HTTP API of the host.
func (h *Host) Service() *Service { return &Service{host: h} }

// ServeHTTP answers one API call.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, verb := route(r)
	if name == "" && verb == "" && r.Method == http.MethodGet {
		s.list(w)
		return
	}
	fn := s.host.functions[name]
	if fn == nil {
		apiError(w, http.StatusNotFound, "ResourceNotFoundException", "Function not found: "+s.host.config.arn(name))
		return
	}
	switch {
	case verb == "invocations" && r.Method == http.MethodPost:
		s.invoke(w, r, fn)
	case verb == "configuration" && r.Method == http.MethodGet:
		writeJSON(w, http.StatusOK, s.host.describe(fn))
	case verb == "" && r.Method == http.MethodGet:
		writeJSON(w, http.StatusOK, map[string]any{"Configuration": s.host.describe(fn)})
	default:
		apiError(w, http.StatusNotFound, "UnknownOperationException",
			fmt.Sprintf("%s %s is not among the Lambda calls that work here", r.Method, r.URL.Path))
	}
}

// Access names the IAM action and the resources of a call.
func (s *Service) Access(r *http.Request, _ []byte) (action string, resources []string) {
	name, verb := route(r)
	switch {
	case name == "":
		return "lambda:ListFunctions", []string{"*"}
	case verb == "invocations":
		action = "lambda:InvokeFunction"
	case verb == "configuration":
		action = "lambda:GetFunctionConfiguration"
	default:
		action = "lambda:GetFunction"
	}
	return action, []string{s.host.config.arn(name)}
}

// Deny answers a call that IAM does not allow.
func (s *Service) Deny(w http.ResponseWriter, _ *http.Request, message string) {
	apiError(w, http.StatusForbidden, "AccessDeniedException", message)
}

// route takes the function's name and the verb behind it out of the path. A
// function may be named by its name or its ARN, with or without a qualifier.
func route(r *http.Request) (function, verb string) {
	rest, found := strings.CutPrefix(r.URL.EscapedPath(), functionsPath)
	if !found {
		return "", "unknown"
	}
	escaped, verb, _ := strings.Cut(strings.Trim(rest, "/"), "/")
	name, err := url.PathUnescape(escaped)
	if err != nil {
		return escaped, verb
	}
	if _, behind, isARN := strings.Cut(name, ":function:"); isARN {
		name = behind
	}
	name, _, _ = strings.Cut(name, ":")
	return name, verb
}

func (s *Service) list(w http.ResponseWriter) {
	functions := []configuration{}
	for _, name := range slices.Sorted(maps.Keys(s.host.functions)) {
		functions = append(functions, s.host.describe(s.host.functions[name]))
	}
	writeJSON(w, http.StatusOK, map[string]any{"Functions": functions})
}

// invoke answers the call Invoke. A log tail (X-Amz-Log-Type: Tail) is not given.
func (s *Service) invoke(w http.ResponseWriter, r *http.Request, fn *function) {
	event, err := io.ReadAll(io.LimitReader(r.Body, maxRequest+1))
	if err != nil {
		apiError(w, http.StatusBadRequest, "InvalidRequestContentException", "Could not read the request: "+err.Error())
		return
	}
	switch kind := r.Header.Get("X-Amz-Invocation-Type"); kind {
	case "", "RequestResponse":
		s.invokeSync(w, r, fn, event)
	case "Event":
		s.invokeAsync(w, fn, event)
	case "DryRun":
		w.WriteHeader(http.StatusNoContent)
	default:
		apiError(w, http.StatusBadRequest, "ValidationException",
			fmt.Sprintf("InvocationType is %q, not one of Event, RequestResponse, DryRun", kind))
	}
}

func (s *Service) invokeSync(w http.ResponseWriter, r *http.Request, fn *function, event []byte) {
	answer, functionError, err := s.host.Invoke(r.Context(), fn.Name, event)
	if err != nil {
		invokeError(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Amz-Executed-Version", "$LATEST")
	if functionError != "" {
		w.Header().Set("X-Amz-Function-Error", functionError)
	}
	// A caller that has left gets no answer.
	_, _ = w.Write(answer)
}

func (s *Service) invokeAsync(w http.ResponseWriter, fn *function, event []byte) {
	switch {
	case len(event) > maxAsyncRequest:
		invokeError(w, fmt.Errorf("%w: %d bytes, the limit is %d", ErrRequestTooLarge, len(event), maxAsyncRequest))
	case len(event) > 0 && !json.Valid(event):
		invokeError(w, ErrInvalidJSON)
	default:
		s.host.InvokeAsync(fn.Name, event)
		w.WriteHeader(http.StatusAccepted)
	}
}

func invokeError(w http.ResponseWriter, err error) {
	switch {
	case errors.Is(err, ErrThrottled):
		writeError(w, http.StatusTooManyRequests, "TooManyRequestsException", map[string]string{
			"Reason": "ReservedFunctionConcurrentInvocationLimitExceeded", "Type": "User", "message": "Rate Exceeded."})
	case errors.Is(err, ErrRequestTooLarge):
		apiError(w, http.StatusRequestEntityTooLarge, "RequestTooLargeException", err.Error())
	case errors.Is(err, ErrInvalidJSON):
		apiError(w, http.StatusBadRequest, "InvalidRequestContentException", "Could not parse request body into json: "+err.Error())
	default:
		apiError(w, http.StatusInternalServerError, "ServiceException", err.Error())
	}
}

func apiError(w http.ResponseWriter, status int, code, message string) {
	writeError(w, status, code, map[string]string{"Type": "User", "Message": message})
}

func writeError(w http.ResponseWriter, status int, code string, body map[string]string) {
	w.Header().Set("X-Amzn-ErrorType", code)
	writeJSON(w, status, body)
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// A caller that has left gets no answer; the bodies themselves always encode.
	_ = json.NewEncoder(w).Encode(body)
}
