package operation

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// SecurityProfile raises the security profile of a charge point (Improved security for OCPP 1.6-J A05, OCPP 2.x part 2
// use case A05). A profile is never lowered over OCPP. In 1.6 the charge point connects again by itself. In 2.x it gets a
// network profile and is told to use that one first, which it does when it is restarted: by the operation reset.
type SecurityProfile struct {
	// Profile is 1 (key), 2 (key over TLS) or 3 (client certificate over TLS), and at least the one that the charge point
	// has. 1 and 2 need a key. 3 is for a stack that asks for client certificates (its property clientCertificates), or for a
	// charge point that moves to another system.
	Profile int `json:"profile" required:"true" minimum:"1" maximum:"3"`
	// CSMSURL (2.x, required) is where the charge point is to connect, without its identity: wss://, or ws:// for profile 1.
	CSMSURL string `json:"csmsUrl"`
	// Slot (2.x, required) is the number of the network profile that is written: one that is not in use.
	Slot *int `json:"slot"`
	// FallbackSlots (2.x) are the network profiles to try after that one, in their order. Without any, a charge point that
	// cannot connect with the new profile may need somebody on site.
	FallbackSlots []int `json:"fallbackSlots"`
	// Interface (2.x, required) is the network interface: "Wired0" to "Wired3", "Wireless0" to "Wireless3", in 2.1 also "Any".
	Interface string `json:"interface"`
	// MessageTimeoutSeconds (2.x) is how long the charge point waits for answers with that network profile. Left out: 30.
	MessageTimeoutSeconds int `json:"messageTimeoutSeconds"`
}

const (
	profileWithTLS         = 2
	profileWithCertificate = 3
	defaultMessageTimeout  = 30 // seconds; what this system gives charge points, too (command.DefaultTimeout)
)

// Prepare implements Prepared. It compares with what the charge point has.
func (s *SecurityProfile) Prepare(_ context.Context, _ Desk, target Target) error {
	cp := target.ChargePoint
	switch {
	case s.Profile < cp.SecurityProfile:
		return fault.New(fault.Invalid, "'profile' must be at least %d, which charge point %s has: a security profile is never lowered over OCPP", cp.SecurityProfile, cp.ID)
	case s.Profile > 0 && s.Profile < profileWithCertificate && cp.Credential == "":
		return fault.New(fault.Conflict, "charge point %s has no key to log in with under security profile %d: give it one with POST /charge-points/%s/key, or POST /charge-points/%s/key-rotation",
			cp.ID, s.Profile, cp.ID, cp.ID)
	}
	return nil
}

// Calls implements Operation. The first CALL says the profile: 1.6 in the value of its key, 2.x in
// connectionData.securityProfile. When the charge point accepts it, it is asked for no less any more
// (chargepoint.Profiles).
func (s *SecurityProfile) Calls(version ocppj.Version) ([]Call, error) {
	if s.Profile < 1 || s.Profile > profileWithCertificate {
		return nil, fault.New(fault.Invalid, "'profile' must be 1, 2 or 3")
	}
	if version == ocppj.V16 {
		if err := s.refuseNetwork(version); err != nil {
			return nil, err
		}
		return []Call{{"ChangeConfiguration", map[string]any{"key": "SecurityProfile", "value": strconv.Itoa(s.Profile)}}}, nil
	}
	connection, err := s.connection(version)
	if err != nil {
		return nil, err
	}
	slots := []string{strconv.Itoa(*s.Slot)}
	for _, slot := range s.FallbackSlots {
		text := strconv.Itoa(slot)
		if slot < 0 || slices.Contains(slots, text) {
			return nil, fault.New(fault.Invalid, "'fallbackSlots' must be other slots than 'slot', each once, not %d", slot)
		}
		slots = append(slots, text)
	}
	return []Call{
		{"SetNetworkProfile", map[string]any{"configurationSlot": *s.Slot, "connectionData": connection}},
		{"SetVariables", setVariable("OCPPCommCtrlr", "NetworkConfigurationPriority", strings.Join(slots, ","))},
	}, nil
}

// refuseNetwork returns fault.Invalid if anything is said of network profiles, which the version does not have.
func (s *SecurityProfile) refuseNetwork(version ocppj.Version) error {
	switch {
	case s.CSMSURL != "":
		return unknownIn(version, "csmsUrl")
	case s.Slot != nil:
		return unknownIn(version, "slot")
	case len(s.FallbackSlots) > 0:
		return unknownIn(version, "fallbackSlots")
	case s.Interface != "":
		return unknownIn(version, "interface")
	case s.MessageTimeoutSeconds != 0:
		return unknownIn(version, "messageTimeoutSeconds")
	}
	return nil
}

// connection is the NetworkConnectionProfileType.
func (s *SecurityProfile) connection(version ocppj.Version) (map[string]any, error) {
	switch {
	case s.CSMSURL == "":
		return nil, missingIn(version, "csmsUrl")
	case s.Slot == nil:
		return nil, missingIn(version, "slot")
	case *s.Slot < 0:
		return nil, fault.New(fault.Invalid, "'slot' must be 0 or more")
	case s.Interface == "":
		return nil, missingIn(version, "interface")
	case s.MessageTimeoutSeconds < 0:
		return nil, fault.New(fault.Invalid, "'messageTimeoutSeconds' must be positive, or left out")
	}
	schemes := []string{"wss"}
	if s.Profile < profileWithTLS {
		schemes = append(schemes, "ws")
	}
	if err := checkURL("csmsUrl", s.CSMSURL, schemes...); err != nil {
		return nil, err
	}
	timeout := s.MessageTimeoutSeconds
	if timeout == 0 {
		timeout = defaultMessageTimeout
	}
	connection := map[string]any{
		"ocppCsmsUrl": s.CSMSURL, "ocppInterface": s.Interface, "ocppTransport": "JSON",
		"messageTimeout": timeout, "securityProfile": s.Profile,
	}
	if version == ocppj.V201 {
		connection["ocppVersion"] = "OCPP20" // 2.0.1 goes by that name (OCPPVersionEnumType); 2.1 leaves it to the subprotocol
	}
	return connection, nil
}
