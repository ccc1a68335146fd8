package fault

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// Path is where the control API is found beside the AWS APIs; no AWS API has such a path.
const Path = "/_local/faults"

// maxPlan is far above what anybody writes.
const maxPlan = 1 << 20 // bytes

// ServeHTTP is the control API: GET shows the plan and its counts, PUT replaces the plan, DELETE ends it and shows the last
// counts.
func (i *Injector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet:
		answer(w, http.StatusOK, i.State())
	case http.MethodDelete:
		answer(w, http.StatusOK, i.Clear())
	case http.MethodPut:
		plan, err := Read(http.MaxBytesReader(w, r.Body, maxPlan))
		if err == nil {
			err = i.Set(plan)
		}
		if err != nil {
			refuse(w, http.StatusBadRequest, err.Error())
			return
		}
		answer(w, http.StatusOK, i.State())
	default:
		w.Header().Set("Allow", "GET, PUT, DELETE")
		refuse(w, http.StatusMethodNotAllowed, fmt.Sprintf("%s is not one of GET, PUT, DELETE", r.Method))
	}
}

func refuse(w http.ResponseWriter, status int, why string) {
	answer(w, status, map[string]string{"error": why})
}

func answer(w http.ResponseWriter, status int, document any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// An error here is a client that went away; nobody is left to tell.
	_ = json.NewEncoder(w).Encode(document)
}
