package operation

import (
	"cmp"
	"context"
	"time"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/reservation"
)

// Reserve keeps a connector free for an id token (OCPP 1.6 section 5.13, OCPP 2.x part 2 use case H01).
type Reserve struct {
	// Connector is the connector (1.6) or EVSE (2.x) to keep free. Left out, or 0: any; 1.6 charge points need
	// ReserveConnectorZeroSupported for that.
	Connector Connector `json:"connector"`
	// ConnectorType (2.x) keeps free a connector of that type, a word of ConnectorEnumType such as "cCCS2" or "sType2".
	ConnectorType string `json:"connectorType"`
	// IDToken is the id token that the connector is for.
	IDToken string `json:"idToken" required:"true"`
	// GroupID lets every id token of that group charge, too (1.6 parentIdTag, 2.x groupIdToken). Left out: the group that
	// the id token belongs to, if it does to one.
	GroupID string `json:"groupId"`
	// ExpiresAt is when the reservation ends unused. It must be in the future.
	ExpiresAt time.Time `json:"expiresAt" required:"true"`
	// ReservationID numbers the reservation; one of the same number is replaced. Left out: one is chosen, and told.
	ReservationID int `json:"reservationId"`

	tokenType string
}

// longestIDToken is the length of an id token by version. A stored group whose id is longer cannot be told.
var longestIDToken = map[ocppj.Version]int{ocppj.V16: 20, ocppj.V201: maxIDToken, ocppj.V21: 255}

// Prepare implements Prepared. It looks up the id token, chooses a number, and notes the reservation as requested.
func (r *Reserve) Prepare(ctx context.Context, desk Desk, target Target) error {
	if r.IDToken == "" {
		return missing("idToken")
	}
	found, err := desk.Tokens.Find(ctx, r.IDToken)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	r.tokenType = found.Type
	if r.GroupID == "" && len(found.GroupID) <= longestIDToken[target.Version] {
		r.GroupID = found.GroupID
	}
	if r.ReservationID == 0 {
		r.ReservationID = numberOf(target.CommandID)
	}
	if err := sendable(r, target); err != nil {
		return err
	}
	now := desk.Now()
	if !r.ExpiresAt.After(now) {
		return fault.New(fault.Invalid, "'expiresAt' must be in the future, not %s", r.ExpiresAt.UTC().Format(time.RFC3339))
	}
	return desk.Reservations.Put(ctx, reservation.Reservation{
		ChargePointID: target.ChargePoint.ID, ID: r.ReservationID, Connector: cmp.Or(string(r.Connector), "0"),
		IDToken: r.IDToken, GroupID: r.GroupID, ExpiresAt: r.ExpiresAt,
		State: reservation.Requested, CommandID: target.CommandID, ChangedAt: now,
	})
}

// Calls implements Operation.
func (r *Reserve) Calls(version ocppj.Version) ([]Call, error) {
	switch {
	case r.IDToken == "":
		return nil, missing("idToken")
	case r.ExpiresAt.IsZero():
		return nil, missing("expiresAt")
	case r.ReservationID < 0 || r.ReservationID > 1<<31-1:
		return nil, fault.New(fault.Invalid, "'reservationId' must be a positive number of 31 bits, or left out")
	}
	if version == ocppj.V16 {
		return r.calls16()
	}
	evse, connector := r.Connector.numbers()
	if connector != 0 {
		return nil, fault.New(fault.Invalid, "'connector' must be an EVSE such as 1: in %s a reservation chooses among its connectors by connectorType", version)
	}
	payload := map[string]any{"id": r.ReservationID, "idToken": idToken(r.IDToken, cmp.Or(r.tokenType, cardType))}
	addTime(payload, "expiryDateTime", r.ExpiresAt)
	if evse > 0 {
		payload["evseId"] = evse
	}
	if r.ConnectorType != "" {
		payload["connectorType"] = r.ConnectorType
	}
	if r.GroupID != "" {
		payload["groupIdToken"] = idToken(r.GroupID, centralType)
	}
	return []Call{{"ReserveNow", payload}}, nil
}

func (r *Reserve) calls16() ([]Call, error) {
	if r.ConnectorType != "" {
		return nil, unknownIn(ocppj.V16, "connectorType")
	}
	number, err := r.Connector.in16()
	if err != nil {
		return nil, err
	}
	payload := map[string]any{"connectorId": number, "idTag": r.IDToken, "reservationId": r.ReservationID}
	addTime(payload, "expiryDate", r.ExpiresAt)
	if r.GroupID != "" {
		payload["parentIdTag"] = r.GroupID
	}
	return []Call{{"ReserveNow", payload}}, nil
}

// Said implements Telling.
func (r *Reserve) Said() Said { return Said{ReservationID: r.ReservationID} }

// idToken is the IdTokenType of 2.x.
func idToken(id, kind string) map[string]string {
	return map[string]string{"idToken": id, "type": kind}
}
