package main

import (
	"net/http"

	"github.com/serverless-ocpp/backend/shared/operation"
)

// operationRoutes are a route for each operation of the table.
func (a *API) operationRoutes() []route {
	routes := make([]route, len(operation.Kinds))
	for i, kind := range operation.Kinds {
		routes[i] = route{
			method: kind.Method, path: "/charge-points/{id}/" + kind.Path, id: camelCase(kind.Name), tag: tagOperations, summary: kind.Summary,
			headers: commanding, body: orderOf{kind.New()}, bodyOptional: true, example: exampleOf[kind.Name], example2x: exampleOf2x[kind.Name],
			answers:  map[int]any{http.StatusOK: anyOf{submitted{}, submittedSeveral{}}, http.StatusAccepted: anyOf{submitted{}, submittedSeveral{}}},
			problems: []int{http.StatusNotFound, http.StatusConflict}, serve: a.operate(kind),
		}
	}
	return routes
}

// operate serves an operation: it becomes the CALLs of the version that the charge point speaks.
func (a *API) operate(kind operation.Kind) endpoint {
	return func(r *http.Request) (answer, error) {
		order, err := readOrder(r, kind.Name, kind.New())
		if err != nil {
			return answer{}, err
		}
		cp, err := a.chargePoint(r)
		if err != nil {
			return answer{}, err
		}
		return a.place(r, cp, order)
	}
}

// createCommand sends a charge point any CALL of its version. The payload is in the words of that version and is
// checked against its schema, strictly: 422 names the field.
func (a *API) createCommand(r *http.Request) (answer, error) {
	order, err := readOrder(r, "", new(operation.Raw))
	if err != nil {
		return answer{}, err
	}
	cp, err := a.chargePoint(r)
	if err != nil {
		return answer{}, err
	}
	return a.place(r, cp, order)
}
