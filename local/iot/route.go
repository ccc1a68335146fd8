package iot

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/serverless-ocpp/backend/local/iot/fault"
)

// route is an operation of an API.
type route struct {
	method string
	// path has {name} for a part, percent-decoded, and {name...} for all that is left of the path.
	path     string
	action   string // of IAM, without "iot:"
	resource func(names map[string]string, r *http.Request) string
	serve    func(request) (any, error)
}

// find returns the operation that a request is for, with the named parts of its path.
func find(routes []route, r *http.Request) (route, map[string]string, error) {
	otherMethod := false
	for _, candidate := range routes {
		names, ok := match(candidate.path, r.URL)
		if ok && candidate.method == r.Method {
			return candidate, names, nil
		}
		otherMethod = otherMethod || ok
	}
	if otherMethod {
		return route{}, nil, fault.Method("%s is not a method of %s", r.Method, r.URL.Path)
	}
	return route{}, nil, &fault.Error{
		Code:    "UnknownOperationException",
		Status:  http.StatusNotImplemented,
		Message: "The local AWS IoT Core has no operation " + r.Method + " " + r.URL.Path,
	}
}

func match(path string, u *url.URL) (map[string]string, bool) {
	names := make(map[string]string)
	// The escaped path keeps the slash inside a name apart from the one between names.
	given := strings.Split(strings.TrimPrefix(u.EscapedPath(), "/"), "/")
	for i, part := range strings.Split(strings.TrimPrefix(path, "/"), "/") {
		if i >= len(given) {
			return nil, false
		}
		name, isName := strings.CutPrefix(part, "{")
		if !isName {
			if part != given[i] {
				return nil, false
			}
			continue
		}
		value := given[i]
		rest, takesAll := strings.CutSuffix(name, "...}")
		if takesAll {
			value = strings.Join(given[i:], "/")
		}
		decoded, err := url.PathUnescape(value)
		if err != nil || decoded == "" {
			return nil, false
		}
		if takesAll {
			names[rest] = decoded
			return names, true
		}
		names[strings.TrimSuffix(name, "}")] = decoded
	}
	return names, len(given) == strings.Count(path, "/")
}

// Service names of the two APIs, as in the scope of a signature.
const (
	ControlService = "iot"
	DataService    = "iotdata"
)

// ServiceOf tells which of the two APIs a request without a signature is for, by its path: ControlService, DataService, or
// empty when it is for neither.
func ServiceOf(u *url.URL) string {
	switch parts := strings.Split(strings.TrimPrefix(u.EscapedPath(), "/"), "/"); parts[0] {
	case "topics", "retainedMessage", "connections":
		return DataService
	case "api":
		if len(parts) > 2 && parts[1] == "things" && parts[2] == "shadow" {
			return DataService
		}
	case "things":
		if len(parts) == 3 && parts[2] == "shadow" {
			return DataService
		}
		return ControlService
	case "thing-types", "thing-groups", "endpoint", "event-configurations", "policies", "rules", "certificates",
		"keys-and-certificate", "billing-groups":
		return ControlService
	}
	return ""
}
