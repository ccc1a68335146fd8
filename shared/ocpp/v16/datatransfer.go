package v16

import "github.com/serverless-ocpp/backend/shared/ocpp"

// dataTransfer: OCPP 1.6 section 4.3.
type dataTransfer struct{ ocpp.DataTransfer }
