package v201

import "github.com/serverless-ocpp/backend/shared/ocpp"

// heartbeat: OCPP 2.0.1 part 2, use case G02.
type heartbeat struct{ ocpp.Plain }

func (heartbeat) Answer(known ocpp.Known) any { return ocpp.AnswerHeartbeat(known) }
