package consequence

import "github.com/serverless-ocpp/backend/shared/command"

// answerReservation: ReserveNow (OCPP 1.6 section 5.13, OCPP 2.0.1 H01).
func answerReservation(asked command.Command, outcome command.Outcome) []Change {
	ids := read[struct {
		V16 *int `json:"reservationId"`
		V2  *int `json:"id"`
	}](asked.Payload)
	id := ids.V2
	if id == nil {
		id = ids.V16
	}
	if id == nil {
		return nil
	}
	return []Change{ReservationAnswered{*id, status(outcome) == accepted}}
}

// cancelReservation: CancelReservation (OCPP 1.6 section 5.2, OCPP 2.0.1 H02).
func cancelReservation(asked command.Command, outcome command.Outcome) []Change {
	id := read[struct {
		ID *int `json:"reservationId"`
	}](asked.Payload).ID
	if id == nil || status(outcome) != accepted {
		return nil
	}
	return []Change{ReservationCancelled{*id}}
}
