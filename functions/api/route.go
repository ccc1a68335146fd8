package main

import "net/http"

// route is one row of the API: the mux serves it, and the OpenAPI document (openapi.json) is made from it.
// Rows stand beside their endpoints, a function per resource; routes.go puts them together.
type route struct {
	method string
	path   string // in the spelling of net/http and of OpenAPI: /charge-points/{id}; path members are described in parameters.go
	id     string // operationId: what generated clients call it

	tag         tag
	summary     string // one line
	description string // what else a caller has to know, in Markdown; may be empty

	query   []parameter
	headers []parameter

	// body is a value of the type of the JSON body; nil: the route takes none. Members of it are described by the comments
	// of its fields; those tagged `required:"true"` must be there.
	body         any
	bodyOptional bool   // no body at all is {}
	example      string // of the body, in JSON
	example2x    string // of the body for charge points of 2.x, where that is another one

	// answers are values of the types of the JSON answers by status; nil: an answer without a body.
	answers map[int]any
	// problems are the statuses of its problem documents beside those that every route has, or every one with a body.
	problems []int

	serve endpoint
}

// endpoint answers a request, or says why not. The error's code decides the status (problem.go).
type endpoint func(r *http.Request) (answer, error)

// tag groups routes in the document.
type tag string

const (
	tagRegistry     tag = "Charge points"
	tagState        tag = "What charge points tell"
	tagTransactions tag = "Transactions"
	tagOperations   tag = "Operations"
	tagCommands     tag = "Commands"
	tagCampaigns    tag = "Campaigns"
	tagTokens       tag = "Id tokens"
	tagPredecessor  tag = "Routes of the predecessor"
	tagSystem       tag = "System"
)

// parameter is one of a query or a header.
type parameter struct {
	name        string
	description string
	schema      any // a value of its type, such as "" or 0
	enum        []string
	required    bool
}

// What a body or an answer is that has no Go type of its own.
type (
	// orderOf is the members of an operation with those that every order has.
	orderOf struct{ operation any }
	// namingOrderOf is that with the charge point's id.
	namingOrderOf struct{ operation any }
	// anyOf is one of several types.
	anyOf []any
)
