package operation

import (
	"strings"
	"unicode/utf8"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// VariableName names a variable of the device model (OCPP 2.x ComponentType and VariableType) or a configuration key of
// 1.6. 2.x needs the component, and 1.6 has none; but for some two dozen variables both names are taken in all versions.
type VariableName struct {
	// Component is the name of the component, such as "OCPPCommCtrlr". Left out: the variable is a configuration key, by
	// the name it has in 1.6. These can be named so in 2.x, too: HeartbeatInterval, WebSocketPingInterval,
	// MeterValueSampleInterval, MeterValuesSampledData, StopTxnSampledData, ClockAlignedDataInterval,
	// MeterValuesAlignedData, StopTxnAlignedData, ConnectionTimeOut, LocalAuthListEnabled, AuthorizationCacheEnabled,
	// LocalPreAuthorize, LocalAuthorizeOffline, AllowOfflineTxForUnknownId, AuthorizeRemoteTxRequests,
	// StopTransactionOnInvalidId, StopTransactionOnEVSideDisconnect, MaxEnergyOnInvalidId, ResetRetries,
	// TransactionMessageAttempts and TransactionMessageRetryInterval.
	Component string `json:"component,omitempty" maxLength:"50"`
	// ComponentInstance tells components of one name apart (2.x).
	ComponentInstance string `json:"componentInstance,omitempty" maxLength:"50"`
	// Connector is where the component is (2.x): "1" EVSE 1, "1#2" connector 2 of EVSE 1. Left out: the charge point as a whole.
	Connector Connector `json:"connector,omitempty"`
	// Variable is the name of the variable, or of the configuration key.
	Variable string `json:"variable" maxLength:"50"`
	// Instance tells variables of one name apart (2.x).
	Instance string `json:"instance,omitempty" maxLength:"50"`
}

// key is the configuration key of 1.6; place is where the name is in the body. fault.Invalid for what only 2.x can name.
func (n VariableName) key(place, attribute string) (string, error) {
	if err := n.checkLengths(place); err != nil {
		return "", err
	}
	if n.Variable == "" {
		return "", missing(place + ".variable")
	}
	if attribute != "" && attribute != "actual" {
		return "", unknownIn(ocppj.V16, place+".attribute")
	}
	if n == (VariableName{Variable: n.Variable}) {
		return n.Variable, nil
	}
	for key, name := range sharedVariables {
		if name.names(n) {
			return key, nil
		}
	}
	return "", fault.New(fault.Invalid, "'%s.component' and what places it must be left out: a configuration key of %s has none", place, ocppj.V16)
}

// names tells whether n is the same variable. Names compare without case (OCPP 2.x part 2, and 1.6 CiString50Type).
func (n VariableName) names(other VariableName) bool {
	return strings.EqualFold(n.Component, other.Component) && strings.EqualFold(n.ComponentInstance, other.ComponentInstance) &&
		strings.EqualFold(n.Variable, other.Variable) && strings.EqualFold(n.Instance, other.Instance) && n.Connector == other.Connector
}

// in2x is the component and the variable of 2.x; place is where the name is in the body. The variable is nil if none is
// named. fault.Invalid for a configuration key that 2.x does not know by that name.
func (n VariableName) in2x(place string) (component, variable map[string]any, err error) {
	if err := n.checkLengths(place); err != nil {
		return nil, nil, err
	}
	if n.Component == "" && n.Variable == "" {
		return nil, nil, missing(place + ".component")
	}
	if n.Component == "" {
		name, known := sharedVariable(n.Variable)
		if !known || n != (VariableName{Variable: n.Variable}) {
			return nil, nil, fault.New(fault.Invalid, "'%s.component' must be given: %q alone names no variable of OCPP 2.x", place, n.Variable)
		}
		n = name
	}
	if n.Variable == "" && n.Instance != "" {
		return nil, nil, missing(place + ".variable")
	}
	component = named(n.Component, n.ComponentInstance)
	if evse := n.Connector.evse(); evse != nil {
		component["evse"] = evse
	}
	if n.Variable != "" {
		variable = named(n.Variable, n.Instance)
	}
	return component, variable, nil
}

// data is what GetVariables and SetVariables of 2.x have in common: the variable, and its attribute.
func (n VariableName) data(version ocppj.Version, place, attribute string) (map[string]any, error) {
	if n.Variable == "" {
		return nil, missing(place + ".variable")
	}
	component, variable, err := n.in2x(place)
	if err != nil {
		return nil, err
	}
	said := map[string]any{"component": component, "variable": variable}
	if attribute != "" {
		said["attributeType"], err = word(version, place+".attribute", attribute, attributes)
	}
	return said, err
}

// attributes of variables: OCPP 2.x AttributeEnumType.
var attributes = map[string]string{"actual": "Actual", "target": "Target", "minSet": "MinSet", "maxSet": "MaxSet"}

func named(name, instance string) map[string]any {
	if instance == "" {
		return map[string]any{"name": name}
	}
	return map[string]any{"name": name, "instance": instance}
}

// maxName is the length of the names of components, variables, instances (2.x) and configuration keys (1.6).
const maxName = 50

func (n VariableName) checkLengths(place string) error {
	for _, member := range []struct{ name, value string }{
		{"component", n.Component}, {"componentInstance", n.ComponentInstance}, {"variable", n.Variable}, {"instance", n.Instance},
	} {
		if err := checkLength(place+"."+member.name, member.value, maxName); err != nil {
			return err
		}
	}
	return nil
}

// checkLength returns fault.Invalid for a member of more than some characters.
func checkLength(member, value string, limit int) error {
	if length := utf8.RuneCountInString(value); length > limit {
		return fault.New(fault.Invalid, "'%s' must have at most %d characters, not %d", member, limit, length)
	}
	return nil
}
