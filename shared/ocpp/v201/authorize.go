package v201

import (
	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/token"
)

// authorize: OCPP 2.0.1 part 2, use cases C01 to C06.
type authorize struct {
	ocpp.Plain
	IDToken idToken `json:"idToken"`
}

func (m authorize) Needs() ocpp.Needs { return m.IDToken.needs() }

func (m authorize) Answer(known ocpp.Known) any {
	return authorized{IDTokenInfo: m.IDToken.info(known.Authorization)}
}

// authorized is the answer to Authorize and TransactionEvent.
type authorized struct {
	IDTokenInfo *tokenInfo `json:"idTokenInfo,omitempty"`
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

func (t idToken) info(authorization token.Authorization) *tokenInfo {
	if t.Type == noAuthorization {
		return &tokenInfo{Status: token.Accepted}
	}
	info := &tokenInfo{Status: authorization.Status}
	if !authorization.ExpiresAt.IsZero() {
		info.CacheExpiry = &ocpp.Time{Time: authorization.ExpiresAt}
	}
	if authorization.GroupID != "" {
		info.GroupIDToken = &idToken{IDToken: authorization.GroupID, Type: "Central"}
	}
	return info
}
