package websocketapi

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
)

// proxyAnswer is what a function returns through a Lambda proxy integration.
type proxyAnswer struct {
	status int
	header http.Header
	body   []byte
}

// integrate runs a route's function. A failure has the status that API Gateway
// gives it: 500 when the function could not be run (no permission, throttled), 502
// when it failed or answered nonsense, 504 when it took too long (the 504 is undocumented).
func (a *API) integrate(route Route, e event) (proxyAnswer, *refusal) {
	ctx, cancel := context.WithTimeout(context.Background(), route.timeout())
	defer cancel()
	answer, functionError, err := a.config.Invoker.Invoke(ctx, route.Function, e.encode())
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return proxyAnswer{}, &refusal{status: http.StatusGatewayTimeout,
			reason: fmt.Sprintf("%s took longer than %s", route.Function, route.timeout())}
	case err != nil:
		return proxyAnswer{}, &refusal{status: http.StatusInternalServerError, reason: route.Function + " did not run: " + err.Error()}
	case functionError != "":
		return proxyAnswer{}, &refusal{status: http.StatusBadGateway, reason: route.Function + " failed: " + string(answer)}
	}
	parsed, err := parseProxyAnswer(answer)
	if err != nil {
		return proxyAnswer{}, &refusal{status: http.StatusBadGateway, reason: route.Function + " returned a malformed answer: " + err.Error()}
	}
	return parsed, nil
}

// parseProxyAnswer reads {"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"}.
func parseProxyAnswer(raw []byte) (proxyAnswer, error) {
	var fields struct {
		StatusCode        json.RawMessage            `json:"statusCode"`
		Headers           map[string]json.RawMessage `json:"headers"`
		MultiValueHeaders map[string][]string        `json:"multiValueHeaders"`
		Body              string                     `json:"body"`
		IsBase64Encoded   bool                       `json:"isBase64Encoded"`
	}
	if err := json.Unmarshal(raw, &fields); err != nil {
		return proxyAnswer{}, fmt.Errorf("reading %.200s: %w", raw, err)
	}
	status, err := strconv.Atoi(scalar(fields.StatusCode))
	if err != nil || status < 100 || status > 599 {
		return proxyAnswer{}, fmt.Errorf("statusCode %s is no HTTP status", fields.StatusCode)
	}
	answer := proxyAnswer{status: status, header: http.Header{}, body: []byte(fields.Body)}
	for name, value := range fields.Headers {
		answer.header.Set(name, scalar(value))
	}
	for name, values := range fields.MultiValueHeaders {
		answer.header.Del(name)
		for _, value := range values {
			answer.header.Add(name, value)
		}
	}
	if fields.IsBase64Encoded {
		answer.body, err = base64.StdEncoding.DecodeString(fields.Body)
		if err != nil {
			return proxyAnswer{}, fmt.Errorf("body is not base64: %w", err)
		}
	}
	return answer, nil
}

// scalar is the text of a JSON string, number or boolean: a status or header may be either.
func scalar(raw json.RawMessage) string {
	var text string
	if err := json.Unmarshal(raw, &text); err == nil {
		return text
	}
	return string(bytes.TrimSpace(raw))
}
