package awsapi

import (
	"net/http"
	"time"

	"github.com/serverless-ocpp/backend/local/fault"
)

// Invocations tells to which run of a function a call belongs: the SDK sends the trace id of the invocation along. A
// lambda.Host is one.
type Invocations interface {
	// CallArrived counts a call and returns its number within its invocation, from 1; 0 when no invocation has that trace.
	CallArrived(trace string) int
	// Kill kills the process that works on that invocation.
	Kill(trace string) bool
}

// traceHeader is what the SDK sends in every call of a function.
const traceHeader = "X-Amzn-Trace-Id"

// longestSilence is how long a call without an answer is held. All clients give up earlier.
const longestSilence = time.Minute

// serve carries out a call that is allowed, unless a fault prevents that or takes the answer away.
func (h *Handler) serve(name string, service Service, w http.ResponseWriter, r *http.Request, action string, resources []string) {
	function := callerOf(r).Function
	f := h.faultOf(r, action, resources, function)
	switch f.Kind {
	case fault.Throttle, fault.Error:
		refusalOf(name, f).write(w)
		return
	case fault.Gone:
		breakOff(service, r)
		gone.write(w)
		return
	case fault.LoseRequest:
		holdBack(r, f.Delay)
		panic(http.ErrAbortHandler)
	case fault.KillBefore:
		h.kill(r)
		panic(http.ErrAbortHandler)
	case fault.Slow:
		if !wait(r, f.Delay) {
			panic(http.ErrAbortHandler) // the client has given up: whether AWS would go on, it cannot know
		}
	}
	if action != "" {
		h.config.Calls.Add(action, function)
	}
	switch f.Kind {
	case fault.LoseAnswer:
		service.ServeHTTP(newUnheard(), r)
		holdBack(r, f.Delay)
		panic(http.ErrAbortHandler)
	case fault.KillAfter:
		service.ServeHTTP(newUnheard(), r)
		h.kill(r)
		panic(http.ErrAbortHandler)
	case fault.Partial:
		servePart(service, w, r)
	default:
		service.ServeHTTP(w, r)
	}
}

// Breaker is a Service whose calls are about a connection: Break ends it without a word to anybody, as it has ended on AWS when a
// call is told that it is gone.
type Breaker interface{ Break(r *http.Request) }

func breakOff(service Service, r *http.Request) {
	if c, ok := service.(counted); ok {
		service = c.Service
	}
	if breaker, ok := service.(Breaker); ok {
		breaker.Break(r)
	}
}

// faultOf asks for the fault of a call.
func (h *Handler) faultOf(r *http.Request, action string, resources []string, function string) fault.Fault {
	if action == "" || !h.config.Faults.Active() {
		return fault.Fault{}
	}
	about := fault.About{Name: faultName(action, r.Method), Function: function, Resources: resources}
	if function != "" && h.config.Invocations != nil {
		about.Nth = h.config.Invocations.CallArrived(r.Header.Get(traceHeader))
	}
	return h.config.Faults.At(fault.Call, about)
}

// kill kills the function that makes the call.
func (h *Handler) kill(r *http.Request) {
	if h.config.Invocations == nil || !h.config.Invocations.Kill(r.Header.Get(traceHeader)) {
		h.config.Log.Warn("function not killed: its call names no invocation that is under way", "path", r.URL.Path, "trace", r.Header.Get(traceHeader))
	}
}

// manageConnections is the one IAM action of everything that is done to a connection. Faults tell its methods apart.
const manageConnections = "execute-api:ManageConnections"

// faultName is what rules call an action.
func faultName(action, method string) string {
	if action == manageConnections {
		return "connections:" + method
	}
	return action
}

// wait waits for a slow call's turn, or tells that its client has left.
func wait(r *http.Request, delay time.Duration) bool {
	select {
	case <-time.After(delay):
		return true
	case <-r.Context().Done():
		return false
	}
}

// holdBack leaves a client without an answer until it gives up, or for a delay if that is set.
func holdBack(r *http.Request, delay time.Duration) {
	if delay == 0 {
		delay = longestSilence
	}
	wait(r, delay)
}

// unheard is the ResponseWriter of an answer that gets lost.
type unheard struct{ header http.Header }

func newUnheard() unheard { return unheard{http.Header{}} }

func (u unheard) Header() http.Header         { return u.header }
func (u unheard) Write(p []byte) (int, error) { return len(p), nil }
func (u unheard) WriteHeader(int)             {}
