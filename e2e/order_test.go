package e2e

import (
	"fmt"
	"testing"
	"time"
)

// The invocations of one connection overlap, so that the messages of a charge point which does not wait for answers
// (against OCPP-J 1.6 section 4.1.1) reach the journal in another order than they were sent in. What was sent last
// decides all the same.
func TestTheLastStatusStays(t *testing.T) {
	t.Parallel()
	const id, connectors = "LAST-STATUS", 40
	createThing(t, id)
	seen := observe(t, id)
	cp := connect(t, id, "ocpp1.6")
	cp.boot()
	began := time.Now().UTC().Truncate(time.Second)
	sent := 0
	for connector := range connectors {
		for _, status := range []string{"Available", "Preparing", "Charging", "SuspendedEV", "Charging", "Finishing"} {
			at := began.Add(time.Duration(sent) * time.Millisecond).Format("2006-01-02T15:04:05.000Z")
			cp.send(fmt.Sprintf(`[2,"%d","StatusNotification",{"connectorId":%d,"errorCode":"NoError","status":%q,"timestamp":%q}]`, sent, connector, status, at))
			sent++
		}
	}
	for range sent {
		cp.want("[3,")
	}
	eventually(t, func() string { // the mirror shows what was applied
		if applied := len(seen.frames(`"StatusNotification"`)); applied < sent {
			return fmt.Sprintf("%d of %d messages applied", applied, sent)
		}
		return ""
	})
	for _, connector := range call(t, "GET", "/charge-points/"+id+"/connectors", "").list("connectors") {
		if connector["status"] != "Finishing" {
			t.Errorf("a state that is not the last: %v", connector)
		}
	}
}

// A simulator sends its statuses right behind its first boot. They are served as if it had waited for the answer.
// Specification: OCPP-J 1.6 section 4.1.1.
func TestStatusRightBehindTheFirstBoot(t *testing.T) {
	t.Parallel()
	const id = "IMPATIENT"
	createThing(t, id)
	cp := connect(t, id, "ocpp1.6")
	cp.send(`[2,"boot","BootNotification",{"chargePointVendor":"ACME","chargePointModel":"X1"}]`)
	cp.send(`[2,"status","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]`)
	for range 2 {
		cp.want("[3,")
	}
}
