package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/serverless-ocpp/backend/shared/chargepoint"
	"github.com/serverless-ocpp/backend/shared/command"
	"github.com/serverless-ocpp/backend/shared/dynamo/dynamotest"
	"github.com/serverless-ocpp/backend/shared/reservation"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// tables is what all tables hold, without the times at which rows go, which are of our clock.
func (r *rig) tables() map[string][]string {
	r.t.Helper()
	all := make(map[string][]string)
	for table, name := range r.names {
		rows, err := dynamotest.Client().Scan(r.t.Context(), &dynamodb.ScanInput{TableName: &name})
		r.must(err)
		for _, row := range rows.Items {
			delete(row, "ttl")
			var members []string
			for _, member := range slices.Sorted(maps.Keys(row)) {
				value, err := json.Marshal(row[member])
				r.must(err)
				members = append(members, member+" "+string(value))
			}
			all[table] = append(all[table], strings.Join(members, ", "))
		}
		slices.Sort(all[table])
	}
	return all
}

// outside is what everybody else was told, once each.
func (r *rig) outside() []string {
	seen := slices.Concat(r.mirrored, r.posted)
	for _, told := range r.told {
		text, err := json.Marshal(told)
		r.must(err)
		seen = append(seen, string(text))
	}
	for _, finished := range r.finished {
		seen = append(seen, fmt.Sprintf("finished %+v", finished))
	}
	for _, submitted := range r.submitted {
		seen = append(seen, "submitted "+submitted.ID)
	}
	slices.Sort(seen)
	return slices.Compact(seen)
}

// Whichever call of AWS fails, the record comes back, and handled again it has the effects of one that succeeds at once: nothing is
// left out, and nothing is done twice.
func TestAnyCallMayFail(t *testing.T) {
	const started = `"timestamp":"2026-03-01T11:00:00Z"`
	nothing := func(*rig) {}
	begun := func(r *rig) {
		r.must(r.transactions.Begin(r.t.Context(), transaction.Transaction{ChargePointID: "CP001", ID: "42", StartedAt: now}))
	}
	asked := func(operation, action, payload string) func(*rig) {
		return func(r *rig) { r.order16("c1", operation, action, payload) }
	}
	for _, test := range []struct {
		name, protocol  string
		before          func(r *rig)
		message, answer string
		least           int // calls
	}{
		{"boot", "ocpp1.6", func(r *rig) {
			r.must(r.connectors.Put(r.t.Context(), chargepoint.Connector{ChargePointID: "CP001", Connector: "1#1", Status: "Available", ReceivedAt: now.Add(-time.Hour)}))
		}, `[2,"1","BootNotification",{"chargePointVendor":"ACME","chargePointModel":"X1"}]`, `[3,"1",{"status":"Accepted"}]`, 7},
		{"status", "ocpp1.6", nothing, `[2,"1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]`, `[3,"1",{}]`, 4},
		{"start", "ocpp1.6", func(r *rig) {
			begun(r)
			r.order(command.Command{ID: "c1", Action: "RemoteStartTransaction", Protocol: "ocpp1.6", Payload: json.RawMessage(`{"connectorId":1,"idTag":"TAG"}`)})
			r.must(r.reservations.Put(r.t.Context(), reservation.Reservation{ChargePointID: "CP001", ID: 7, Connector: "1", IDToken: "TAG", ExpiresAt: now.Add(time.Hour), State: reservation.Reserved, CommandID: "r1", ChangedAt: now}))
			_, _, err := r.connectors.Occupy(r.t.Context(), "CP001", "1", "41", now.Add(-time.Hour))
			r.must(err)
			r.must(r.transactions.Put(r.t.Context(), transaction.Transaction{ChargePointID: "CP001", ID: "41", State: transaction.Active, StartedAt: now.Add(-time.Hour)}))
		}, `[2,"1","StartTransaction",{"connectorId":1,"idTag":"TAG","meterStart":0,"reservationId":7,"timestamp":"2026-03-01T12:00:00Z"}]`, `[3,"1",{"transactionId":42,"idTagInfo":{"status":"Accepted"}}]`, 12},
		{"readings", "ocpp1.6", begun, `[2,"1","MeterValues",{"connectorId":1,"transactionId":42,"meterValue":[{` + started + `,"sampledValue":[{"value":"7"}]}]}]`, `[3,"1",{}]`, 6},
		{"readings of no transaction", "ocpp1.6", nothing, `[2,"1","MeterValues",{"connectorId":1,"meterValue":[{` + started + `,"sampledValue":[{"value":"7"}]}]}]`, `[3,"1",{}]`, 3},
		{"end", "ocpp1.6", begun, `[2,"1","StopTransaction",{"transactionId":42,"meterStop":10,"timestamp":"2026-03-01T12:30:00Z","transactionData":[{` + started + `,"sampledValue":[{"value":"7"}]}]}]`, `[3,"1",{"idTagInfo":{"status":"Accepted"}}]`, 9},
		{"event", "ocpp2.0.1", nothing, `[2,"1","TransactionEvent",{"eventType":"Started",` + started + `,"triggerReason":"Authorized","seqNo":0,"transactionInfo":{"transactionId":"T"},"evse":{"id":1,"connectorId":1},"meterValue":[{` + started + `,"sampledValue":[{"value":7}]}]}]`, `[3,"1",{}]`, 7},
		{"variables", "ocpp2.0.1", nothing, `[2,"1","NotifyReport",{"requestId":1,"generatedAt":"2026-03-01T11:00:00Z","seqNo":0,"reportData":[{"component":{"name":"C"},"variable":{"name":"V"},"variableAttribute":[{"value":"1"}]}]}]`, `[3,"1",{}]`, 4},
		{"security event", "ocpp1.6", nothing, `[2,"1","SecurityEventNotification",{"type":"SettingSystemTime",` + started + `}]`, `[3,"1",{}]`, 4},
		{"end of a reservation", "ocpp2.0.1", func(r *rig) { r.reserve(reservation.Reserved) }, `[2,"1","ReservationStatusUpdate",{"reservationId":7,"reservationUpdateStatus":"Expired"}]`, `[3,"1",{}]`, 4},
		{"data", "ocpp1.6", nothing, `[2,"1","DataTransfer",{"vendorId":"com.example","data":"d"}]`, `[3,"1",{"status":"Accepted"}]`, 4},
		{"certificate request", "ocpp2.0.1", func(r *rig) { r.handler.Signer = &authority{} }, `[2,"1","SignCertificate",{"csr":"CSR"}]`, `[3,"1",{"status":"Accepted"}]`, 5},
		{"without an answer", "ocpp2.1", nothing, `[6,"1","NotifyPeriodicEventStream",{"id":1,"pending":0,"basetime":"2026-03-01T11:00:00Z","data":[{"t":0,"v":"1"}]}]`, ``, 3},
		{"security profile", "ocpp1.6", asked("security-profile", "ChangeConfiguration", `{"key":"SecurityProfile","value":"2"}`), `[3,"c1",{"status":"Accepted"}]`, ``, 8},
		{"list version", "ocpp1.6", asked("", "GetLocalListVersion", `{}`), `[3,"c1",{"listVersion":7}]`, ``, 7},
		{"reservation", "ocpp1.6", func(r *rig) { r.reserve(reservation.Requested) }, `[3,"c1",{"status":"Accepted"}]`, ``, 7},
		{"reservation that is cancelled", "ocpp1.6", func(r *rig) {
			r.reserve(reservation.Reserved)
			r.order16("cancel", "", "CancelReservation", `{"reservationId":7}`)
		}, `[3,"cancel",{"status":"Accepted"}]`, ``, 7},
		{"configuration", "ocpp1.6", asked("", "GetConfiguration", `{}`), `[3,"c1",{"configurationKey":[{"key":"K","readonly":false,"value":"1"}]}]`, ``, 7},
		{"refusal", "ocpp1.6", asked("", "Reset", `{"type":"Soft"}`), `[4,"c1","NotSupported","",{}]`, ``, 4},
	} {
		t.Run(test.name, func(t *testing.T) {
			body := record("CP001", test.protocol, test.message, test.answer)
			handle := func(r *rig) (back bool) {
				response, err := r.handler.Handle(t.Context(), events.SQSEvent{Records: []events.SQSMessage{r.sqsMessage("m", "CP001", body)}})
				r.must(err)
				return len(response.BatchItemFailures) > 0
			}
			well := newRig(t)
			test.before(well)
			before := well.trouble.Calls()
			if handle(well) {
				t.Fatal("the record came back although nothing failed")
			}
			wantTables, wantOutside, calls := well.tables(), well.outside(), well.trouble.Calls()-before
			if calls < test.least {
				t.Errorf("%d calls: the record does not what it is to show", calls)
			}
			for n := 1; n <= calls; n++ {
				r := newRig(t)
				test.before(r)
				r.trouble.Fail(n)
				if !handle(r) {
					t.Errorf("call %d of %d failed, and the record did not come back", n, calls)
					continue
				}
				if handle(r) {
					t.Errorf("call %d of %d failed, and the record came back twice", n, calls)
				}
				if tables := r.tables(); !maps.EqualFunc(tables, wantTables, slices.Equal) {
					t.Errorf("call %d of %d failed: the tables hold\n%v\nwant\n%v", n, calls, tables, wantTables)
				}
				if outside := r.outside(); !slices.Equal(outside, wantOutside) {
					t.Errorf("call %d of %d failed: others were told\n%v\nwant\n%v", n, calls, outside, wantOutside)
				}
			}
		})
	}
}
