package httpapi

import (
	"fmt"
	"strings"
)

// greedy ends the path of a route that takes everything below it.
const greedy = "/{proxy+}"

// pathOf is the path of a route's key, "" of $default.
func pathOf(key string) (string, error) {
	if key == "$default" {
		return "", nil
	}
	method, path, found := strings.Cut(key, " ")
	if variable := strings.TrimSuffix(path, greedy); !found || method == "" || !strings.HasPrefix(path, "/") || strings.Contains(variable, "{") {
		return "", fmt.Errorf("httpapi: route %q: the stand-in knows $default, paths without variables, and paths that end in %s", key, greedy)
	}
	return path, nil
}

// routeOf selects the route of a request, and says what its variable is. Most specific first: the whole path, then the
// greedy route with the longest path, then $default; the request's method before ANY.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html#http-api-develop-routes.evaluation
func routeOf(routes []Route, method, path string) (selected Route, proxy map[string]string, found bool) {
	best := -1
	for _, route := range routes {
		rank, variable := 0, map[string]string(nil)
		if route.Key != "$default" {
			given, at, _ := strings.Cut(route.Key, " ")
			if given != method && given != "ANY" {
				continue
			}
			base, isGreedy := strings.CutSuffix(at, greedy)
			rest, below := strings.CutPrefix(path, base+"/")
			switch {
			case isGreedy && below && rest != "":
				rank, variable = 1+2*len(base), map[string]string{"proxy": rest}
			case !isGreedy && at == path:
				rank = 1 + 4*len(path) // above every greedy one, which is shorter
			default:
				continue
			}
			if given == method {
				rank++
			}
		}
		if rank > best {
			best, selected, proxy, found = rank, route, variable, true
		}
	}
	return selected, proxy, found
}
