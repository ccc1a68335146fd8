package main

import (
	_ "embed"
	"encoding/json"
	"net/http"
)

// openAPI is made from the routes by `go generate ./functions/api`; a test says when it is stale. What makes it
// needs reflection over every type and is no part of the function.
//
//go:embed openapi.json
var openAPI []byte

func (a *API) openAPI(*http.Request) (answer, error) {
	return reply(http.StatusOK, json.RawMessage(openAPI)), nil
}
