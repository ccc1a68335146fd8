package v201

import "github.com/serverless-ocpp/backend/shared/ocpp"

// dataTransfer: OCPP 2.0.1 part 2, use case P02.
type dataTransfer struct{ ocpp.DataTransfer }
