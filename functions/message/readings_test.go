package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/dynamo"
	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// desk takes readings, and shows frames.
type desk struct {
	to        Readings
	mirrored  []string
	err       error // of keeping
	mirrorErr error
}

func (d *desk) Keep(ctx context.Context, event transaction.Event, exchange dynamo.Exchange) error {
	if d.err != nil {
		return d.err
	}
	return d.to.Keep(ctx, event, exchange)
}

func (d *desk) In(_ context.Context, chargePointID string, frame []byte) error {
	d.mirrored = append(d.mirrored, chargePointID+" "+string(frame))
	return d.mirrorErr
}

// withReadings gives a rig what keeps readings, and the store to look at them.
func withReadings(r *rig) (*desk, *dynamo.Readings) {
	store := dynamo.NewReadings(dynamotest.Client(), dynamotest.Table(r.t, "MeterValueTable"))
	d := &desk{to: &dynamo.Samples{Readings: store}}
	r.handler.Readings, r.handler.Mirror = d, d
	return d, store
}

const (
	reading16   = `[2,"m","MeterValues",{"connectorId":1,"transactionId":42,"meterValue":[{"timestamp":"2026-03-01T12:00:00Z","sampledValue":[{"value":"600"}]}]}]`
	readings201 = `"timestamp":"2026-03-01T12:00:00Z","seqNo":3,"transactionInfo":{"transactionId":"T1","chargingState":"Charging"},"meterValue":[{"timestamp":"2026-03-01T12:00:00Z","sampledValue":[{"value":600}]}]`
)

// Readings are stored and shown before they are answered, and nothing is left for the journal.
func TestReadingsNeedNoJournal(t *testing.T) {
	for _, test := range []struct{ name, protocol, frame, transactionID string }{
		{"of a transaction, 1.6", "ocpp1.6", reading16, "42"},
		{"of none, 1.6", "ocpp1.6", strings.Replace(reading16, `"transactionId":42,`, "", 1), dynamo.WithoutTransaction("1")},
		{"of a transaction, 2.x", "ocpp2.0.1", `[2,"m","TransactionEvent",{"eventType":"Updated","triggerReason":"MeterValuePeriodic",` + readings201 + `}]`, "T1"},
		{"by the clock, 2.x", "ocpp2.1", `[2,"m","TransactionEvent",{"eventType":"Updated","triggerReason":"MeterValueClock",` + readings201 + `}]`, "T1"},
		{"a minute after its time", "ocpp1.6", strings.ReplaceAll(reading16, "12:00:00", "11:59:00"), "42"},
		{"by a clock that is ahead", "ocpp2.0.1", `[2,"m","TransactionEvent",{"eventType":"Updated","triggerReason":"MeterValuePeriodic",` + strings.ReplaceAll(readings201, "12:00:00", "13:00:00") + `}]`, "T1"},
		{"of none, and long ago, 1.6", "ocpp1.6", strings.Replace(strings.Replace(reading16, "12:00:00", "11:00:00", 1), `"transactionId":42,`, "", 1), dynamo.WithoutTransaction("1")},
		{"of none, 2.x", "ocpp2.0.1", `[2,"m","MeterValues",{"evseId":1,"meterValue":[{"timestamp":"2026-03-01T12:00:00Z","sampledValue":[{"value":600}]}]}]`, dynamo.WithoutTransaction("1")},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t)
			r.protocol = test.protocol
			d, store := withReadings(r)
			if answer := r.receive(test.frame); answer != `[3,"m",{}]` {
				t.Errorf("answered %s", answer)
			}
			kept, _, err := store.List(t.Context(), cp001, test.transactionID, "", 10)
			if err != nil || len(kept) != 1 || kept[0].Values[0].Value != "600" {
				t.Errorf("kept %+v, %v", kept, err)
			}
			if len(r.records) != 0 || !slices.Equal(d.mirrored, []string{cp001 + " " + test.frame}) {
				t.Errorf("journaled %d, mirrored %q", len(r.records), d.mirrored)
			}
		})
	}
}

// A message that says more goes through the journal, and is shown behind it.
func TestWhatSaysMoreIsJournaled(t *testing.T) {
	for _, test := range []struct{ name, protocol, frame string }{
		{"something has changed", "ocpp2.0.1", `[2,"m","TransactionEvent",{"eventType":"Updated","triggerReason":"ChargingStateChanged",` + readings201 + `}]`},
		{"it was said late", "ocpp2.0.1", `[2,"m","TransactionEvent",{"eventType":"Updated","triggerReason":"MeterValuePeriodic","offline":true,` + readings201 + `}]`},
		{"it came late, 2.x", "ocpp2.0.1", `[2,"m","TransactionEvent",{"eventType":"Updated","triggerReason":"MeterValuePeriodic",` + strings.ReplaceAll(readings201, "12:00:00", "11:58:59") + `}]`},
		{"it came late, 1.6", "ocpp1.6", strings.ReplaceAll(reading16, "12:00:00", "11:58:59")},
		{"a start", "ocpp2.0.1", `[2,"m","TransactionEvent",{"eventType":"Started","triggerReason":"CablePluggedIn",` + readings201 + `}]`},
		{"no reading", "ocpp1.6", `[2,"m","MeterValues",{"connectorId":1,"meterValue":[]}]`},
		{"a status", "ocpp1.6", `[2,"m","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t)
			r.protocol = test.protocol
			d, _ := withReadings(r)
			if answer := r.receive(test.frame); answer != `[3,"m",{}]` {
				t.Errorf("answered %s", answer)
			}
			if len(r.records) != 1 || len(d.mirrored) != 0 {
				t.Errorf("journaled %d, mirrored %q", len(r.records), d.mirrored)
			}
		})
	}
}

// What cannot be stored or shown at once is not lost: the journal has it before the answer, or there is none.
func TestReadingsThatAreNotTakenAtOnceAreJournaled(t *testing.T) {
	for name, fail := range map[string]func(*desk){
		"not stored": func(d *desk) { d.err = errors.New("throttled") },
		"not shown":  func(d *desk) { d.mirrorErr = errors.New("throttled") },
		"panics":     func(d *desk) { d.to = nil },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			d, _ := withReadings(r)
			fail(d)
			if answer := r.receive(reading16); answer != `[3,"m",{}]` || len(r.records) != 1 || string(r.records[0].Message) != reading16 {
				t.Errorf("answered %s, journaled %d", answer, len(r.records))
			}
			r.journalErr = errors.New("no")
			if answer := r.receive(reading16); !strings.HasPrefix(answer, `[4,"m","InternalError",`) {
				t.Errorf("answered %s", answer)
			}
		})
	}
}

// One minute in fifteen the record, the shadow and integrators follow what the readings of a transaction say, once however many there are,
// as soon as the journal takes one.
func TestReadingsAreFollowed(t *testing.T) {
	r := newRig(t)
	withReadings(r)
	other := strings.Replace(reading16, `"transactionId":42`, `"transactionId":43`, 1)
	begin, journaled, minutes := r.clock.Truncate(time.Minute), map[string]int{}, map[int]bool{}
	for second := 0; second < 30*60; second += 20 {
		r.clock = begin.Add(time.Duration(second) * time.Second)
		for _, frame := range []string{reading16, other, strings.Replace(reading16, `"transactionId":42,`, "", 1)} {
			said := strings.Replace(frame, "2026-03-01T12:00:00Z", r.clock.Format(time.RFC3339), 1)
			if r.journalErr = nil; second%60 == 0 {
				r.journalErr = errors.New("no")
			}
			before := len(r.records)
			if answer := r.receive(said); strings.HasPrefix(answer, `[3,`) && len(r.records) > before {
				journaled[frame]++
				minutes[second/60] = true
			}
		}
	}
	if len(journaled) != 2 || journaled[reading16] != 2 || journaled[other] != 2 || len(minutes) != 2 {
		t.Errorf("in half an hour %v went through the journal, in the minutes %v", journaled, minutes)
	}
}
