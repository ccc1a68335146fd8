package consequence

import (
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/secret"
	"github.com/serverless-ocpp/backend/shared/variable"
)

// newValues: ChangeConfiguration (OCPP 1.6 section 5.3), SetVariables (OCPP 2.0.1 B05). They are the settings that the charge point took, also those that count after a boot. The value of a secret is
// never kept.
func newValues(asked command.Command, outcome command.Outcome) []Change {
	var set []variable.Variable
	for _, s := range settings(asked, outcome) {
		if (s.status == accepted || s.status == rebootRequired) && !secret.Named(s.variable.Variable.Name) {
			set = append(set, s.variable)
		}
	}
	if set == nil {
		return nil
	}
	return []Change{VariablesSet{set}}
}
