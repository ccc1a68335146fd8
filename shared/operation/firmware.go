package operation

import (
	"context"
	"time"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Firmware has the charge point fetch and install firmware (OCPP 1.6 section 5.19, Improved security for OCPP 1.6-J L01,
// OCPP 2.x part 2 use cases L01 and L02). How far it is comes in reports, which name the request id.
type Firmware struct {
	// Location is the URL that the charge point fetches the firmware from, such as https://example.com/v2.bin.
	Location string `json:"location" required:"true"`
	// RetrieveAt is when it is fetched, or any time after that. Left out: at once.
	RetrieveAt time.Time `json:"retrieveAt,omitzero"`
	// InstallAt is when it is installed; 1.6 has it for signed firmware only. Left out: when it has been fetched.
	InstallAt time.Time `json:"installAt,omitzero"`
	// Signature of the firmware in base64, with its signingCertificate. In 1.6 both make it a signed update.
	Signature string `json:"signature"`
	// SigningCertificate is the certificate of the signature in PEM.
	SigningCertificate string `json:"signingCertificate"`
	Retrying

	requestID int
}

// Prepare implements Prepared. The number that the reports will name is chosen here; unsigned updates of 1.6 have none.
func (f *Firmware) Prepare(_ context.Context, desk Desk, target Target) error {
	if target.Version != ocppj.V16 || f.signed() {
		f.requestID = numberOf(target.CommandID)
	}
	if f.RetrieveAt.IsZero() {
		f.RetrieveAt = desk.Now()
	}
	return nil
}

func (f *Firmware) signed() bool { return f.Signature != "" || f.SigningCertificate != "" }

// Calls implements Operation.
func (f *Firmware) Calls(version ocppj.Version) ([]Call, error) {
	if err := f.check(version); err != nil {
		return nil, err
	}
	payload := map[string]any{}
	if err := f.Retrying.add(payload); err != nil {
		return nil, err
	}
	if version == ocppj.V16 && !f.signed() {
		payload["location"] = f.Location
		addTime(payload, "retrieveDate", f.RetrieveAt)
		return []Call{{"UpdateFirmware", payload}}, nil
	}
	firmware := map[string]any{"location": f.Location}
	addTime(firmware, "retrieveDateTime", f.RetrieveAt)
	addTime(firmware, "installDateTime", f.InstallAt)
	if f.signed() {
		firmware["signature"], firmware["signingCertificate"] = f.Signature, f.SigningCertificate
	}
	payload["requestId"], payload["firmware"] = f.requestID, firmware
	if version == ocppj.V16 {
		return []Call{{"SignedUpdateFirmware", payload}}, nil
	}
	return []Call{{"UpdateFirmware", payload}}, nil
}

func (f *Firmware) check(version ocppj.Version) error {
	if f.Location == "" {
		return missing("location")
	}
	if err := checkURL("location", f.Location, fileSchemes...); err != nil {
		return err
	}
	switch {
	case f.RetrieveAt.IsZero():
		return missing("retrieveAt")
	case !f.InstallAt.IsZero() && f.InstallAt.Before(f.RetrieveAt):
		return fault.New(fault.Invalid, "'installAt' must not be before 'retrieveAt'")
	case !f.signed() && version == ocppj.V16 && !f.InstallAt.IsZero():
		return fault.New(fault.Invalid, "'installAt' must be left out: in %s only signed firmware is installed at a time of its own", version)
	case !f.signed():
		return nil
	case f.Signature == "":
		return missing("signature")
	case f.SigningCertificate == "":
		return missing("signingCertificate")
	}
	return checkCertificate("signingCertificate", f.SigningCertificate)
}

// Said implements Telling.
func (f *Firmware) Said() Said { return Said{RequestID: f.requestID} }
