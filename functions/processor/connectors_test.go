package main

import (
	"slices"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
)

// A charge point whose firmware comes to speak another version tells its connectors under other names.
func TestBootForgetsConnectorsOfAnotherVersion(t *testing.T) {
	before, after := now.Add(-time.Hour), now.Add(time.Second)
	for _, test := range []struct {
		protocol, boot string
		want           []string // connectors that have a state
	}{
		{"ocpp1.6", `{"chargePointVendor":"ACME","chargePointModel":"X"}`, []string{"0", "1", "2", "3#1"}},
		{"ocpp2.1", `{"reason":"FirmwareUpdate","chargingStation":{"vendorName":"ACME","model":"X"}}`, []string{"0", "1#1", "2", "3#1"}},
	} {
		t.Run(test.protocol, func(t *testing.T) {
			r := newRig(t)
			for _, connector := range []chargepoint.Connector{
				{Connector: "0", ReceivedAt: before}, {Connector: "1", ReceivedAt: before}, {Connector: "1#1", ReceivedAt: before},
				{Connector: "2", ReceivedAt: after}, {Connector: "3#1", ReceivedAt: after}, // told since, and the boot is processed late
			} {
				connector.ChargePointID, connector.Status, connector.At = "CP001", "Charging", connector.ReceivedAt
				r.must(r.connectors.Put(t.Context(), connector))
			}
			_, _, err := r.connectors.Occupy(t.Context(), "CP001", "1", "T1", before)
			r.must(err)
			for range 2 {
				r.process(test.protocol, `[2,"1","BootNotification",`+test.boot+`]`, `[3,"1",{"status":"Accepted"}]`)
			}
			found, err := r.connectors.List(t.Context(), "CP001")
			r.must(err)
			var told []string
			for _, connector := range found {
				if connector.Status != "" {
					told = append(told, connector.Connector)
				}
				if running := connector.TransactionID == "T1"; running != (connector.Connector == "1") {
					t.Errorf("%+v", connector)
				}
			}
			if !slices.Equal(told, test.want) {
				t.Errorf("connectors %v, want %v", told, test.want)
			}
		})
	}
}
