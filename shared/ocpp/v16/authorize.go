package v16

import (
	"unicode/utf8"

	"github.com/serverless-ocpp/backend/shared/ocpp"
	"github.com/serverless-ocpp/backend/shared/token"
)

// authorize: OCPP 1.6 section 4.1.
type authorize struct {
	ocpp.Plain
	IDTag string `json:"idTag"`
}

func (m authorize) Needs() ocpp.Needs { return ocpp.Needs{IDToken: m.IDTag} }

func (authorize) Answer(known ocpp.Known) any {
	return authorized{IDTagInfo: idTagInfo(known.Authorization)}
}

// authorized is the answer to Authorize and StopTransaction.
type authorized struct {
	IDTagInfo *tagInfo `json:"idTagInfo,omitempty"`
}

// tagInfo: OCPP 1.6 section 7.29 IdTagInfo.
type tagInfo struct {
	Status      token.Status `json:"status"`
	ExpiryDate  *ocpp.Time   `json:"expiryDate,omitempty"`
	ParentIDTag string       `json:"parentIdTag,omitempty"`
}

// maxIDTag is the length of an id tag in characters. A group with a longer id, which 2.x allows, cannot be told.
const maxIDTag = 20

func idTagInfo(authorization token.Authorization) *tagInfo {
	info := &tagInfo{Status: authorization.Status}
	if info.Status == token.Unknown || info.Status == "" { // 1.6 has one word for both; "" is of the empty id tag, which is not looked up
		info.Status = token.Invalid
	}
	if utf8.RuneCountInString(authorization.GroupID) <= maxIDTag {
		info.ParentIDTag = authorization.GroupID
	}
	if !authorization.ExpiresAt.IsZero() {
		info.ExpiryDate = &ocpp.Time{Time: authorization.ExpiresAt}
	}
	return info
}
