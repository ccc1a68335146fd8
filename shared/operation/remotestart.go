package operation

import (
	"context"
	"crypto/rand"
	"log/slog"
	"time"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/token"
)

// RemoteStart starts charging (OCPP 1.6 section 5.11, OCPP 2.0.1 F01 and F02).
type RemoteStart struct {
	IDTag       string `json:"idTag"`       // left out: one is made for this start
	ConnectorID *int   `json:"connectorId"` // connector (1.6) or EVSE (2.x); left out: 1

	tokenType     string
	remoteStartID int
}

// Types of id tokens (OCPP 2.0.1 IdTokenEnumType).
const (
	cardType    = "ISO14443" // what an id token is taken for whose type nobody stored
	centralType = "Central"  // made by the central system
)

// madeTokenLife is how long beyond the command's own time a token that was made for a remote start is
// accepted: the charge point asks for it again when the transaction starts, which may be after hours offline.
const madeTokenLife = 24 * time.Hour

// Prepare implements Prepared. It looks up the type of the id token. Without an id token it makes one of 20 characters,
// the limit of 1.6, and stores it: the charge point will ask whether it may charge, and the answer should be yes.
func (s *RemoteStart) Prepare(ctx context.Context, desk Desk, target Target) error {
	if target.Version != ocppj.V16 {
		s.remoteStartID = newNumber()
	}
	if s.IDTag == "" {
		s.IDTag, s.tokenType = rand.Text()[:20], centralType
		made := token.Token{IDToken: s.IDTag, Type: centralType, Status: token.Accepted, ExpiresAt: target.ExpiresAt.Add(madeTokenLife)}
		slog.InfoContext(ctx, "id token made for a remote start", "chargePointId", target.ChargePoint.ID, "idToken", token.Mask(made.IDToken))
		return desk.Tokens.Put(ctx, made)
	}
	found, err := desk.Tokens.Find(ctx, s.IDTag)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if s.tokenType = found.Type; s.tokenType == "" {
		s.tokenType = cardType
	}
	return nil
}

// Calls implements Operation.
func (s *RemoteStart) Calls(version ocppj.Version) ([]Call, error) {
	connector := 1
	if s.ConnectorID != nil {
		connector = *s.ConnectorID
	}
	if connector < 1 {
		return nil, fault.New(fault.Invalid, "'connectorId' must be 1 or more, or left out")
	}
	if version == ocppj.V16 {
		return []Call{{"RemoteStartTransaction", map[string]any{"connectorId": connector, "idTag": s.IDTag}}}, nil
	}
	return []Call{{"RequestStartTransaction", map[string]any{
		"evseId": connector, "remoteStartId": s.remoteStartID,
		"idToken": map[string]string{"idToken": s.IDTag, "type": s.tokenType},
	}}}, nil
}

// Said implements Telling.
func (s *RemoteStart) Said() Said { return Said{RemoteStartID: s.remoteStartID} }
