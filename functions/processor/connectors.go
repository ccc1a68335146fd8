package main

import (
	"context"
	"strings"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/journal"
	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// forgetOtherNames takes away what is known of connectors under names of another version than the charge point booted in. A new firmware
// may speak another one, and tells its connectors anew under other names (1 of 1.6 is 1#1 in 2.x): the old ones would show their last state for
// ever. What was told since then stays, and which transaction runs: that ends by its own messages.
func (e *Effects) forgetOtherNames(ctx context.Context, record journal.Record) error {
	known, err := e.Connectors.List(ctx, record.ChargePointID)
	if err != nil {
		return err
	}
	for _, connector := range known {
		if connector.Status == "" || !ofAnotherVersion(connector.Connector, ocppj.Version(record.Protocol)) {
			continue
		}
		forgotten := chargepoint.Connector{ChargePointID: record.ChargePointID, Connector: connector.Connector, ReceivedAt: record.ReceivedAt}
		if err := e.Connectors.Put(ctx, forgotten); err != nil {
			return err
		}
	}
	return nil
}

// ofAnotherVersion tells whether a version reports no state under the name. 0 is the charge point itself in all of them.
func ofAnotherVersion(connector string, version ocppj.Version) bool {
	if connector == "0" {
		return false
	}
	return strings.Contains(connector, "#") == (version == ocppj.V16)
}
