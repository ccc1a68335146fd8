package operation_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/operation"
)

// Specification: OCPP 1.6 section 5.8; OCPP 2.x B07, B08.
func TestReport(t *testing.T) {
	for _, test := range []struct {
		version    ocppj.Version
		body, want string
		fault      fault.Code
	}{
		{ocppj.V16, `{}`, `GetConfiguration {}`, ""},
		{ocppj.V16, `{"base":"configuration"}`, `GetConfiguration {}`, ""},
		{ocppj.V16, `{"base":"summary"}`, "", fault.Invalid},
		{ocppj.V16, `{"components":[{"component":"EVSE"}]}`, "", fault.Invalid},
		{ocppj.V16, `{"criteria":["problem"]}`, "", fault.Invalid},

		{ocppj.V201, `{}`, `GetBaseReport {"reportBase":"FullInventory","requestId":N}`, ""},
		{ocppj.V201, `{"base":"configuration"}`, `GetBaseReport {"reportBase":"ConfigurationInventory","requestId":N}`, ""},
		{ocppj.V21, `{"base":"summary"}`, `GetBaseReport {"reportBase":"SummaryInventory","requestId":N}`, ""},
		{ocppj.V21, `{"base":"all"}`, "", fault.Invalid},
		{ocppj.V201, `{"criteria":["problem","enabled"]}`, `GetReport {"componentCriteria":["Problem","Enabled"],"requestId":N}`, ""},
		{ocppj.V201, `{"components":[{"component":"EVSE","connector":1},{"component":"EVSE","variable":"Power"},{"variable":"HeartbeatInterval"}]}`,
			`GetReport {"componentVariable":[{"component":{"evse":{"id":1},"name":"EVSE"}},{"component":{"name":"EVSE"},"variable":{"name":"Power"}},{"component":{"name":"OCPPCommCtrlr"},"variable":{"name":"HeartbeatInterval"}}],"requestId":N}`, ""},
		{ocppj.V201, `{"base":"full","criteria":["problem"]}`, "", fault.Invalid},
		{ocppj.V201, `{"criteria":["broken"]}`, "", fault.Invalid},
		{ocppj.V201, `{"criteria":["problem","problem"]}`, "", fault.Invalid},
		{ocppj.V201, `{"components":[{"component":"EVSE","instance":"x"}]}`, "", fault.Malformed},
		{ocppj.V201, `{"components":[{"variable":"vendorsOwn"}]}`, "", fault.Invalid},
		{ocppj.V201, `{"components":[{}]}`, "", fault.Malformed},
	} {
		report := readInto[operation.Report](t, test.body)
		got, err := prepared(t, report, operation.Desk{}, test.version)
		id := report.Said().RequestID
		if (id > 0) != (test.version != ocppj.V16) {
			t.Errorf("%s %s: said request id %d", test.version, test.body, id)
		}
		got = strings.ReplaceAll(got, fmt.Sprintf(`"requestId":%d`, id), `"requestId":N`)
		if got != test.want || fault.CodeOf(err) != test.fault {
			t.Errorf("%s %s:\ngot  %s %v\nwant %s %s", test.version, test.body, got, err, test.want, test.fault)
		}
	}
}
