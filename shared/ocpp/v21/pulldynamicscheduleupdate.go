package v21

import "github.com/serverless-ocpp/backend/shared/ocpp"

// pullDynamicScheduleUpdate: OCPP 2.1 part 2, message 1.62. Whoever set a dynamic profile updates it
// with UpdateDynamicSchedule; there is nothing here to pull.
type pullDynamicScheduleUpdate struct{ ocpp.Plain }

func (pullDynamicScheduleUpdate) Answer(ocpp.Known) any {
	return ocpp.Unsupported("Rejected", "Updates of dynamic schedules are pushed, not pulled.")
}
