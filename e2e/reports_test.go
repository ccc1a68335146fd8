package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// told reads a list of the HTTP API until it has n entries.
func told(t *testing.T, path, list string, n int) []map[string]any {
	t.Helper()
	var entries []map[string]any
	eventually(t, func() string {
		got := call(t, "GET", path, "").want(t, 200)
		if entries = got.list(list); len(entries) != n {
			return fmt.Sprintf("%s has %d %s, want %d: %v", path, len(entries), list, n, got.Body)
		}
		return ""
	})
	return entries
}

// A device model comes in parts, in any order, and is shown whole and variable by variable.
func TestInventoryInParts(t *testing.T) {
	t.Parallel()
	const id = "INVENTORY"
	createThing(t, id)
	cp := connect(t, id, "ocpp2.0.1")
	cp.boot()
	part := func(seqNo int, tbc bool, evse int, value string) {
		t.Helper()
		cp.send(fmt.Sprintf(`[2,"part-%d","NotifyReport",{"requestId":7,"generatedAt":"2026-03-01T12:00:00Z","seqNo":%d,"tbc":%t,"reportData":[
			{"component":{"name":"EVSE","evse":{"id":%d}},"variable":{"name":"Power"},"variableAttribute":[{"value":"%s","mutability":"ReadOnly"}],
			"variableCharacteristics":{"unit":"W","dataType":"decimal","supportsMonitoring":true}}]}]`, seqNo, seqNo, tbc, evse, value))
		cp.want(fmt.Sprintf(`[3,"part-%d",{}]`, seqNo))
	}
	const whole = "/charge-points/" + id + "/reports/inventory/7"
	part(2, false, 3, "3000")
	part(0, true, 1, "1000")
	told(t, "/charge-points/"+id+"/reports/inventory", "reports", 2)
	if got := call(t, "GET", whole, "").want(t, 200); got.text("complete") != "false" || got.text("parts") != "2" {
		t.Errorf("with a part missing: %v", got.Body)
	}
	part(1, true, 2, "2000")
	eventually(t, func() string {
		got := call(t, "GET", whole, "").want(t, 200)
		if parts := got.list("data"); got.text("complete") != "true" || len(parts) != 3 || fmt.Sprintf("%v %v %v", parts[0]["seqNo"], parts[1]["seqNo"], parts[2]["seqNo"]) != "0 1 2" {
			return fmt.Sprintf("the whole report: %v", got.Body)
		}
		return ""
	})
	for i, variable := range told(t, "/charge-points/"+id+"/variables", "variables", 3) {
		component, _ := variable["component"].(map[string]any)
		if want := fmt.Sprint(1000 * (i + 1)); variable["value"] != want || fmt.Sprint(component["evse"]) != fmt.Sprintf("map[id:%d]", i+1) {
			t.Errorf("variable %d: %v, want the value %s", i, variable, want)
		}
	}
	call(t, "GET", "/charge-points/"+id+"/reports/inventory/8", "").want(t, 404)
}

// What happens again and again is kept, the newest first; the overview shows one of each kind.
func TestSecurityEventsAreKept(t *testing.T) {
	t.Parallel()
	const id = "SECURITY-EVENTS"
	createThing(t, id)
	cp := connect(t, id, "ocpp2.0.1")
	cp.boot()
	event := func(kind, at string) {
		cp.send(fmt.Sprintf(`[2,%[1]q,"SecurityEventNotification",{"type":%[1]q,"timestamp":%[2]q}]`, kind, at))
		cp.want(fmt.Sprintf(`[3,%q,{}]`, kind))
	}
	event("StartupOfTheDevice", "2026-03-01T12:00:00Z")
	event("MemoryExhaustion", "2026-03-01T12:00:01Z")
	event("MemoryExhaustion", "2026-03-01T12:00:01Z") // repeated
	cp.send(`[2,"data","DataTransfer",{"vendorId":"com.example.nobody","data":"x"}]`)
	cp.want(`[3,"data",{"status":"UnknownVendorId"}]`)

	events := told(t, "/charge-points/"+id+"/reports/security-event", "reports", 2)
	for i, want := range []string{"MemoryExhaustion", "StartupOfTheDevice"} {
		if data, _ := events[i]["data"].(map[string]any); data["type"] != want {
			t.Errorf("event %d: %v, want %s", i, events[i], want)
		}
	}
	newest := told(t, "/charge-points/"+id+"/reports", "reports", 2)
	if newest[0]["kind"] != "data-transfer" || newest[1]["kind"] != "security-event" || fmt.Sprint(newest[1]["data"]) != fmt.Sprint(events[0]["data"]) {
		t.Errorf("newest: %v", newest)
	}
	if refused := call(t, "GET", "/charge-points/"+id+"/reports/weather", "").want(t, 404); !strings.Contains(refused.text("detail"), "security-event") {
		t.Errorf("it does not say which kinds there are: %v", refused.Body)
	}
}

// The state of a firmware update is the last one; the configuration is what the charge point answers when it is asked.
func TestFirmwareStateAndConfiguration(t *testing.T) {
	t.Parallel()
	const id = "FIRMWARE-STATE"
	createThing(t, id)
	integrator := observe(t, id)
	cp := connect(t, id, "ocpp1.6")
	cp.boot()
	for _, status := range []string{"Downloading", "Installed"} {
		cp.send(fmt.Sprintf(`[2,%[1]q,"FirmwareStatusNotification",{"status":%[1]q}]`, status))
		cp.want(fmt.Sprintf(`[3,%q,{}]`, status))
	}
	eventually(t, func() string {
		reports := call(t, "GET", "/charge-points/"+id+"/reports/firmware", "").want(t, 200).list("reports")
		if len(reports) != 1 || fmt.Sprint(reports[0]["data"]) != "map[status:Installed]" {
			return fmt.Sprintf("firmware: %v", reports)
		}
		return ""
	})

	integrator.publish(t, id+"/out", `[2,"configuration","GetConfiguration",{}]`)
	if callID, action, _ := cp.call(); callID != "configuration" || action != "GetConfiguration" {
		t.Fatalf("received %s %s", callID, action)
	}
	cp.send(`[3,"configuration",{"configurationKey":[{"key":"HeartbeatInterval","readonly":false,"value":"300"},{"key":"NumberOfConnectors","readonly":true,"value":"2"}]}]`)
	variables := told(t, "/charge-points/"+id+"/variables", "variables", 2)
	if variables[0]["value"] != "300" || variables[1]["value"] != "2" || variables[1]["readOnly"] != true {
		t.Errorf("variables: %v", variables)
	}
}
