package registry

import (
	"encoding/base64"
	"maps"
	"slices"
	"strings"

	"github.com/serverless-ocpp/backend/local/iot/fault"
)

// Query selects Things. Its zero value selects all.
type Query struct {
	AttributeName  string
	AttributeValue string // compared only when AttributeName is given
	ValuePrefix    bool   // AttributeValue is the beginning of the value
	TypeName       string
	Limit          int    // Things in a page, 1 to 250; 0 is 25
	Token          string // of the page before
}

const (
	defaultPage = 25
	maxPage     = 250 // RegistryMaxResults of the API reference
)

// List returns a page of Things in the order of their names, and the token of the next page, empty after the last.
func (r *Registry) List(query Query) ([]Thing, string, error) {
	limit := query.Limit
	if limit == 0 {
		limit = defaultPage
	}
	if limit < 1 || limit > maxPage {
		return nil, "", fault.Invalid("maxResults must be between 1 and %d", maxPage)
	}
	after, err := base64.URLEncoding.DecodeString(query.Token)
	if err != nil {
		return nil, "", fault.Invalid("Invalid next token")
	}

	r.mu.RLock()
	defer r.mu.RUnlock()
	page := make([]Thing, 0, limit)
	for _, name := range slices.Sorted(maps.Keys(r.things)) {
		if name <= string(after) || !query.selects(r.things[name]) {
			continue
		}
		if len(page) == limit {
			return page, base64.URLEncoding.EncodeToString([]byte(page[limit-1].Name)), nil
		}
		page = append(page, r.things[name])
	}
	return page, "", nil
}

func (q Query) selects(thing Thing) bool {
	if q.TypeName != "" && q.TypeName != thing.TypeName {
		return false
	}
	if q.AttributeName == "" {
		return true
	}
	value, has := thing.Attributes[q.AttributeName]
	if q.ValuePrefix {
		return has && strings.HasPrefix(value, q.AttributeValue)
	}
	return has && (q.AttributeValue == "" || value == q.AttributeValue)
}
