package operation

import (
	"cmp"
	"context"
	"crypto/rand"
	"log/slog"
	"time"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/token"
)

// RemoteStart starts charging (OCPP 1.6 section 5.11, OCPP 2.x part 2 use cases F01 and F02).
type RemoteStart struct {
	// IDTag is the id token to charge for. Left out: one is made for this start, and accepted until a day after it.
	IDTag string `json:"idTag"`
	// ConnectorID is the connector (1.6) or EVSE (2.x) to charge at, 1 or more. Left out: 1. "1#2" is taken as EVSE 1,
	// for a start cannot choose among the connectors of an EVSE.
	ConnectorID Connector `json:"connectorId"`
	// ChargingProfile limits the transaction. Its purpose is tx, and it names no transaction.
	ChargingProfile *ChargingProfile `json:"chargingProfile"`

	tokenType     string
	groupID       string
	remoteStartID int
}

// Types of id tokens (OCPP 2.0.1 IdTokenEnumType).
const (
	cardType    = "ISO14443" // what an id token is taken for whose type nobody stored
	centralType = "Central"  // made by the central system
)

// maxIDToken is the length of an id token in 2.0.1; 2.1 takes more. A group whose id is longer cannot be told.
const maxIDToken = 36

// madeTokenLife is how long beyond the command's own time a token that was made for a remote start is
// accepted: the charge point asks for it again when the transaction starts, which may be after hours offline.
const madeTokenLife = 24 * time.Hour

// madeTokenKept is how long beyond that the table has it, for charge points that ask late: each remote start without an id token makes one,
// and nobody deletes them.
const madeTokenKept = 30 * 24 * time.Hour

// Prepare implements Prepared. It looks up type and group of the id token. Without an id token it makes one of 20 characters,
// the limit of 1.6, and stores it: the charge point will ask whether it may charge, and the answer should be yes.
func (s *RemoteStart) Prepare(ctx context.Context, desk Desk, target Target) error {
	if target.Version != ocppj.V16 {
		s.remoteStartID = newNumber()
	}
	if s.ChargingProfile != nil {
		s.ChargingProfile.number()
	}
	if s.IDTag == "" {
		s.IDTag, s.tokenType = rand.Text()[:20], centralType
		if err := sendable(s, target); err != nil {
			return err
		}
		made := token.Token{IDToken: s.IDTag, Type: centralType, Status: token.Accepted, ExpiresAt: target.ExpiresAt.Add(madeTokenLife)}
		made.ForgetAt = made.ExpiresAt.Add(madeTokenKept)
		slog.DebugContext(ctx, "id token made for a remote start", "chargePointId", target.ChargePoint.ID, "idToken", token.Mask(made.IDToken))
		return desk.Tokens.Put(ctx, made)
	}
	found, err := desk.Tokens.Find(ctx, s.IDTag)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	s.tokenType, s.groupID = cmp.Or(found.Type, cardType), found.GroupID
	return nil
}

// Calls implements Operation.
func (s *RemoteStart) Calls(version ocppj.Version) ([]Call, error) {
	connector, err := s.connector(version)
	if err != nil {
		return nil, err
	}
	action, payload := "RemoteStartTransaction", map[string]any{"connectorId": connector, "idTag": s.IDTag}
	if version != ocppj.V16 {
		action, payload = "RequestStartTransaction", map[string]any{
			"evseId": connector, "remoteStartId": s.remoteStartID,
			"idToken": map[string]string{"idToken": s.IDTag, "type": s.tokenType},
		}
		if s.groupID != "" && len(s.groupID) <= maxIDToken {
			payload["groupIdToken"] = map[string]string{"idToken": s.groupID, "type": centralType}
		}
	}
	if s.ChargingProfile != nil {
		// errata of OCPP 1.6, 3.41; OCPP 2.0.1 F01.FR.09 and F01.FR.11
		if s.ChargingProfile.Purpose != "tx" || s.ChargingProfile.TransactionID != "" {
			return nil, fault.New(fault.Invalid, "'chargingProfile' of a remote start must have the purpose tx and no transactionId: the transaction does not exist yet")
		}
		if payload["chargingProfile"], err = s.ChargingProfile.in(version); err != nil {
			return nil, err
		}
	}
	return []Call{{action, payload}}, nil
}

// connector is the connector or EVSE to charge at.
func (s *RemoteStart) connector(version ocppj.Version) (number int, err error) {
	if s.ConnectorID == "" {
		return 1, nil // as the system that this one replaces had it
	}
	if version == ocppj.V16 {
		number, err = s.ConnectorID.in16()
	} else {
		number, _ = s.ConnectorID.numbers()
	}
	if err == nil && number < 1 {
		err = fault.New(fault.Invalid, "'connectorId' must be 1 or more, or left out")
	}
	return number, err
}

// Said implements Telling.
func (s *RemoteStart) Said() Said { return Said{RemoteStartID: s.remoteStartID} }
