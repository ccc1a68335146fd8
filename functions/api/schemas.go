package main

import (
	"net/http"

	ocppschemas "github.com/serverless-ocpp/backend/schemas"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// schemaRoutes serve the JSON schemas that messages are checked against, for those who make forms or clients of them.
func (a *API) schemaRoutes() []route {
	return []route{
		{method: "GET", path: "/schemas/{version}", id: "listSchemas", tag: tagSystem, summary: "List the actions of an OCPP version",
			answers: map[int]any{http.StatusOK: actionList{}}, problems: []int{http.StatusNotFound}, serve: a.listSchemas},
		{method: "GET", path: "/schemas/{version}/{action}", id: "getSchema", tag: tagSystem, summary: "Read the JSON schemas of an action",
			description: "`request` and `response` are schemas (draft-07); the shared types that they refer to are below `types`.",
			answers:     map[int]any{http.StatusOK: ocppschemas.Document{}}, problems: []int{http.StatusNotFound}, serve: a.getSchema},
	}
}

// actionList is the actions of a version.
type actionList struct {
	Actions []actionView `json:"actions"`
}

// actionView is an action, and who may send it.
type actionView struct {
	Action string `json:"action"`
	SentBy string `json:"sentBy"` // chargePoint, centralSystem or both
}

func (a *API) listSchemas(r *http.Request) (answer, error) {
	version := ocppj.Version(r.PathValue("version"))
	names := ocppschemas.Actions(version)
	if names == nil {
		return answer{}, fault.New(fault.NotFound, "there is no OCPP version %.20q; ocpp1.6, ocpp2.0.1 and ocpp2.1 are known", string(version))
	}
	list := actionList{make([]actionView, len(names))}
	for i, name := range names {
		sender, _ := ocppschemas.Known(version, name) // it is in the list, so it is known
		list.Actions[i] = actionView{name, sender.String()}
	}
	return reply(http.StatusOK, list), nil
}

func (a *API) getSchema(r *http.Request) (answer, error) {
	version, action := ocppj.Version(r.PathValue("version")), r.PathValue("action")
	if _, known := ocppschemas.Known(version, action); !known {
		return answer{}, fault.New(fault.NotFound, "%.40q is no action of OCPP version %.20q; GET /schemas/ocpp1.6, ocpp2.0.1 or ocpp2.1 lists them", action, string(version))
	}
	document, err := ocppschemas.DocumentOf(version, action)
	if err != nil {
		return answer{}, err
	}
	return reply(http.StatusOK, document), nil
}
