package e2e

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	ocpp2 "github.com/lorenzodonini/ocpp-go/ocpp2.0.1"
	"github.com/lorenzodonini/ocpp-go/ocpp2.0.1/availability"
	"github.com/lorenzodonini/ocpp-go/ocpp2.0.1/provisioning"
	"github.com/lorenzodonini/ocpp-go/ocpp2.0.1/remotecontrol"
	"github.com/lorenzodonini/ocpp-go/ocpp2.0.1/transactions"
	"github.com/lorenzodonini/ocpp-go/ocpp2.0.1/types"
)

// station201 answers remote starts and stops; every other command is not expected and panics.
type station201 struct {
	remotecontrol.ChargingStationHandler
	started chan remotecontrol.RequestStartTransactionRequest
	stopped chan string
}

func (s *station201) OnRequestStartTransaction(request *remotecontrol.RequestStartTransactionRequest) (*remotecontrol.RequestStartTransactionResponse, error) {
	s.started <- *request
	return remotecontrol.NewRequestStartTransactionResponse(remotecontrol.RequestStartStopStatusAccepted), nil
}

func (s *station201) OnRequestStopTransaction(request *remotecontrol.RequestStopTransactionRequest) (*remotecontrol.RequestStopTransactionResponse, error) {
	s.stopped <- request.TransactionID
	return remotecontrol.NewRequestStopTransactionResponse(remotecontrol.RequestStartStopStatusAccepted), nil
}

// connect201 connects ocpp-go's charging station of version 2.0.1.
func connect201(t *testing.T, id string) (ocpp2.ChargingStation, *station201) {
	t.Helper()
	handler := &station201{started: make(chan remotecontrol.RequestStartTransactionRequest, 1), stopped: make(chan string, 1)}
	station := ocpp2.NewChargingStation(id, nil, nil)
	station.SetRemoteControlHandler(handler)
	if err := station.Start(stack.Addresses().ChargePoints); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if station.IsConnected() {
			station.Stop()
		}
	})
	return station, handler
}

func energy(at time.Time, context types.ReadingContext, wh float64) []types.MeterValue {
	return []types.MeterValue{{Timestamp: types.DateTime{Time: at}, SampledValue: []types.SampledValue{{Value: wh, Context: context}}}}
}

// The whole of a charging session, begun and ended from afar, with the connection lost in the middle,
// and events that come again and out of order.
// Specification: OCPP 2.0.1 part 2 sections E 1.3.2 and E 1.5; F01.FR.19; F02.FR.01.
func TestOcppGo201ChargesOverAReconnect(t *testing.T) {
	t.Parallel()
	const id = "GO201-CHARGES"
	createThing(t, id)
	station, commands := connect201(t, id)
	booted, err := station.BootNotification(provisioning.BootReasonPowerUp, "X2", "ACME")
	if err != nil || booted.Status != provisioning.RegistrationStatusAccepted {
		t.Fatalf("boot: %+v %v", booted, err)
	}
	if _, err := station.StatusNotification(types.Now(), availability.ConnectorStatusAvailable, 1, 1); err != nil {
		t.Fatal(err)
	}
	start := call(t, http.MethodPost, "/remote-start", fmt.Sprintf(`{"chargePointId":%q,"idTag":"TAG-2"}`, id), "Prefer", "wait=15").want(t, http.StatusOK)
	if start.text("state") != "accepted" {
		t.Fatalf("remote start: %v", start.Body)
	}
	asked := <-commands.started
	if asked.IDToken.IdToken != "TAG-2" || fmt.Sprint(asked.RemoteStartID) != start.text("remoteStartId") {
		t.Errorf("the charging station was asked for %+v, the caller was told %v", asked, start.Body)
	}

	began := time.Now().Add(-time.Hour).Truncate(time.Second)
	const transactionID = "GO201-TX"
	send := func(kind transactions.TransactionEvent, minute, seqNo int, reason transactions.TriggerReason, info transactions.Transaction, wh float64, context types.ReadingContext) *transactions.TransactionEventResponse {
		t.Helper()
		info.TransactionID = transactionID
		at := began.Add(time.Duration(minute) * time.Minute)
		answer, err := station.TransactionEvent(kind, types.NewDateTime(at), reason, seqNo, info, func(request *transactions.TransactionEventRequest) {
			request.MeterValue = energy(at, context, wh)
			if seqNo == 0 {
				request.Evse = &types.EVSE{ID: 1}
				request.IDToken = &types.IdToken{IdToken: "TAG-2", Type: types.IdTokenTypeISO14443}
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
	started := send(transactions.TransactionEventStarted, 0, 0, transactions.TriggerReasonRemoteStart, transactions.Transaction{RemoteStartID: &asked.RemoteStartID}, 5000, types.ReadingContextTransactionBegin)
	if started.IDTokenInfo == nil || started.IDTokenInfo.Status != types.AuthorizationStatusAccepted {
		t.Fatalf("the start was answered with %+v", started)
	}
	send(transactions.TransactionEventUpdated, 2, 2, transactions.TriggerReasonMeterValuePeriodic, transactions.Transaction{ChargingState: transactions.ChargingStateCharging}, 7000, types.ReadingContextSamplePeriodic)
	eventually(t, func() string {
		got := call(t, http.MethodGet, "/charge-points/"+id+"/transactions/"+transactionID, "")
		if got.text("missingSeqNos") != "1" || got.text("energyWh") != "2000" {
			return fmt.Sprintf("the missing event is not seen: %v", got.Body)
		}
		return ""
	})

	station.Stop() // the connection is lost inside the transaction
	station, commands = connect201(t, id)
	send(transactions.TransactionEventUpdated, 1, 1, transactions.TriggerReasonMeterValuePeriodic, transactions.Transaction{ChargingState: transactions.ChargingStateEVConnected}, 6000, types.ReadingContextSamplePeriodic)
	stop := call(t, http.MethodPost, "/remote-stop", fmt.Sprintf(`{"chargePointId":%q,"transactionId":%q,"expiresInSeconds":60}`, id, transactionID), "Prefer", "wait=20").want(t, http.StatusOK)
	if stop.text("state") != "accepted" || <-commands.stopped != transactionID {
		t.Fatalf("remote stop: %v", stop.Body)
	}
	for range 2 { // the charging station repeats what it is not sure of
		send(transactions.TransactionEventEnded, 3, 3, transactions.TriggerReasonRemoteStop, transactions.Transaction{StoppedReason: transactions.ReasonRemote}, 8000, types.ReadingContextTransactionEnd)
	}
	eventually(t, func() string {
		got := call(t, http.MethodGet, "/charge-points/"+id+"/transactions/"+transactionID, "")
		if got.text("state") != "Ended" || got.text("energyWh") != "3000" || got.text("stopReason") != "Remote" || got.text("missingSeqNos") != "" ||
			got.text("remoteStartId") != start.text("remoteStartId") || got.text("chargingState") != "Charging" || len(got.list("meterValues")) != 4 {
			return fmt.Sprintf("transaction: %v", got.Body)
		}
		return ""
	})
	connectors := call(t, http.MethodGet, "/charge-points/"+id+"/connectors", "").list("connectors")
	if len(connectors) != 1 || connectors[0]["connector"] != "1#1" || connectors[0]["status"] != "Available" {
		t.Errorf("connectors: %v", connectors)
	}
}
