package websocketapi

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// authorize asks the authorizer about a handshake and keeps what it returned for
// all later events of the connection. A refusal says why.
func (c *connection) authorize(r *http.Request, e event) *refusal {
	authorizer := c.api.config.Authorizer
	if authorizer == nil {
		return nil
	}
	if missing := missingIdentitySource(r, authorizer.IdentitySources); missing != "" {
		return &refusal{status: http.StatusUnauthorized, reason: "identity source " + missing + " is missing"}
	}
	e.Type, e.MethodARN = "REQUEST", c.api.config.connectARN()

	ctx, cancel := context.WithTimeout(context.Background(), authorizerTimeout)
	defer cancel()
	answer, functionError, err := c.api.config.Invoker.Invoke(ctx, authorizer.Function, e.encode())
	if err != nil {
		return authorizerFailure("authorizer did not run: " + err.Error())
	}
	if functionError != "" {
		return authorizerError(answer)
	}
	return c.judge(answer)
}

// missingIdentitySource names the first source that is absent or empty, or "".
func missingIdentitySource(r *http.Request, sources []string) string {
	for _, source := range sources {
		if name, isHeader := strings.CutPrefix(source, "route.request.header."); isHeader {
			if r.Header.Get(name) == "" {
				return source
			}
			continue
		}
		name := strings.TrimPrefix(source, "route.request.querystring.")
		if r.URL.Query().Get(name) == "" {
			return source
		}
	}
	return ""
}

// authorizerError reads a failed function's error: the text "Unauthorized" alone means 401.
func authorizerError(answer []byte) *refusal {
	var failed struct {
		Message string `json:"errorMessage"`
	}
	if err := json.Unmarshal(answer, &failed); err == nil && failed.Message == "Unauthorized" {
		return &refusal{status: http.StatusUnauthorized, reason: "authorizer said Unauthorized"}
	}
	return authorizerFailure("authorizer failed: " + failed.Message)
}

func authorizerFailure(reason string) *refusal {
	return &refusal{status: http.StatusInternalServerError, reason: reason}
}

// judge reads the authorizer's policy and context.
func (c *connection) judge(answer []byte) *refusal {
	var verdict struct {
		PrincipalID    *string        `json:"principalId"`
		PolicyDocument *policy        `json:"policyDocument"`
		Context        map[string]any `json:"context"`
	}
	if err := json.Unmarshal(answer, &verdict); err != nil {
		return authorizerFailure("authorizer's answer cannot be read: " + err.Error())
	}
	if verdict.PrincipalID == nil || verdict.PolicyDocument == nil {
		return authorizerFailure("authorizer's answer lacks principalId or policyDocument")
	}
	context, err := flatContext(verdict.Context)
	if err != nil {
		return authorizerFailure(err.Error())
	}
	if !verdict.PolicyDocument.allows(c.api.config.connectARN()) {
		return &refusal{status: http.StatusForbidden, reason: "authorizer's policy does not allow " + c.api.config.connectARN()}
	}
	context["principalId"] = *verdict.PrincipalID
	c.principal = *verdict.PrincipalID
	// Strings always encode; all events of the connection have the same.
	c.authorizer, _ = json.Marshal(context)
	return nil
}

// flatContext checks an authorizer's context, which may hold strings, numbers and
// booleans only. Events carry all of them as strings.
func flatContext(values map[string]any) (map[string]string, error) {
	context, size := map[string]string{}, 0
	for key, value := range values {
		switch value := value.(type) {
		case string:
			context[key] = value
		case float64, bool:
			encoded, err := json.Marshal(value)
			if err != nil {
				return nil, fmt.Errorf("authorizer's context value %s: %w", key, err)
			}
			context[key] = string(encoded)
		default:
			return nil, fmt.Errorf("authorizer's context value %s is neither string nor number nor boolean", key)
		}
		size += len(key) + len(context[key])
	}
	if size > maxContext {
		return nil, fmt.Errorf("authorizer's context has %d bytes, the limit is %d", size, maxContext)
	}
	return context, nil
}
