package edge

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// result is what a function returned: one of the two.
type result struct {
	request  *request
	response *response
}

// response is an answer that a function gives itself.
type response struct {
	StatusCode int              `json:"statusCode"`
	Headers    map[string]value `json:"headers"`
	Cookies    map[string]struct {
		Value      string `json:"value"`
		Attributes string `json:"attributes"`
	} `json:"cookies"`
	Body responseBody `json:"body"`
}

// responseBody is a body, written as text or as {"encoding": "text" or "base64", "data"}.
type responseBody []byte

// UnmarshalJSON reads either form.
func (b *responseBody) UnmarshalJSON(raw []byte) error {
	var text string
	if err := json.Unmarshal(raw, &text); err == nil {
		*b = responseBody(text)
		return nil
	}
	var encoded struct {
		Encoding string `json:"encoding"`
		Data     string `json:"data"`
	}
	if err := json.Unmarshal(raw, &encoded); err != nil {
		return fmt.Errorf("body: %w", err)
	}
	switch encoded.Encoding {
	case "", "text":
		*b = responseBody(encoded.Data)
		return nil
	case "base64":
		data, err := base64.StdEncoding.DecodeString(encoded.Data)
		*b = data
		return err
	default:
		return fmt.Errorf("body: encoding is %q, neither text nor base64", encoded.Encoding)
	}
}

// parseResult reads what a function returned for an event and checks that it changed
// nothing that it may not change.
func parseResult(e event, raw []byte) (result, error) {
	var kind struct {
		StatusCode *json.RawMessage `json:"statusCode"`
		URI        *string          `json:"uri"`
	}
	if err := json.Unmarshal(raw, &kind); err != nil {
		return result{}, fmt.Errorf("the function returned %.200s: %w", raw, err)
	}
	if kind.StatusCode != nil {
		var answer response
		if err := json.Unmarshal(raw, &answer); err != nil {
			return result{}, fmt.Errorf("the function's response: %w", err)
		}
		if answer.StatusCode < 200 || answer.StatusCode > 599 {
			return result{}, fmt.Errorf("the function's response has statusCode %d", answer.StatusCode)
		}
		return result{response: &answer}, nil
	}
	if kind.URI == nil {
		return result{}, errors.New("the function returned neither a request nor a response")
	}
	var changed request
	if err := json.Unmarshal(raw, &changed); err != nil {
		return result{}, fmt.Errorf("the function's request: %w", err)
	}
	return result{request: &changed}, changed.check(e.Request)
}

// check compares with the request that the function was given.
func (c request) check(given request) error {
	if c.Method != given.Method {
		return fmt.Errorf("the function changed the method from %s to %s", given.Method, c.Method)
	}
	if !strings.HasPrefix(c.URI, "/") || strings.ContainsAny(c.URI, "?# ") {
		return fmt.Errorf("the function set uri to %q", c.URI)
	}
	for name := range c.Headers {
		if name != strings.ToLower(name) || isInvisible(name) {
			return fmt.Errorf("the function set header %q, which it may not", name)
		}
	}
	for name := range readOnly {
		if !slices.Equal(c.Headers[name].all(), given.Headers[name].all()) {
			return fmt.Errorf("the function changed header %q, which is read-only", name)
		}
	}
	return nil
}

// apply makes r what the function returned. Headers that it could not see stay.
func (c request) apply(r *http.Request) error {
	if err := setPath(r.URL, c.URI); err != nil {
		return err
	}
	r.URL.RawQuery = join(c.QueryString, "&")
	for name := range r.Header {
		if lower := strings.ToLower(name); !isInvisible(lower) {
			delete(r.Header, name)
		}
	}
	for name, v := range c.Headers {
		if name != "host" {
			r.Header[http.CanonicalHeaderKey(name)] = v.all()
		}
	}
	if cookies := join(c.Cookies, "; "); cookies != "" {
		r.Header.Set("Cookie", cookies)
	}
	return nil
}

// join writes name=value pairs, in the order of their names.
func join(values map[string]value, separator string) string {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, text := range values[name].all() {
			pairs = append(pairs, name+"="+text)
		}
	}
	return strings.Join(pairs, separator)
}

func (a *response) write(w http.ResponseWriter) {
	for name, v := range a.Headers {
		w.Header()[http.CanonicalHeaderKey(name)] = v.all()
	}
	for _, name := range slices.Sorted(maps.Keys(a.Cookies)) {
		cookie := name + "=" + a.Cookies[name].Value
		if attributes := a.Cookies[name].Attributes; attributes != "" {
			cookie += "; " + attributes
		}
		w.Header().Add("Set-Cookie", cookie)
	}
	w.WriteHeader(a.StatusCode)
	// A viewer that has left gets no answer.
	_, _ = w.Write(a.Body)
}
