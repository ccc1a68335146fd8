package httpapi

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// answer is what a function returned, ready for the client.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// parseAnswer reads a function's answer. An object with statusCode is the full form.
// Without statusCode, valid JSON is itself the body of a 200 with content type
// application/json.
func parseAnswer(raw []byte) (answer, error) {
	if !json.Valid(raw) {
		return answer{}, fmt.Errorf("%.200s is not JSON", raw)
	}
	var fields struct {
		StatusCode        json.RawMessage            `json:"statusCode"`
		Headers           map[string]json.RawMessage `json:"headers"`
		MultiValueHeaders map[string][]string        `json:"multiValueHeaders"`
		Cookies           []string                   `json:"cookies"`
		Body              *string                    `json:"body"`
		IsBase64Encoded   bool                       `json:"isBase64Encoded"`
	}
	if !hasStatusCode(raw) {
		return answer{status: http.StatusOK, header: http.Header{"Content-Type": {"application/json"}}, body: inferredBody(raw)}, nil
	}
	if err := json.Unmarshal(raw, &fields); err != nil {
		return answer{}, fmt.Errorf("reading %.200s: %w", raw, err)
	}
	status, err := strconv.Atoi(scalar(fields.StatusCode))
	if err != nil || status < 100 || status > 599 {
		return answer{}, fmt.Errorf("statusCode %s is no HTTP status", fields.StatusCode)
	}
	a := answer{status: status, header: http.Header{}}
	for name, value := range fields.Headers {
		a.header.Set(name, scalar(value))
	}
	// Format 2.0 has no multiValueHeaders; API Gateway takes them all the same, joined.
	for name, values := range fields.MultiValueHeaders {
		a.header.Set(name, strings.Join(values, ","))
	}
	for _, cookie := range fields.Cookies {
		a.header.Add("Set-Cookie", cookie)
	}
	if fields.Body != nil {
		a.body = []byte(*fields.Body)
		if a.header.Get("Content-Type") == "" {
			a.header.Set("Content-Type", "text/plain; charset=utf-8")
		}
	}
	if fields.IsBase64Encoded {
		if a.body, err = base64.StdEncoding.DecodeString(string(a.body)); err != nil {
			return answer{}, fmt.Errorf("body is not base64: %w", err)
		}
	}
	return a, nil
}

func hasStatusCode(raw []byte) bool {
	var object map[string]json.RawMessage
	err := json.Unmarshal(raw, &object)
	return err == nil && object["statusCode"] != nil
}

// inferredBody is the text of a JSON string, and anything else as it is.
func inferredBody(raw []byte) []byte {
	var text string
	if err := json.Unmarshal(raw, &text); err == nil && raw[0] == '"' {
		return []byte(text)
	}
	return raw
}

// scalar is the text of a JSON string, number or boolean.
func scalar(raw json.RawMessage) string {
	var text string
	if err := json.Unmarshal(raw, &text); err == nil {
		return text
	}
	return string(bytes.TrimSpace(raw))
}

func (a answer) write(w http.ResponseWriter) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	// A client that has left gets no answer.
	_, _ = w.Write(a.body)
}
