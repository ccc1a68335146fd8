package main

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/report"
	"github.com/serverless-ocpp/backend/shared/variable"
)

// report stores a report of a charge point that was received some seconds into the test's day.
func (r *rig) report(chargePointID string, kind report.Kind, key string, second int, data string) {
	r.Helper()
	r.reportPart(report.Report{ChargePointID: chargePointID, Kind: kind, Key: key, Action: "Some", Data: json.RawMessage(data)}, second)
}

func (r *rig) reportPart(part report.Report, second int) {
	r.Helper()
	part.ReceivedAt = time.Date(2026, 3, 1, 12, 0, second, 0, time.UTC)
	r.must(r.api.Reports.(report.Store).Put(r.Context(), part))
}

func TestNewestReports(t *testing.T) {
	r := newRig(t)
	r.do("GET", "/charge-points/CP16/reports", "").want(200, `{"reports":[]}`)
	r.report("CP16", report.Firmware, report.Latest, 1, `{"status":"Installed"}`)
	r.report("CP16", report.SecurityEvent, "1", 1, `{"n":1}`)
	r.report("CP16", report.SecurityEvent, "2", 2, `{"n":2}`)
	got := r.do("GET", "/charge-points/CP16/reports", "").want(200,
		`{"kind":"firmware","key":"latest","action":"Some","receivedAt":"2026-03-01T12:00:01Z","data":{"status":"Installed"}}`, `"data":{"n":2}`)
	if list := got.body["reports"].([]any); len(list) != 2 {
		t.Errorf("%s", got.text)
	}
	r.do("GET", "/charge-points/CP0/reports", "").want(200, `{"reports":[]}`)
	r.do("GET", "/charge-points/CP404/reports", "").want(404, "CP404")
}

func TestReportsOfAKind(t *testing.T) {
	r := newRig(t)
	for second := range 3 {
		r.report("CP16", report.SecurityEvent, strconv.Itoa(second), second, `{"n":`+strconv.Itoa(second)+`}`)
	}
	first := r.do("GET", "/charge-points/CP16/reports/security-event?limit=2", "").want(200, `"n":2`, `"n":1`)
	second := r.do("GET", "/charge-points/CP16/reports/security-event?limit=2&cursor="+first.body["nextCursor"].(string), "").want(200, `"n":0`)
	if second.body["nextCursor"] != nil || strings.Contains(second.text, `"n":1`) {
		t.Errorf("%s", second.text)
	}
	r.do("GET", "/charge-points/CP16/reports/firmware", "").want(200, `{"reports":[]}`)
	r.do("GET", "/charge-points/CP16/reports/firmware?cursor="+first.body["nextCursor"].(string), "").want(422, "cursor")
	r.do("GET", "/charge-points/CP16/reports/weather", "").want(404, "weather", "firmware, published-firmware", "data-transfer")
	r.do("GET", "/charge-points/CP404/reports/firmware", "").want(404, "CP404")
}

func TestAnswerInParts(t *testing.T) {
	r := newRig(t)
	part := func(seqNo int, continues bool) {
		r.reportPart(report.Report{
			ChargePointID: "CP201", Kind: report.Inventory, Key: report.Part(7, seqNo), Action: "NotifyReport",
			SeqNo: seqNo, Continues: continues, Data: json.RawMessage(`{"seqNo":` + strconv.Itoa(seqNo) + `}`),
		}, seqNo)
	}
	part(2, false)
	part(0, true)
	r.report("CP201", report.Inventory, report.Part(8, 0), 1, `{"seqNo":0}`)
	const path = "/charge-points/CP201/reports/inventory/7"
	r.do("GET", path, "").want(200, `"complete":false,"parts":2,`, `"data":[{"seqNo":0},{"seqNo":2}]`)
	part(1, true)
	r.do("GET", path, "").want(200, `{"kind":"inventory","requestId":7,"complete":true,"parts":3,"receivedAt":"2026-03-01T12:00:02Z","data":[{"seqNo":0},{"seqNo":1},{"seqNo":2}]}`)

	r.report("CP201", report.Log, report.ByRequest(1234567890), 1, `{"status":"Uploaded"}`)
	r.report("CP201", report.Log, report.ByRequest(12345678901), 1, `{"status":"Idle"}`)
	r.do("GET", "/charge-points/CP201/reports/log/1234567890", "").want(200, `"complete":true,"parts":1,`, `"data":[{"status":"Uploaded"}]`)

	r.do("GET", "/charge-points/CP201/reports/inventory/9", "").want(404, "no inventory on request 9")
	r.do("GET", "/charge-points/CP201/reports/inventory/nine", "").want(422, "'requestId'", "nine")
	r.do("GET", "/charge-points/CP201/reports/weather/9", "").want(404, "weather")
	r.do("GET", "/charge-points/CP404/reports/inventory/7", "").want(404, "CP404")
}

// Lambda would fail on an answer that is too large, and the caller see a 500 without a reason.
func TestAnswerThatIsTooLarge(t *testing.T) {
	r := newRig(t)
	large := json.RawMessage(`"` + strings.Repeat("x", 380_000) + `"`)
	for seqNo := range 15 {
		r.reportPart(report.Report{ChargePointID: "CP201", Kind: report.Inventory, Key: report.Part(7, seqNo), SeqNo: seqNo, Continues: seqNo < 14, Data: large}, 1)
	}
	r.do("GET", "/charge-points/CP201/reports/inventory/7", "").want(422, "GET /charge-points/CP201/reports/inventory")
	parts := 0
	for cursor := ""; ; {
		page := r.do("GET", "/charge-points/CP201/reports/inventory?limit=200&cursor="+cursor, "").want(200)
		if len(page.text) > maxAnswer {
			t.Errorf("a page of %d bytes", len(page.text))
		}
		parts += len(page.body["reports"].([]any))
		next, more := page.body["nextCursor"].(string)
		if !more {
			break
		}
		cursor = next
	}
	if parts != 15 {
		t.Errorf("the pages have %d parts", parts)
	}
}

func TestVariables(t *testing.T) {
	r := newRig(t)
	received := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	r.must(r.api.Variables.(variable.Store).Put(t.Context(), []variable.Variable{
		{ChargePointID: "CP16", Variable: variable.Name{Name: "HeartbeatInterval"}, Value: "300", ReadOnly: true, ReceivedAt: received},
		{
			ChargePointID: "CP201", Component: variable.Component{Name: "Connector", EVSE: &variable.EVSE{ID: 1, ConnectorID: 2}}, Variable: variable.Name{Name: "Power", Instance: "max"},
			Value: "11", Attributes: json.RawMessage(`[{"value":"11"}]`), Characteristics: json.RawMessage(`{"dataType":"decimal"}`), At: received, ReceivedAt: received,
		},
		{ChargePointID: "CP201", Component: variable.Component{Name: "Zero"}, Variable: variable.Name{Name: "V"}, ReceivedAt: received},
	}))
	r.do("GET", "/charge-points/CP16/variables", "").want(200, `{"variables":[{"variable":{"name":"HeartbeatInterval"},"value":"300","readOnly":true,"receivedAt":"2026-03-01T12:00:00Z"}]}`)
	first := r.do("GET", "/charge-points/CP201/variables?limit=1", "").want(200,
		`"component":{"name":"Connector","evse":{"id":1,"connectorId":2}},"variable":{"name":"Power","instance":"max"},"value":"11","attributes":[{"value":"11"}],"characteristics":{"dataType":"decimal"}`)
	r.do("GET", "/charge-points/CP201/variables?limit=1&cursor="+first.body["nextCursor"].(string), "").want(200, `"Zero"`)
	r.do("GET", "/charge-points/CP0/variables", "").want(200, `{"variables":[]}`)
	r.do("GET", "/charge-points/CP404/variables", "").want(404, "CP404")
}
