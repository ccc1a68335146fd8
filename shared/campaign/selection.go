package campaign

import (
	"slices"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocpp/dialect"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// Selection says which charge points are members: those of a list, or those that an attribute selects.
type Selection struct {
	ChargePointIDs []string
	Where          *Where
}

// Where selects charge points by what is known of them when the campaign begins. A member that is left out takes all.
type Where struct {
	VendorName      string                   `json:"vendorName,omitempty"`      // as in the BootNotification
	Model           string                   `json:"model,omitempty"`           // as in the BootNotification
	FirmwareVersion string                   `json:"firmwareVersion,omitempty"` // as in the BootNotification
	Protocol        string                   `json:"protocol,omitempty"`        // of its newest connection: ocpp1.6, ocpp2.0.1 or ocpp2.1
	Registration    chargepoint.Registration `json:"registration,omitempty"`    // Accepted, Pending or Rejected
	Connected       *bool                    `json:"connected,omitempty"`       // has it a connection?
}

// Matches tells whether a charge point is selected.
func (w Where) Matches(cp chargepoint.ChargePoint) bool {
	return (w.VendorName == "" || w.VendorName == cp.Boot.VendorName) &&
		(w.Model == "" || w.Model == cp.Boot.Model) &&
		(w.FirmwareVersion == "" || w.FirmwareVersion == cp.Boot.FirmwareVersion) &&
		(w.Protocol == "" || w.Protocol == cp.Protocol) &&
		(w.Registration == "" || w.Registration == cp.Registration) &&
		(w.Connected == nil || *w.Connected == (cp.Session != nil))
}

// Check returns a fault.Invalid that names the member. A charge point that does not exist is none: it becomes a
// member that failed.
func (s Selection) Check() error {
	if (s.Where == nil) == (len(s.ChargePointIDs) == 0) {
		return fault.New(fault.Invalid, "one of 'chargePointIds' and 'where' must say which charge points are meant; \"where\":{} means all")
	}
	if len(s.ChargePointIDs) > MaxListed {
		return fault.New(fault.Invalid, "'chargePointIds' must name %d charge points at most: take 'where', or several campaigns", MaxListed)
	}
	for i, id := range s.ChargePointIDs {
		if chargepoint.CheckID(id) != nil {
			return fault.New(fault.Invalid, "'chargePointIds[%d]': %.60q cannot name a charge point", i, id)
		}
	}
	if s.Where == nil {
		return nil
	}
	if s.Where.Protocol != "" && !slices.Contains(dialect.Versions, ocppj.Version(s.Where.Protocol)) {
		return fault.New(fault.Invalid, "'where.protocol' must be one of %v, not %.40q", dialect.Versions, s.Where.Protocol)
	}
	if s.Where.Registration != "" {
		if _, err := chargepoint.ParseRegistration(string(s.Where.Registration)); err != nil {
			return fault.New(fault.Invalid, "'where.registration' must be Accepted, Pending or Rejected, not %.40q", s.Where.Registration)
		}
	}
	return nil
}

// Versions are those that its members may speak.
func (s Selection) Versions() []ocppj.Version {
	if s.Where != nil && s.Where.Protocol != "" {
		return []ocppj.Version{ocppj.Version(s.Where.Protocol)}
	}
	return dialect.Versions
}
