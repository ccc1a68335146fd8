package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// document makes the OpenAPI document of the routes: version 3.1, whose schemas are those of JSON Schema 2020-12.
func document(t *testing.T) object {
	schemas := newSchemas(t)
	problems := schemas.ofAnswer(problem{})
	paths := object{}
	for _, route := range (&API{}).routes() {
		if paths[route.path] == nil {
			paths[route.path] = object{}
		}
		paths[route.path].(object)[strings.ToLower(route.method)] = schemas.operation(route, problems)
	}
	return object{
		"openapi":    "3.1.0",
		"info":       object{"title": "Serverless OCPP backend", "version": "1", "description": about},
		"servers":    servers,
		"security":   []object{{"sigv4": []string{}}, {"jwt": []string{}}},
		"tags":       tags(),
		"paths":      paths,
		"components": object{"schemas": schemas.components, "securitySchemes": securitySchemes},
	}
}

const about = "Operators keep charge points and id tokens with it, integrators command charge points and read what happened. " +
	"Errors are problem documents (RFC 9457). docs/api-reference.md explains it by example."

var servers = []object{
	{
		"url": "https://{api}.execute-api.{region}.amazonaws.com", "description": "the HTTP API of a deployed stack: its output HttpApiUrl",
		"variables": object{"api": object{"default": "example"}, "region": object{"default": "eu-central-1"}},
	},
	{"url": "http://127.0.0.1:8081", "description": "the system on this machine, as `make run` starts it"},
}

var securitySchemes = object{
	"sigv4": object{
		"type": "apiKey", "in": "header", "name": "Authorization", "x-amazon-apigateway-authtype": "awsSigv4",
		"description": "AWS Signature Version 4 for the service execute-api (the default)",
	},
	"jwt": object{
		"type": "http", "scheme": "bearer", "bearerFormat": "JWT",
		"description": "a JWT of the issuer that the stack was deployed with, instead of SigV4",
	},
}

func tags() (list []object) {
	for _, name := range []tag{tagRegistry, tagOperations, tagCommands, tagCampaigns, tagState, tagTransactions, tagTokens, tagPredecessor, tagSystem} {
		list = append(list, object{"name": name})
	}
	return list
}

// operation describes a route.
func (s *schemas) operation(r route, problem object) object {
	described := object{"operationId": r.id, "tags": []tag{r.tag}, "summary": r.summary, "parameters": s.parameters(r)}
	if r.description != "" {
		described["description"] = r.description
	}
	if r.body != nil {
		body, needed := s.ofBody(r)
		content := object{"schema": body}
		switch {
		case r.example2x != "":
			content["examples"] = object{
				"ocpp1.6": object{"value": json.RawMessage(r.example)}, "ocpp2.x": object{"value": json.RawMessage(r.example2x)},
			}
		case r.example != "":
			content["example"] = json.RawMessage(r.example)
		}
		described["requestBody"] = object{"required": needed || !r.bodyOptional, "content": object{"application/json": content}}
	}
	responses := object{}
	for status, value := range r.answers {
		response := object{"description": http.StatusText(status)}
		if headers := headersOf(r); headers != nil {
			response["headers"] = headers
		}
		if value != nil {
			response["content"] = object{"application/json": object{"schema": s.ofAnswer(value)}}
		}
		responses[strconv.Itoa(status)] = response
	}
	for _, status := range problemsOf(r) {
		responses[strconv.Itoa(status)] = object{
			"description": http.StatusText(status), "content": object{"application/problem+json": object{"schema": problem}},
		}
	}
	if r.method == http.MethodGet {
		responses[strconv.Itoa(http.StatusNotModified)] = object{"description": "`If-None-Match` has the `ETag` of the answer that would have been given"}
	}
	described["responses"] = responses
	return described
}

// problemsOf are the statuses of problem documents that a route answers with.
func problemsOf(r route) []int {
	statuses := append([]int{http.StatusForbidden, http.StatusInternalServerError, http.StatusServiceUnavailable}, r.problems...)
	if strings.Contains(r.path, "{") {
		statuses = append(statuses, http.StatusNotFound) // of a member with a slash, which is on no route
	}
	if r.body != nil {
		statuses = append(statuses, http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity)
	}
	return statuses
}

// headersOf are the headers of an answer that tells of commands.
func headersOf(r route) object {
	for _, parameter := range r.headers {
		if parameter.name == keyHeader {
			text := object{"type": "string"}
			return object{
				"Location":     object{"schema": text, "description": "path of what was made; of several commands, of the first"},
				replayedHeader: object{"schema": text, "description": "`true` when the request was sent before under the same Idempotency-Key"},
			}
		}
	}
	return nil
}

// parameters are those of the path, the query and the headers.
func (s *schemas) parameters(r route) []object {
	list := []object{}
	add := func(name, in, description string, schema object, required bool) {
		if description == "" {
			s.Errorf("%s: nothing says what %s is: parameters.go", r.id, name)
		}
		list = append(list, object{"name": name, "in": in, "description": description, "required": required, "schema": schema})
	}
	for segment := range strings.SplitSeq(r.path, "/") {
		if name, is := strings.CutPrefix(segment, "{"); is {
			name = strings.TrimSuffix(name, "}")
			add(name, "path", pathMembers[name], object{"type": "string"}, true)
		}
	}
	for in, parameters := range map[string][]parameter{"query": r.query, "header": r.headers} {
		for _, p := range parameters {
			schema := s.reflect(p.schema, false)
			if p.enum != nil {
				schema["enum"] = p.enum
			}
			add(p.name, in, p.description, schema, p.required)
		}
	}
	slices.SortStableFunc(list, func(a, b object) int { return strings.Compare(b["in"].(string), a["in"].(string)) })
	return list
}

// written is the document as it is embedded: sorted and indented, so that changes can be read.
func written(t *testing.T) []byte {
	encoded, err := json.Marshal(document(t))
	if err != nil {
		t.Fatal(err)
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, encoded, "", "  "); err != nil {
		t.Fatal(err)
	}
	pretty.WriteByte('\n')
	return pretty.Bytes()
}
