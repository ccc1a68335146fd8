package main

import (
	"log/slog"
	"net/http"
	"time"
	"unicode"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/token"
)

// tokenRoutes name an id token in the path, or, as it may have any characters, in the query or body.
func (a *API) tokenRoutes() []route {
	named := func(required bool) parameter {
		return parameter{name: "idToken", description: "the id token (1.6: idTag), whatever is in it; its case means nothing", schema: "", required: required}
	}
	return []route{
		{method: "GET", path: "/tokens", id: "listTokens", tag: tagTokens, summary: "List id tokens, in no order",
			description: "With idToken the answer is that one, as from /tokens/{idToken}.", query: append([]parameter{named(false)}, paged...),
			answers:  map[int]any{http.StatusOK: anyOf{tokenList{}, token.Token{}}},
			problems: []int{http.StatusNotFound, http.StatusUnprocessableEntity}, serve: a.listTokens},
		{method: "PUT", path: "/tokens", id: "putTokenByBody", tag: tagTokens, summary: "Store an id token, new or not, that the body names",
			body: namedTokenBody{}, example: `{"idToken":"DEPOT/7","type":"Central"}`,
			answers: map[int]any{http.StatusOK: token.Token{}}, serve: a.putTokenByBody},
		{method: "DELETE", path: "/tokens", id: "deleteTokenByQuery", tag: tagTokens, summary: "Delete the id token that the query names",
			query: []parameter{named(true)}, answers: map[int]any{http.StatusNoContent: nil}, problems: []int{http.StatusBadRequest}, serve: a.deleteTokenByQuery},
		{method: "GET", path: "/tokens/{idToken}", id: "getToken", tag: tagTokens, summary: "Read an id token",
			answers: map[int]any{http.StatusOK: token.Token{}}, serve: a.getToken},
		{method: "PUT", path: "/tokens/{idToken}", id: "putToken", tag: tagTokens, summary: "Store an id token, new or not",
			body: tokenBody{}, example: `{"type":"ISO14443","status":"Accepted","groupId":"FLEET7"}`,
			answers: map[int]any{http.StatusOK: token.Token{}}, serve: a.putToken},
		{method: "DELETE", path: "/tokens/{idToken}", id: "deleteToken", tag: tagTokens, summary: "Delete an id token",
			answers: map[int]any{http.StatusNoContent: nil}, serve: a.deleteToken},
	}
}

// tokenBody is what may be said of an id token.
type tokenBody struct {
	Type      string       `json:"type"`      // as OCPP 2.x names it, such as ISO14443; left out: any
	Status    token.Status `json:"status"`    // Accepted (default) or Blocked
	ExpiresAt time.Time    `json:"expiresAt"` // left out: never
	GroupID   string       `json:"groupId"`   // 1.6 parentIdTag, 2.x groupIdToken
}

// namedTokenBody is that, and which one is meant.
type namedTokenBody struct {
	IDToken string `json:"idToken" required:"true"` // 1 to 255 printable characters of ASCII
	tokenBody
}

// tokenList is a page of id tokens.
type tokenList struct {
	Tokens     []token.Token `json:"tokens"`
	NextCursor string        `json:"nextCursor,omitempty"`
}

// putToken stores an id token, new or not. The spelling of the path is kept, its case means nothing.
func (a *API) putToken(r *http.Request) (answer, error) {
	var body tokenBody
	if err := decode(r, &body, strict); err != nil {
		return answer{}, err
	}
	return a.storeToken(r, r.PathValue("idToken"), body)
}

// putTokenByBody is putToken for an id that cannot stand in a path.
func (a *API) putTokenByBody(r *http.Request) (answer, error) {
	var body namedTokenBody
	if err := decode(r, &body, strict); err != nil {
		return answer{}, err
	}
	if body.IDToken == "" {
		return answer{}, missing("idToken")
	}
	return a.storeToken(r, body.IDToken, body.tokenBody)
}

func (a *API) storeToken(r *http.Request, idToken string, body tokenBody) (answer, error) {
	put := token.Token{IDToken: idToken, Type: body.Type, Status: body.Status, ExpiresAt: body.ExpiresAt, GroupID: body.GroupID}
	if put.Status == "" {
		put.Status = token.Accepted
	}
	if err := checkToken(put); err != nil {
		return answer{}, err
	}
	if err := a.Tokens.Put(r.Context(), put); err != nil {
		return answer{}, err
	}
	slog.InfoContext(r.Context(), "id token stored", "idToken", token.Mask(put.IDToken), "status", string(put.Status))
	return reply(http.StatusOK, put), nil
}

// Lengths of OCPP: IdToken of 2.1 has 255 characters (2.0.1: 36, 1.6: 20), IdTokenEnumType's longest word and 2.1's type 20.
const (
	maxIDToken   = 255
	maxTokenType = 20
)

// checkToken returns a fault.Invalid that names the member and never repeats the id token.
func checkToken(t token.Token) error {
	switch {
	case len(t.IDToken) > maxIDToken || !printable(t.IDToken):
		return fault.New(fault.Invalid, "an id token has 1 to %d printable characters", maxIDToken)
	case len(t.Type) > maxTokenType || !printable(t.Type):
		return fault.New(fault.Invalid, "'type' has at most %d printable characters", maxTokenType)
	case len(t.GroupID) > maxIDToken || !printable(t.GroupID):
		return fault.New(fault.Invalid, "'groupId' has at most %d printable characters", maxIDToken)
	case t.Status != token.Accepted && t.Status != token.Blocked:
		return fault.New(fault.Invalid, "'status' must be Accepted or Blocked, not %q", string(t.Status))
	}
	return nil
}

func printable(s string) bool {
	for _, character := range s {
		if character > unicode.MaxASCII || !unicode.IsPrint(character) {
			return false
		}
	}
	return true
}

func (a *API) getToken(r *http.Request) (answer, error) {
	return a.readToken(r, r.PathValue("idToken"))
}

func (a *API) readToken(r *http.Request, idToken string) (answer, error) {
	if len(idToken) > maxIDToken {
		return answer{}, fault.New(fault.NotFound, "there is no such id token: one has at most %d characters", maxIDToken)
	}
	found, err := a.Tokens.Find(r.Context(), idToken)
	if fault.Is(err, fault.NotFound) {
		return answer{}, fault.New(fault.NotFound, "there is no such id token; PUT makes it")
	}
	if err != nil {
		return answer{}, err
	}
	return reply(http.StatusOK, found), nil
}

func (a *API) deleteToken(r *http.Request) (answer, error) {
	return a.forgetToken(r, r.PathValue("idToken"))
}

// deleteTokenByQuery is deleteToken for an id that cannot stand in a path.
func (a *API) deleteTokenByQuery(r *http.Request) (answer, error) {
	idToken := r.URL.Query().Get("idToken")
	if idToken == "" {
		return answer{}, missing("idToken")
	}
	return a.forgetToken(r, idToken)
}

// forgetToken has nothing to do for an id that is too long to be there.
func (a *API) forgetToken(r *http.Request, idToken string) (answer, error) {
	if len(idToken) > maxIDToken {
		return noContent(), nil
	}
	if err := a.Tokens.Delete(r.Context(), idToken); err != nil {
		return answer{}, err
	}
	return noContent(), nil
}

func (a *API) listTokens(r *http.Request) (answer, error) {
	if idToken := r.URL.Query().Get("idToken"); idToken != "" {
		return a.readToken(r, idToken)
	}
	cursor, limit, err := page(r)
	if err != nil {
		return answer{}, err
	}
	found, next, err := a.Tokens.List(r.Context(), cursor, limit)
	if err != nil {
		return answer{}, err
	}
	return reply(http.StatusOK, tokenList{append([]token.Token{}, found...), next}), nil
}
