package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// Charge points in the field write words that OCPP does not know, numbers where strings belong, decimals where there are none, and
// empty lists. What they mean is plain, and who refuses it loses the end of a transaction and the readings in it, for it is given up after
// some attempts (OCPP 1.6 sections 3.7.1 and 4.10; OCPP 2.0.1 part 2 E13).
func TestTransactionsInTheWordsOfTheField(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		version string
		start   func(cp *socket) string
		frames  func(transaction string) []string
		want    string
	}{
		{
			version: "ocpp1.6",
			start: func(cp *socket) string {
				return start16(cp, "start", `{"connectorId":1,"idTag":"TAG","meterStart":1000.0,"timestamp":"2026-03-01T10:00:00Z"}`)
			},
			frames: func(transaction string) []string {
				return []string{
					`[2,"s","StatusNotification",{"connectorId":1,"errorCode":"Error","status":"Charging"}]`,
					// The frequency of the grid has no unit in OCPP 1.6, so that each vendor has its own (errata 3.84).
					fmt.Sprintf(`[2,"m1","MeterValues",{"connectorId":1,"transactionId":%s,"meterValue":[{"timestamp":"2026-03-01T10:10:00Z","sampledValue":[
						{"value":"49.97","measurand":"Frequency","unit":"Hz"},{"value":1.5,"unit":"KWH","phase":""},{"value":"7","measurand":"acme.Mood"}]}]}]`, transaction),
					fmt.Sprintf(`[2,"m2","MeterValues",{"connectorId":1,"transactionId":%s,"meterValue":[{"timestamp":"2026-03-01T10:11:00Z","sampledValue":[]}]}]`, transaction),
					fmt.Sprintf(`[2,"end","StopTransaction",{"transactionId":%s,"meterStop":2625.5,"timestamp":"2026-03-01T11:00:00Z","reason":"CarLeft",
						"transactionData":[{"timestamp":"2026-03-01T11:00:00Z","sampledValue":[{"value":"50","measurand":"Frequency","unit":"Hertz"}]}]}]`, transaction),
				}
			},
			want: "1625.5 CarLeft",
		},
		{
			version: "ocpp2.0.1",
			start: func(cp *socket) string {
				cp.send(`[2,"start","TransactionEvent",{"eventType":"Started","timestamp":"2026-03-01T10:00:00Z","seqNo":0,"meterValue":[],
					"evse":{"id":1},"idToken":{"idToken":"TAG","type":"RFID"},"transactionInfo":{"transactionId":"T","chargingState":"Ready"}}]`)
				cp.want(`[3,"start",{"idTokenInfo":{"status":"Accepted"`)
				return "T"
			},
			frames: func(string) []string {
				return []string{
					`[2,"m1","TransactionEvent",{"eventType":"Updated","timestamp":"2026-03-01T10:10:00Z","triggerReason":"Clock","seqNo":1,"transactionInfo":{"transactionId":"T"},
						"meterValue":[{"timestamp":"2026-03-01T10:10:00Z","sampledValue":[{"value":"1.5","unitOfMeasure":{"unit":"KWh"}},{"value":7,"measurand":"acme.Mood"}]}]}]`,
					`[2,"m2","TransactionEvent",{"eventType":"Updated","timestamp":"2026-03-01T10:11:00Z","triggerReason":"MeterValuePeriodic","seqNo":2,"transactionInfo":{"transactionId":"T"},
						"meterValue":[{"timestamp":"2026-03-01T10:11:00Z","sampledValue":[]}]}]`,
					`[2,"end","TransactionEvent",{"eventType":"Ended","timestamp":"2026-03-01T11:00:00Z","triggerReason":"EVDeparted","seqNo":3,
						"transactionInfo":{"transactionId":"T","stoppedReason":"CarLeft"},"meterValue":[{"timestamp":"2026-03-01T11:00:00Z","sampledValue":[{"value":3125.5}]}]}]`,
				}
			},
			want: "1625.5 CarLeft",
		},
	} {
		t.Run(test.version, func(t *testing.T) {
			t.Parallel()
			id := strings.ReplaceAll("DIALECT-"+test.version, ".", "_")
			createThing(t, id)
			cp := connect(t, id, test.version)
			cp.boot()
			transaction := test.start(cp)
			for _, frame := range test.frames(transaction) {
				cp.send(frame)
				cp.want(`[3,"`)
			}
			eventually(t, func() string {
				got := call(t, http.MethodGet, "/charge-points/"+id+"/transactions/"+transaction, "")
				if shown := got.text("energyWh") + " " + got.text("stopReason"); got.text("state") != "Ended" || shown != test.want || got.text("idToken") != "TAG" {
					return fmt.Sprintf("transaction: %v, want %s", got.Body, test.want)
				}
				return ""
			})
		})
	}
}
