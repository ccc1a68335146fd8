package e2e

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	ocpp16 "github.com/lorenzodonini/ocpp-go/ocpp1.6"
	"github.com/lorenzodonini/ocpp-go/ocpp1.6/core"
	"github.com/lorenzodonini/ocpp-go/ocpp1.6/types"
)

// point16 answers remote starts and stops; every other command is not expected and panics.
type point16 struct {
	core.ChargePointHandler
	started, stopped chan int // connector ids, transaction ids
}

func (p *point16) OnRemoteStartTransaction(request *core.RemoteStartTransactionRequest) (*core.RemoteStartTransactionConfirmation, error) {
	connector := 0
	if request.ConnectorId != nil {
		connector = *request.ConnectorId
	}
	p.started <- connector
	return core.NewRemoteStartTransactionConfirmation(types.RemoteStartStopStatusAccepted), nil
}

func (p *point16) OnRemoteStopTransaction(request *core.RemoteStopTransactionRequest) (*core.RemoteStopTransactionConfirmation, error) {
	p.stopped <- request.TransactionId
	return core.NewRemoteStopTransactionConfirmation(types.RemoteStartStopStatusAccepted), nil
}

// connect16 connects ocpp-go's charge point of version 1.6.
func connect16(t *testing.T, id string) (ocpp16.ChargePoint, *point16) {
	t.Helper()
	handler := &point16{started: make(chan int, 1), stopped: make(chan int, 1)}
	cp := ocpp16.NewChargePoint(id, nil, nil)
	cp.SetCoreHandler(handler)
	if err := cp.Start(stack.Addresses().ChargePoints); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if cp.IsConnected() {
			cp.Stop()
		}
	})
	return cp, handler
}

func boot16(t *testing.T, cp ocpp16.ChargePoint) {
	t.Helper()
	booted, err := cp.BootNotification("X1", "ACME", func(request *core.BootNotificationRequest) { request.ChargePointSerialNumber = "S-1" })
	if err != nil {
		t.Fatal(err)
	}
	if booted.Status != core.RegistrationStatusAccepted || booted.Interval != 300 || time.Since(booted.CurrentTime.Time).Abs() > time.Minute {
		t.Fatalf("boot answered with %+v", booted)
	}
}

func meter(at time.Time, wh int) []types.MeterValue {
	return []types.MeterValue{{Timestamp: types.NewDateTime(at), SampledValue: []types.SampledValue{
		{Value: strconv.Itoa(wh), Measurand: types.MeasurandEnergyActiveImportRegister, Unit: types.UnitOfMeasureWh},
		{Value: "7.4", Measurand: types.MeasurandPowerActiveImport, Unit: types.UnitOfMeasureKW},
	}}}
}

// The whole of a charging session, begun and ended from afar, with the connection lost in the middle.
// Specification: OCPP 2.0.1 part 2 section E.
func TestOcppGo16ChargesOverAReconnect(t *testing.T) {
	t.Parallel()
	const id = "GO16-CHARGES"
	createThing(t, id)
	seen := observe(t, id)
	cp, commands := connect16(t, id)
	boot16(t, cp)
	if _, err := cp.StatusNotification(1, core.NoError, core.ChargePointStatusAvailable); err != nil {
		t.Fatal(err)
	}
	if authorized, err := cp.Authorize("TAG-1"); err != nil || authorized.IdTagInfo.Status != types.AuthorizationStatusAccepted {
		t.Fatalf("authorize: %+v %v", authorized, err)
	}

	start := call(t, http.MethodPost, "/remote-start", fmt.Sprintf(`{"chargePointId":%q,"idTag":"TAG-1","connectorId":1}`, id), "Prefer", "wait=15").want(t, http.StatusOK)
	if start.text("state") != "accepted" || start.text("result.status") != "Accepted" {
		t.Fatalf("remote start: %v", start.Body)
	}
	if connector := <-commands.started; connector != 1 {
		t.Errorf("the charge point was asked for connector %d", connector)
	}

	began := time.Now().Add(-10 * time.Minute).Truncate(time.Second)
	started, err := cp.StartTransaction(1, "TAG-1", 1000, types.NewDateTime(began))
	if err != nil || started.IdTagInfo.Status != types.AuthorizationStatusAccepted || started.TransactionId <= 0 {
		t.Fatalf("start: %+v %v", started, err)
	}
	again, err := cp.StartTransaction(1, "TAG-1", 1000, types.NewDateTime(began))
	if err != nil || again.TransactionId != started.TransactionId {
		t.Fatalf("the same start again is transaction %d, was %d (%v)", again.TransactionId, started.TransactionId, err)
	}
	inTransaction := func(request *core.MeterValuesRequest) { request.TransactionId = &started.TransactionId }
	if _, err := cp.MeterValues(1, meter(began.Add(time.Minute), 1500), inTransaction); err != nil {
		t.Fatal(err)
	}

	cp.Stop() // the connection is lost inside the transaction
	eventually(t, func() string {
		if got := call(t, http.MethodGet, "/charge-points/"+id, ""); got.text("connected") != "false" {
			return fmt.Sprintf("still connected: %v", got.Body)
		}
		return ""
	})
	cp, commands = connect16(t, id) // and comes back without a boot
	if _, err := cp.MeterValues(1, meter(began.Add(2*time.Minute), 2500), inTransaction); err != nil {
		t.Fatal(err)
	}

	transactionID := strconv.Itoa(started.TransactionId)
	stop := call(t, http.MethodPost, "/remote-stop", fmt.Sprintf(`{"chargePointId":%q,"transactionId":%s,"expiresInSeconds":60}`, id, transactionID), "Prefer", "wait=20").want(t, http.StatusOK)
	if stop.text("state") != "accepted" {
		t.Fatalf("remote stop: %v", stop.Body)
	}
	if stopped := <-commands.stopped; stopped != started.TransactionId {
		t.Errorf("the charge point was asked to stop %d", stopped)
	}
	ended := began.Add(3 * time.Minute)
	if _, err := cp.StopTransaction(3000, types.NewDateTime(ended), started.TransactionId, func(request *core.StopTransactionRequest) { request.Reason = core.ReasonRemote }); err != nil {
		t.Fatal(err)
	}

	eventually(t, func() string {
		got := call(t, http.MethodGet, "/charge-points/"+id+"/transactions/"+transactionID, "")
		if got.text("state") != "Ended" || got.text("energyWh") != "2000" || got.text("stopReason") != "Remote" || len(got.list("meterValues")) != 2 {
			return fmt.Sprintf("transaction: %v", got.Body)
		}
		return ""
	})
	if all := call(t, http.MethodGet, "/charge-points/"+id+"/transactions", "").list("transactions"); len(all) != 1 {
		t.Errorf("%d transactions, want the one: %v", len(all), all)
	}
	eventually(t, func() string {
		if len(seen.frames("in ")) < 8 || len(seen.frames(`"RemoteStartTransaction"`)) != 1 {
			return fmt.Sprintf("the mirror showed %d frames in, and %v", len(seen.frames("in ")), seen.frames("out "))
		}
		return ""
	})
	thing := id
	shadow, err := shadows().GetThingShadow(t.Context(), &iotdataplane.GetThingShadowInput{ThingName: &thing})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"vendorName":"ACME"`, `"lastCompletedTransaction":`, `"stoppedReason":"Remote"`, `"eventType":"Ended"`} {
		if !contains(shadow.Payload, want) {
			t.Errorf("the shadow lacks %s: %s", want, shadow.Payload)
		}
	}
	if contains(shadow.Payload, `"activeTransaction":{`) {
		t.Errorf("the shadow shows a transaction that has ended: %s", shadow.Payload)
	}
}
