package websocketapi

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/serverless-ocpp/backend/local/iam"
)

// policy is the policy document that an authorizer returns. API Gateway looks at
// effect, action and resource.
type policy struct {
	Statement oneOrMany[statement] `json:"Statement"`
}

type statement struct {
	Effect   string            `json:"Effect"`
	Action   oneOrMany[string] `json:"Action"`
	Resource oneOrMany[string] `json:"Resource"`
}

// oneOrMany is a list that may be written as its only element.
type oneOrMany[T any] []T

func (l *oneOrMany[T]) UnmarshalJSON(raw []byte) error {
	var many []T
	if err := json.Unmarshal(raw, &many); err == nil {
		*l = many
		return nil
	}
	var one T
	if err := json.Unmarshal(raw, &one); err != nil {
		return fmt.Errorf("neither an element nor a list: %w", err)
	}
	*l = oneOrMany[T]{one}
	return nil
}

// allows tells whether a statement allows execute-api:Invoke on the resource and none denies it.
func (p policy) allows(resource string) bool {
	allowed := false
	for _, s := range p.Statement {
		if !matchesAny(s.Action, "execute-api:Invoke") || !matchesAny(s.Resource, resource) {
			continue
		}
		if s.Effect != "Allow" {
			return false
		}
		allowed = true
	}
	return allowed
}

func matchesAny(patterns []string, text string) bool {
	for _, pattern := range patterns {
		if iam.Match(strings.ToLower(pattern), strings.ToLower(text)) {
			return true
		}
	}
	return false
}
