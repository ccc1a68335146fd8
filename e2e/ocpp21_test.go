package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// No public client speaks all of 2.1 yet, so this one says what the specification has it say.
// Specification: OCPP 2.1 part 4 sections 4.2.4, 4.2.3 and 3.2.
func TestOCPP21(t *testing.T) {
	t.Parallel()
	const id = "CP21"
	createThing(t, id)
	cp := connect(t, id, "ocpp2.1")
	cp.boot()
	start := call(t, http.MethodPost, "/remote-start", fmt.Sprintf(remoteStart, id)).want(t, http.StatusAccepted)
	callID, action, payload := cp.call()
	if action != "RequestStartTransaction" {
		t.Fatalf("received %s", action)
	}
	cp.send(fmt.Sprintf(`[3,%q,{"status":"Perhaps"}]`, callID)) // breaks the schema
	cp.want(fmt.Sprintf(`[5,%q,"PropertyConstraintViolation",`, callID))
	eventually(t, func() string {
		if got := call(t, http.MethodGet, start.Header.Get("Location"), ""); got.text("state") != "invalidResult" {
			return fmt.Sprintf("%v", got.Body)
		}
		return ""
	})

	event := func(kind, trigger string, seqNo int, info string, more string) {
		t.Helper()
		cp.send(fmt.Sprintf(`[2,"e%d","TransactionEvent",{"eventType":%q,"timestamp":"2026-03-01T10:0%d:00Z","triggerReason":%q,"seqNo":%d,"transactionInfo":{"transactionId":"T21"%s}%s}]`,
			seqNo, kind, seqNo, trigger, seqNo, info, more))
		cp.want(fmt.Sprintf(`[3,"e%d",{`, seqNo))
	}
	idToken := `,"idToken":{"idToken":"TAG","type":"ISO14443"},"evse":{"id":1,"connectorId":1}`
	event("Started", "RemoteStart", 0, fmt.Sprintf(`,"remoteStartId":%v`, payload["remoteStartId"]), idToken)
	cp.send(`[2,"open","OpenPeriodicEventStream",{"constantStreamData":{"id":1,"variableMonitoringId":7,"params":{"interval":1,"values":1}}}]`)
	cp.want(`[3,"open",{"status":"Accepted"`)
	cp.send(`[6,"stream","NotifyPeriodicEventStream",{"id":1,"pending":0,"basetime":"2026-03-01T10:00:00Z","data":[{"t":0.5,"v":"230.1"}]}]`)
	event("Updated", "MeterValuePeriodic", 1, `,"chargingState":"Charging"`, `,"meterValue":[{"timestamp":"2026-03-01T10:01:00Z","sampledValue":[{"value":100,"context":"Transaction.Begin"}]}]`)
	event("Ended", "EVDeparted", 2, `,"stoppedReason":"EVDisconnected"`, `,"meterValue":[{"timestamp":"2026-03-01T10:02:00Z","sampledValue":[{"value":350,"context":"Transaction.End"}]}]`)
	cp.send(`[2,"n","NotifyEvent",{"generatedAt":"2026-03-01T10:03:00Z","seqNo":0,"tbc":false,"eventData":[{"eventId":1,"timestamp":"2026-03-01T10:03:00Z","trigger":"Delta","actualValue":"Available","eventNotificationType":"HardWiredNotification","component":{"name":"Connector","evse":{"id":1,"connectorId":1}},"variable":{"name":"AvailabilityState"}}]}]`)
	cp.want(`[3,"n",{}]`)

	eventually(t, func() string {
		got := call(t, http.MethodGet, "/charge-points/"+id+"/transactions/T21", "")
		if got.text("state") != "Ended" || got.text("energyWh") != "250" || got.text("durationSeconds") != "120" || got.text("stopReason") != "EVDisconnected" || got.text("doubts") != "" {
			return fmt.Sprintf("transaction: %v", got.Body)
		}
		return ""
	})
	eventually(t, func() string {
		connectors := fmt.Sprint(call(t, http.MethodGet, "/charge-points/"+id+"/connectors", "").Body)
		streams := fmt.Sprint(call(t, http.MethodGet, "/charge-points/"+id+"/reports/event-stream", "").Body)
		if !strings.Contains(connectors, "Available") || !strings.Contains(streams, "230.1") {
			return fmt.Sprintf("connectors %s, streams %s", connectors, streams)
		}
		return ""
	})
}
