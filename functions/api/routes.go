package main

import (
	"net/http"
)

// endpoint answers a request, or says why not. The error's code decides the status (problem.go).
type endpoint func(r *http.Request) (answer, error)

// routes is the whole API.
func (a *API) routes() map[string]endpoint {
	return map[string]endpoint{
		"GET /health": a.health,

		"POST /charge-points":                                  a.createChargePoint,
		"GET /charge-points":                                   a.listChargePoints,
		"GET /charge-points/{id}":                              a.getChargePoint,
		"DELETE /charge-points/{id}":                           a.deleteChargePoint,
		"PUT /charge-points/{id}/registration":                 a.putRegistration,
		"PUT /charge-points/{id}/validation":                   a.putValidation,
		"POST /charge-points/{id}/key":                         a.createKey,
		"GET /charge-points/{id}/connectors":                   a.listConnectors,
		"GET /charge-points/{id}/messages":                     a.listMessages,
		"GET /charge-points/{id}/transactions":                 a.listTransactions,
		"GET /charge-points/{id}/transactions/{transactionId}": a.getTransaction,

		"GET /charge-points/{id}/variables":                  a.listVariables,
		"GET /charge-points/{id}/reports":                    a.listNewestReports,
		"GET /charge-points/{id}/reports/{kind}":             a.listReports,
		"GET /charge-points/{id}/reports/{kind}/{requestId}": a.getAnswerToRequest,

		"POST /charge-points/{id}/commands":               a.createCommand,
		"GET /charge-points/{id}/commands":                a.listCommands,
		"GET /charge-points/{id}/commands/{commandId}":    a.getCommand,
		"DELETE /charge-points/{id}/commands/{commandId}": a.cancelCommand,

		"POST /remote-start":             a.remoteStart,
		"POST /remote-stop":              a.remoteStop,
		"POST /remote-start-transaction": asPredecessor(a.remoteStart),
		"POST /remote-stop-transaction":  asPredecessor(a.remoteStop),

		"GET /tokens":              a.listTokens,
		"GET /tokens/{idToken}":    a.getToken,
		"PUT /tokens/{idToken}":    a.putToken,
		"DELETE /tokens/{idToken}": a.deleteToken,
	}
}

// Handler serves the routes.
func (a *API) Handler() http.Handler {
	mux := http.NewServeMux()
	for pattern, serve := range a.routes() {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			answer, err := serve(r)
			if err != nil {
				answer = problemAnswer(r, err)
			}
			answer.write(w, r)
		})
	}
	return logged(recovered(knownRoute(mux)))
}

// knownRoute answers what the mux has no route for by a problem document instead of the mux's own text.
func knownRoute(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		refuse, pattern := mux.Handler(r)
		if pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		said := recorder{header: http.Header{}}
		refuse.ServeHTTP(&said, r)
		answer := problemAnswer(r, statusError{http.StatusNotFound, "there is no " + r.URL.Path})
		if allow := said.header.Get("Allow"); said.status == http.StatusMethodNotAllowed {
			answer = problemAnswer(r, statusError{said.status, r.Method + " is not allowed on " + r.URL.Path + ", but " + allow + " is"})
			answer.header.Set("Allow", allow)
		}
		answer.write(w, r)
	})
}

// recorder catches what the mux says about a request that it has no route for.
type recorder struct {
	header http.Header
	status int
}

func (r *recorder) Header() http.Header            { return r.header }
func (r *recorder) Write(text []byte) (int, error) { return len(text), nil }
func (r *recorder) WriteHeader(status int)         { r.status = status }
