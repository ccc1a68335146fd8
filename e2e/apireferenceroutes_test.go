package e2e

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// request is the method and path of a line of the reference.
var requestOf = regexp.MustCompile(`\$HTTP_API(/[^"?]*)`)

// TestAPIReferenceIsWhole: each route of the OpenAPI document has a line, and each line has a route.
func TestAPIReferenceIsWhole(t *testing.T) {
	t.Parallel()
	paths := readOpenAPI(t).paths
	shown := map[string]bool{}
	for _, line := range reference(t) {
		if !strings.HasPrefix(line.shell, "curl ") {
			continue
		}
		request := requestOf.FindStringSubmatch(line.shell)
		if request == nil {
			t.Errorf("no path of $HTTP_API in %s", line.shell)
			continue
		}
		route := routeOf(paths, methodOf(line.shell), request[1])
		if route == "" {
			t.Errorf("there is no route for %s", line.shell)
		}
		shown[route] = true
	}
	for path, item := range paths {
		methods, _ := item.(map[string]any)
		for method := range methods {
			if route := strings.ToUpper(method) + " " + path; !shown[route] {
				t.Errorf("docs/api-reference.md shows no line for %s", route)
			}
		}
	}
}

// methodOf is the method that curl takes.
func methodOf(shell string) string {
	if given := regexp.MustCompile(`-X (\w+)`).FindStringSubmatch(shell); given != nil {
		return given[1]
	}
	if strings.Contains(shell, "--json") {
		return http.MethodPost
	}
	return http.MethodGet
}

// routeOf is the route that a path belongs to: of several the one with the fewest variables.
func routeOf(paths map[string]any, method, path string) (route string) {
	fewest := len(path)
	for pattern, item := range paths {
		methods, _ := item.(map[string]any)
		if _, has := methods[strings.ToLower(method)]; !has {
			continue
		}
		matches := regexp.MustCompile("^" + regexp.MustCompile(`\\\{[^/]+\\\}`).ReplaceAllString(regexp.QuoteMeta(pattern), "[^/]+") + "$")
		if variables := strings.Count(pattern, "{"); matches.MatchString(path) && variables < fewest {
			route, fewest = method+" "+pattern, variables
		}
	}
	return route
}
