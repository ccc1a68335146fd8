// Package token is the vocabulary of id tokens (1.6: idTag) and decides whether one may charge.
package token

import (
	"context"
	"strings"
	"time"
)

// Status is an authorization status: the values that OCPP 1.6 (AuthorizationStatus) and 2.x
// (AuthorizationStatusEnumType) have in common, and Unknown, which 1.6 calls Invalid.
type Status string

const (
	Accepted     Status = "Accepted"
	Blocked      Status = "Blocked"
	Expired      Status = "Expired"
	Invalid      Status = "Invalid"
	ConcurrentTx Status = "ConcurrentTx"
	Unknown      Status = "Unknown"
)

// Token is one row of the TokenTable.
type Token struct {
	IDToken   string    `json:"idToken"`
	Type      string    `json:"type,omitempty"` // ISO14443, eMAID, …; empty: any
	Status    Status    `json:"status"`         // Accepted or Blocked
	ExpiresAt time.Time `json:"expiresAt,omitzero"`
	GroupID   string    `json:"groupId,omitempty"` // 1.6 parentIdTag, 2.x groupIdToken
	ForgetAt  time.Time `json:"-"`                 // it may be deleted some days after that; zero: somebody has to
}

// Key is the form under which an id token is stored: they compare without case (OCPP 1.6 section
// 7.28 IdToken, OCPP 2.0.1 part 2 IdTokenType).
func Key(idToken string) string { return strings.ToLower(idToken) }

// Mask makes an id token fit for a log: its length and the last two characters.
func Mask(idToken string) string {
	if len(idToken) <= 4 {
		return strings.Repeat("*", len(idToken))
	}
	return strings.Repeat("*", len(idToken)-2) + idToken[len(idToken)-2:]
}

// Store keeps the tokens.
type Store interface {
	// Find reads a token by any spelling of its id. fault.NotFound if there is none.
	Find(ctx context.Context, idToken string) (Token, error)
	Put(ctx context.Context, token Token) error
	// Delete of a token that does not exist is no error.
	Delete(ctx context.Context, idToken string) error
	// List returns a page of tokens; cursor "" is the first page, next "" means there is no other.
	List(ctx context.Context, cursor string, limit int) (tokens []Token, next string, err error)
}

// Authorization is what a charge point is told of a token.
type Authorization struct {
	Status    Status
	ExpiresAt time.Time
	GroupID   string
}

// Authorize decides about a token as found in the table. A nil token is one that the table does not
// know; it gets the stack's word for such tokens.
func Authorize(found *Token, unknown Status, now time.Time) Authorization {
	if found == nil {
		return Authorization{Status: unknown}
	}
	status := found.Status
	if status == Accepted && !found.ExpiresAt.IsZero() && !now.Before(found.ExpiresAt) {
		status = Expired
	}
	return Authorization{Status: status, ExpiresAt: found.ExpiresAt, GroupID: found.GroupID}
}
