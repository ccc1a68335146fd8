package operation

import (
	"encoding/json"
	"strings"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// CancelReservation gives a reserved connector free (OCPP 1.6 section 5.1, OCPP 2.x part 2 use case H02).
type CancelReservation struct {
	// ReservationID is the number of the reservation.
	ReservationID *ReservationID `json:"reservationId" required:"true"`
}

// ReservationID may be written as a number or, as the part of a path that it is, as a string.
type ReservationID int

// UnmarshalJSON implements json.Unmarshaler.
func (id *ReservationID) UnmarshalJSON(data []byte) error {
	if err := json.Unmarshal([]byte(strings.Trim(string(data), `"`)), (*int)(id)); err != nil || *id < 0 || *id > 1<<31-1 {
		return fault.New(fault.Malformed, "'reservationId' must be a positive number of 31 bits, not %.40s", data)
	}
	return nil
}

// Calls implements Operation.
func (c *CancelReservation) Calls(ocppj.Version) ([]Call, error) {
	if c.ReservationID == nil {
		return nil, missing("reservationId")
	}
	return []Call{{"CancelReservation", map[string]any{"reservationId": *c.ReservationID}}}, nil
}

// Said implements Telling.
func (c *CancelReservation) Said() Said {
	if c.ReservationID == nil {
		return Said{}
	}
	return Said{ReservationID: int(*c.ReservationID)}
}
