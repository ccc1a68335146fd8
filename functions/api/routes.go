package main

import (
	"net/http"
	"slices"

	"github.com/serverless-ocpp/backend/shared/fault"
)

// routes is the whole API: a list per resource.
func (a *API) routes() []route {
	return slices.Concat(
		a.chargePointRoutes(),
		a.stateRoutes(),
		a.fleetConnectorRoutes(),
		a.reportRoutes(),
		a.transactionRoutes(),
		a.operationRoutes(),
		a.commandRoutes(),
		a.campaignRoutes(),
		a.predecessorRoutes(),
		a.tokenRoutes(),
		a.overviewRoutes(),
		a.systemRoutes(),
		a.schemaRoutes(),
	)
}

// Handler serves the routes.
func (a *API) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, route := range a.routes() {
		mux.HandleFunc(route.method+" "+route.path, func(w http.ResponseWriter, r *http.Request) {
			answer, err := route.serveIfNamed(r)
			if err != nil {
				answer = problemAnswer(r, err)
			}
			answer.write(w, r)
		})
	}
	return logged(recovered(permitted(knownRoute(mux))))
}

// longestID is the most bytes that an id in a path has. Longer ones are on no row, and DynamoDB takes none for a key.
const longestID = 1000

// serveIfNamed serves a request unless what it names cannot be.
func (row route) serveIfNamed(r *http.Request) (answer, error) {
	for _, name := range append(membersOf(row.path), "id") {
		if len(r.PathValue(name)) > longestID {
			return answer{}, fault.New(fault.NotFound, "there is no %s of so many characters", name)
		}
	}
	return row.serve(r)
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
			answer = problemAnswer(r, statusError{said.status, r.Method + " is not allowed on " + r.URL.Path + ", which takes " + allow})
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
