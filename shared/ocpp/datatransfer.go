package ocpp

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/serverless-ocpp/backend/shared/report"
)

// DataTransfer is the same in every version. It is accepted for the vendors whose extensions an
// integrator serves; of others no extension is known, which is a regular answer. All are kept.
type DataTransfer struct {
	VendorID string `json:"vendorId"`
}

// Needs is nothing: Known.Vendors is always there.
func (DataTransfer) Needs() Needs { return Needs{} }

// Answer is Accepted or UnknownVendorId. A vendor's id is an identifier, which compares without case.
func (m DataTransfer) Answer(known Known) any {
	served := func(vendor string) bool { return strings.EqualFold(vendor, m.VendorID) }
	if slices.ContainsFunc(known.Vendors, served) {
		return Verdict{Status: "Accepted"}
	}
	return Verdict{Status: "UnknownVendorId"}
}

// Effects hands what was accepted to the integrator, under one spelling of the vendor's id.
func (m DataTransfer) Effects(received Received) []Effect {
	effects := received.Occurrence(report.DataTransfer, received.At)
	var answer Verdict
	if json.Unmarshal(received.Answer, &answer) == nil && answer.Status == "Accepted" {
		effects = append(effects, DataReceived{VendorID: strings.ToLower(m.VendorID), Payload: received.Payload})
	}
	return effects
}
