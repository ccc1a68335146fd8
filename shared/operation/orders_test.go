package operation_test

import (
	"context"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/fault"
	"github.com/serverless-ocpp/backend/shared/ocppj"
	"github.com/serverless-ocpp/backend/shared/operation"
)

// calls is an operation that is several CALLs.
type calls []operation.Call

func (c calls) Calls(ocppj.Version) ([]operation.Call, error) { return c, nil }

var orderTerms = operation.Terms{
	Kind: "test", CommandID: "0199c6d3-0d2f-7c3a-8a51-5f0f6f1d2f3a", Expiry: time.Hour, Timeout: 90 * time.Second,
	Origin: command.OriginHTTP, CampaignID: "campaign",
}

// Each of several CALLs waits until the one before was answered or given up: its own time is longer by that, and not by
// the whole expiry, so that none is sent long after the first one was not.
func TestLaterCommandsMayWaitForThoseBefore(t *testing.T) {
	var submitted []command.Command
	orders := operation.Orders{
		Desk:   operation.Desk{Now: func() time.Time { return now }},
		Submit: func(_ context.Context, c command.Command) error { submitted = append(submitted, c); return nil },
	}
	three := calls{{"ClearCache", struct{}{}}, {"Reset", map[string]string{"type": "Soft"}}, {"ClearCache", struct{}{}}}
	placed, _, err := orders.Place(t.Context(), chargepoint.ChargePoint{ID: "CP001"}, ocppj.V16, three, orderTerms)
	if err != nil || len(placed) != len(three) || len(submitted) != len(three) {
		t.Fatalf("placed %d, submitted %d, %v", len(placed), len(submitted), err)
	}
	for i, c := range submitted {
		if c.ID != command.NthID(orderTerms.CommandID, i) || c.Action != three[i].Action || c.ID != placed[i].ID {
			t.Errorf("command %d is %s %s", i, c.ID, c.Action)
		}
		if c.State != command.Queued || c.Timeout != orderTerms.Timeout || c.Operation != "test" || c.CampaignID != "campaign" || c.Protocol != "ocpp1.6" {
			t.Errorf("command %d: %+v", i, c)
		}
		if want := now.Add(time.Hour + time.Duration(i)*2*time.Minute); !c.ExpiresAt.Equal(want) {
			t.Errorf("command %d expires %s, want %s", i, c.ExpiresAt, want)
		}
	}
}

// Nothing is stored of an operation of which one CALL must not be sent.
func TestNothingOfAWrongOrderIsStored(t *testing.T) {
	orders := operation.Orders{
		Desk: operation.Desk{Now: func() time.Time { return now }},
		Submit: func(_ context.Context, c command.Command) error {
			t.Errorf("submitted %s", c.Action)
			return nil
		},
	}
	for name, test := range map[string]struct {
		second operation.Call
		cp     chargepoint.ChargePoint
		want   fault.Code
	}{
		"against its schema": {operation.Call{Action: "Reset", Payload: map[string]string{"type": "Sideways"}}, chargepoint.ChargePoint{}, fault.Invalid},
		"withheld":           {operation.Call{Action: "RemoteStopTransaction", Payload: map[string]int{"transactionId": 1}}, chargepoint.ChargePoint{Registration: chargepoint.Pending}, fault.Conflict},
	} {
		_, _, err := orders.Place(t.Context(), test.cp, ocppj.V16, calls{{"ClearCache", struct{}{}}, test.second}, orderTerms)
		if fault.CodeOf(err) != test.want {
			t.Errorf("%s: %v, want %s", name, err, test.want)
		}
	}
}
