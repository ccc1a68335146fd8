package v16

import "github.com/serverless-ocpp/backend/shared/ocpp"

// heartbeat: OCPP 1.6 section 4.6.
type heartbeat struct{ ocpp.Plain }

func (heartbeat) Answer(known ocpp.Known) any { return ocpp.AnswerHeartbeat(known) }
