package v201

import (
	"cmp"
	"encoding/json"
	"unicode/utf8"

	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/token"
)

// authorize: OCPP 2.0.1 part 2, use cases C01 to C08.
type authorize struct {
	ocpp.Plain
	IDToken     idToken           `json:"idToken"`
	Certificate string            `json:"certificate"`                 // contract certificate of an EV (C07), or
	HashData    []json.RawMessage `json:"iso15118CertificateHashData"` // what to ask an OCSP responder about it
}

func (m authorize) Needs() ocpp.Needs { return m.IDToken.needs() }

func (m authorize) Answer(known ocpp.Known) any {
	answer := authorized{IDTokenInfo: m.IDToken.info(known.Authorization)}
	if m.Certificate != "" || len(m.HashData) > 0 {
		answer.CertificateStatus = unverified
	}
	return answer
}

// unverified is said of every contract certificate: there are no root certificates here to follow its
// chain to, and no OCSP responder is asked. The id token is judged beside it, by the token table.
const unverified = "CertChainError"

// authorized is the answer to Authorize and TransactionEvent.
type authorized struct {
	IDTokenInfo       *tokenInfo `json:"idTokenInfo,omitempty"`
	CertificateStatus string     `json:"certificateStatus,omitempty"` // of Authorize
}

// idToken: OCPP 2.0.1 part 2, IdTokenType.
type idToken struct {
	IDToken string `json:"idToken"`
	Type    string `json:"type"`
}

// noAuthorization is the type of the empty token of a charge point that charges without asking (C02).
const noAuthorization = "NoAuthorization"

func (t idToken) needs() ocpp.Needs {
	if t.Type == noAuthorization {
		return ocpp.Needs{}
	}
	return ocpp.Needs{IDToken: t.IDToken}
}

// tokenInfo: OCPP 2.0.1 part 2, IdTokenInfoType.
type tokenInfo struct {
	Status       token.Status `json:"status"`
	CacheExpiry  *ocpp.Time   `json:"cacheExpiryDateTime,omitempty"`
	GroupIDToken *idToken     `json:"groupIdToken,omitempty"`
}

// maxIDToken is the length of an id token in characters; 2.1 allows more. A group with a longer id cannot be told.
const maxIDToken = 36

func (t idToken) info(authorization token.Authorization) *tokenInfo {
	if t.Type == noAuthorization {
		return &tokenInfo{Status: token.Accepted}
	}
	info := &tokenInfo{Status: cmp.Or(authorization.Status, token.Invalid)} // "" is of an empty id token, which is not looked up
	if !authorization.ExpiresAt.IsZero() {
		info.CacheExpiry = &ocpp.Time{Time: authorization.ExpiresAt}
	}
	if group := authorization.GroupID; group != "" && utf8.RuneCountInString(group) <= maxIDToken {
		info.GroupIDToken = &idToken{IDToken: authorization.GroupID, Type: "Central"}
	}
	return info
}
