package v201

import "github.com/serverless-ocpp/backend/shared/ocpp"

// dataTransfer: OCPP 2.0.1 part 2, use case P02. No vendor's extension is known, which is a regular answer.
type dataTransfer struct{ ocpp.Plain }

func (dataTransfer) Answer(ocpp.Known) any { return ocpp.AnswerUnknownVendor() }
