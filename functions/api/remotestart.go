package main

import (
	"crypto/rand"
	"log/slog"
	mathrand "math/rand/v2"
	"net/http"
	"time"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/token"
)

// remoteStart is the body of a remote start in the words of all versions.
type remoteStart struct {
	timing
	ChargePointID string `json:"chargePointId"`
	IDTag         string `json:"idTag"`       // left out: one is made for this start
	ConnectorID   *int   `json:"connectorId"` // connector (1.6) or EVSE (2.x); left out: 1, as ever

	connector     int
	tokenType     string
	remoteStartID int
}

// remoteStarts are a remote start in each version: OCPP 1.6 section 5.11, OCPP 2.0.1 F01 and F02. A new version is a line.
var remoteStarts = map[ocppj.Version]func(remoteStart) call{
	ocppj.V16: func(start remoteStart) call {
		return call{"RemoteStartTransaction", map[string]any{"connectorId": start.connector, "idTag": start.IDTag}}
	},
	ocppj.V201: requestStart,
	ocppj.V21:  requestStart,
}

// requestStart is the remote start of OCPP 2.x.
func requestStart(start remoteStart) call {
	return call{"RequestStartTransaction", map[string]any{
		"evseId":        start.connector,
		"remoteStartId": start.remoteStartID,
		"idToken":       map[string]string{"idToken": start.IDTag, "type": start.tokenType},
	}}
}

func (a *API) remoteStart(r *http.Request) (answer, error) {
	var start remoteStart
	if err := decode(r, &start, tolerant); err != nil {
		return answer{}, err
	}
	if err := start.complete(); err != nil {
		return answer{}, err
	}
	cp, err := a.named(r, start.ChargePointID)
	if err != nil {
		return answer{}, err
	}
	version, err := start.speaks(cp)
	if err != nil {
		return answer{}, err
	}
	translate, ok := remoteStarts[version]
	if !ok {
		return answer{}, fault.New(fault.Conflict, "charge point %s speaks %s, in which a remote start is not offered", cp.ID, version)
	}
	said := submitted{}
	if version != ocppj.V16 {
		start.remoteStartID = 1 + int(mathrand.Int32N(1<<31-1))
		said.RemoteStartID = start.remoteStartID
	}
	if err := a.findToken(r, &start); err != nil {
		return answer{}, err
	}
	return a.submit(r, cp, version, translate(start), start.timing, said)
}

// complete checks the body and fills in what may be left out.
func (s *remoteStart) complete() error {
	if s.ChargePointID == "" {
		return missing("chargePointId")
	}
	s.connector = 1
	if s.ConnectorID != nil {
		s.connector = *s.ConnectorID
	}
	if s.connector < 1 {
		return fault.New(fault.Invalid, "'connectorId' must be 1 or more, or left out")
	}
	return s.check()
}

// Types of id tokens (OCPP 2.0.1 IdTokenEnumType).
const (
	cardType    = "ISO14443" // what an id token is taken for whose type nobody stored
	centralType = "Central"  // made by the central system
)

// madeTokenLife is how long beyond the command's own time a token that was made for a remote start is
// accepted: the charge point asks for it again when the transaction starts, which may be after hours offline.
const madeTokenLife = 24 * time.Hour

// findToken looks up the type of the id token. Without an id token it makes one of 20 characters, the limit of
// 1.6, and stores it: the charge point will ask whether it may charge, and the answer should be yes.
func (a *API) findToken(r *http.Request, start *remoteStart) error {
	if start.IDTag == "" {
		start.IDTag, start.tokenType = rand.Text()[:20], centralType
		made := token.Token{IDToken: start.IDTag, Type: centralType, Status: token.Accepted, ExpiresAt: a.Now().Add(start.expiry() + madeTokenLife)}
		slog.InfoContext(r.Context(), "id token made for a remote start", "chargePointId", start.ChargePointID, "idToken", token.Mask(made.IDToken))
		return a.Tokens.Put(r.Context(), made)
	}
	found, err := a.Tokens.Find(r.Context(), start.IDTag)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if start.tokenType = found.Type; start.tokenType == "" {
		start.tokenType = cardType
	}
	return nil
}
