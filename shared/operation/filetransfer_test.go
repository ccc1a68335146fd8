package operation_test

import (
	"fmt"
	"testing"

	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/operation"
)

// Specification: OCPP 1.6 sections 5.19 and 6.53; Improved security for OCPP 1.6-J L01; OCPP 2.x L01 and L02.
func TestFirmware(t *testing.T) {
	const at, signed = `"retrieveAt":"2026-05-01T13:00:00Z"`, `"signature":"c2ln","signingCertificate":` + certificateJSON
	translations[operation.Firmware]{
		{ocppj.V16, `{"location":"https://example.com/v2.bin",` + at + `}`,
			`UpdateFirmware {"location":"https://example.com/v2.bin","retrieveDate":"2026-05-01T13:00:00Z"}`, ""},
		{ocppj.V16, `{"location":"ftp://u:p@example.com/v2.bin","retries":0,"retryIntervalSeconds":60,` + at + `}`,
			`UpdateFirmware {"location":"ftp://u:p@example.com/v2.bin","retries":0,"retrieveDate":"2026-05-01T13:00:00Z","retryInterval":60}`, ""},
		{ocppj.V16, `{"location":"https://example.com/v2.bin","installAt":"2026-05-01T14:00:00+01:00","retries":3,` + at + `,` + signed + `}`,
			`SignedUpdateFirmware {"firmware":{"installDateTime":"2026-05-01T13:00:00Z","location":"https://example.com/v2.bin","retrieveDateTime":"2026-05-01T13:00:00Z","signature":"c2ln","signingCertificate":` + certificateJSON + `},"requestId":0,"retries":3}`, ""},
		{ocppj.V16, `{"location":"https://example.com/v2.bin","installAt":"2026-05-01T14:00:00Z",` + at + `}`, "", fault.Invalid},
		{ocppj.V16, `{"location":"https://example.com/v2.bin","signature":"c2ln",` + at + `}`, "", fault.Malformed},
		{ocppj.V16, `{"location":"https://example.com/v2.bin","signingCertificate":` + certificateJSON + `,` + at + `}`, "", fault.Malformed},
		{ocppj.V16, `{"location":"https://example.com/v2.bin","signature":"c2ln","signingCertificate":"no",` + at + `}`, "", fault.Invalid},
		{ocppj.V16, `{` + at + `}`, "", fault.Malformed},
		{ocppj.V16, `{"location":"v2.bin",` + at + `}`, "", fault.Invalid},
		{ocppj.V16, `{"location":"file:///etc/passwd",` + at + `}`, "", fault.Invalid},
		{ocppj.V16, `{"location":"https://example.com/%zz",` + at + `}`, "", fault.Invalid},
		{ocppj.V16, `{"location":"https://example.com/v2.bin","retries":-1,` + at + `}`, "", fault.Invalid},
		{ocppj.V16, `{"location":"https://example.com/v2.bin","retryIntervalSeconds":-1,` + at + `}`, "", fault.Invalid},
		{ocppj.V201, `{"location":"https://example.com/v2.bin","installAt":"2026-05-01T13:00:00Z","retryIntervalSeconds":60,` + at + `}`,
			`UpdateFirmware {"firmware":{"installDateTime":"2026-05-01T13:00:00Z","location":"https://example.com/v2.bin","retrieveDateTime":"2026-05-01T13:00:00Z"},"requestId":0,"retryInterval":60}`, ""},
		{ocppj.V21, `{"location":"HTTPS://example.com/v2.bin",` + at + `,` + signed + `}`,
			`UpdateFirmware {"firmware":{"location":"HTTPS://example.com/v2.bin","retrieveDateTime":"2026-05-01T13:00:00Z","signature":"c2ln","signingCertificate":` + certificateJSON + `},"requestId":0}`, ""},
		{ocppj.V201, `{"location":"https://example.com/v2.bin","installAt":"2026-05-01T12:59:59Z",` + at + `}`, "", fault.Invalid},
		{ocppj.V21, `{"location":"https://example.com/v2.bin"}`, "", fault.Malformed}, // not prepared
	}.test(t)
}

func TestFirmwareIsFetchedAtOnceAndNumbered(t *testing.T) {
	for _, test := range []struct {
		version  ocppj.Version
		more     string
		numbered bool
	}{
		{ocppj.V16, ``, false},
		{ocppj.V16, `,"signature":"c2ln","signingCertificate":` + certificateJSON, true},
		{ocppj.V201, ``, true},
		{ocppj.V21, ``, true},
	} {
		o := body[operation.Firmware](t, `{"location":"https://example.com/v2.bin"`+test.more+`}`)
		got, err := prepared(t, o, operation.Desk{}, test.version)
		number := o.Said().RequestID
		if err != nil || (number > 0) != test.numbered || !o.RetrieveAt.Equal(now) {
			t.Errorf("%s %s: request %d at %v, %v", test.version, got, number, o.RetrieveAt, err)
		}
		again := body[operation.Firmware](t, `{"location":"https://example.com/v2.bin"`+test.more+`}`)
		if same, err := prepared(t, again, operation.Desk{}, test.version); err != nil || same != got {
			t.Errorf("prepared again: %s %v, want %s", same, err, got)
		}
	}
}

// Specification: OCPP 1.6 sections 5.9 and 6.23; Improved security for OCPP 1.6-J N01; OCPP 2.x N01.
func TestLog(t *testing.T) {
	const times = `"from":"2026-04-30T00:00:00+02:00","to":"2026-05-01T00:00:00Z"`
	translations[operation.Log]{
		{ocppj.V16, `{"type":"diagnostics","location":"ftp://example.com/logs","retries":2,` + times + `}`,
			`GetDiagnostics {"location":"ftp://example.com/logs","retries":2,"startTime":"2026-04-29T22:00:00Z","stopTime":"2026-05-01T00:00:00Z"}`, ""},
		{ocppj.V16, `{"type":"security","location":"sftp://example.com/logs","retryIntervalSeconds":5,` + times + `}`,
			`GetLog {"log":{"latestTimestamp":"2026-05-01T00:00:00Z","oldestTimestamp":"2026-04-29T22:00:00Z","remoteLocation":"sftp://example.com/logs"},"logType":"SecurityLog","requestId":0,"retryInterval":5}`, ""},
		{ocppj.V16, `{"type":"dataCollector","location":"ftp://example.com/logs"}`, "", fault.Invalid},
		{ocppj.V16, `{"location":"ftp://example.com/logs"}`, "", fault.Malformed},
		{ocppj.V16, `{"type":"diagnostics"}`, "", fault.Malformed},
		{ocppj.V16, `{"type":"diagnostics","location":"logs"}`, "", fault.Invalid},
		{ocppj.V16, `{"type":"diagnostics","location":"ftp://example.com/logs","from":"2026-05-01T00:00:00Z","to":"2026-05-01T00:00:00Z"}`, "", fault.Invalid},
		{ocppj.V201, `{"type":"diagnostics","location":"https://example.com/logs","retries":1}`,
			`GetLog {"log":{"remoteLocation":"https://example.com/logs"},"logType":"DiagnosticsLog","requestId":0,"retries":1}`, ""},
		{ocppj.V201, `{"type":"dataCollector","location":"https://example.com/logs"}`, "", fault.Invalid},
		{ocppj.V201, `{"type":"diagnostics","location":"https://example.com/logs","retries":-1}`, "", fault.Invalid},
		{ocppj.V21, `{"type":"dataCollector","location":"https://example.com/logs"}`,
			`GetLog {"log":{"remoteLocation":"https://example.com/logs"},"logType":"DataCollectorLog","requestId":0}`, ""},
		{ocppj.V21, `{"type":"everything","location":"https://example.com/logs"}`, "", fault.Invalid},
	}.test(t)
}

func TestLogIsNumbered(t *testing.T) {
	for _, test := range []struct {
		version  ocppj.Version
		logType  string
		numbered bool
	}{
		{ocppj.V16, "diagnostics", false}, {ocppj.V16, "security", true}, {ocppj.V201, "diagnostics", true}, {ocppj.V21, "dataCollector", true},
	} {
		o := body[operation.Log](t, fmt.Sprintf(`{"type":%q,"location":"https://example.com"}`, test.logType))
		if got, err := prepared(t, o, operation.Desk{}, test.version); err != nil || (o.Said().RequestID > 0) != test.numbered {
			t.Errorf("%s %s: said %+v, %v", test.version, got, o.Said(), err)
		}
	}
}
