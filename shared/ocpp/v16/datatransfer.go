package v16

import "github.com/serverless-ocpp/backend/shared/ocpp"

// dataTransfer: OCPP 1.6 section 4.3. No vendor's extension is known, which is a regular answer.
type dataTransfer struct{ ocpp.Plain }

func (dataTransfer) Answer(ocpp.Known) any { return ocpp.AnswerUnknownVendor() }
