package e2e

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

// burst is how many messages a charge point kept while it was offline: a day of readings every seven minutes.
const burst = 200

// A charge point that comes back sends what it kept at once, without waiting for answers. Each message is answered, and
// they end in one record with every reading (OCPP 1.6 section 3.7, OCPP 2.0.1 part 2 E12 and E13).
func TestOfflineBurst(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	at := func(i int) string { return began.Add(time.Duration(i) * time.Minute).Format(time.RFC3339) }
	for _, test := range []struct {
		version string
		// start begins the transaction and returns its id.
		start func(cp *socket) string
		// message is the i-th of a transaction, 1 to burst; the last one ends it.
		message func(transaction string, i int) string
	}{
		{
			version: "ocpp1.6",
			start: func(cp *socket) string {
				return start16(cp, "start", fmt.Sprintf(`{"connectorId":1,"idTag":"TAG","meterStart":1000,"timestamp":%q}`, at(0)))
			},
			message: func(transaction string, i int) string {
				if i == burst {
					return fmt.Sprintf(`[2,"m%d","StopTransaction",{"transactionId":%s,"meterStop":%d,"timestamp":%q}]`, i, transaction, 1000+10*i, at(i))
				}
				return fmt.Sprintf(`[2,"m%d","MeterValues",{"connectorId":1,"transactionId":%s,"meterValue":[{"timestamp":%q,"sampledValue":[{"value":"%d"}]}]}]`, i, transaction, at(i), 1000+10*i)
			},
		},
		{
			version: "ocpp2.0.1",
			start: func(cp *socket) string {
				cp.send(fmt.Sprintf(`[2,"m0","TransactionEvent",{"eventType":"Started","timestamp":%q,"triggerReason":"Authorized","seqNo":0,"offline":true,
					"evse":{"id":1,"connectorId":1},"idToken":{"idToken":"TAG","type":"ISO14443"},"transactionInfo":{"transactionId":"kept"},
					"meterValue":[{"timestamp":%q,"sampledValue":[{"value":1000,"context":"Transaction.Begin"}]}]}]`, at(0), at(0)))
				return "kept" // without waiting for the answer
			},
			message: func(transaction string, i int) string {
				kind, context := "Updated", "Sample.Periodic"
				if i == burst {
					kind, context = "Ended", "Transaction.End"
				}
				return fmt.Sprintf(`[2,"m%d","TransactionEvent",{"eventType":%q,"timestamp":%q,"triggerReason":"MeterValuePeriodic","seqNo":%d,"offline":true,
					"transactionInfo":{"transactionId":%q},"meterValue":[{"timestamp":%q,"sampledValue":[{"value":%d,"context":%q}]}]}]`,
					i, kind, at(i), i, transaction, at(i), 1000+10*i, context)
			},
		},
	} {
		t.Run(test.version, func(t *testing.T) {
			t.Parallel()
			id := strings.ReplaceAll("BURST-"+test.version, ".", "_")
			createThing(t, id)
			connect(t, id, test.version).boot()
			cp := connect(t, id, test.version) // back again
			transaction := test.start(cp)
			pending := map[string]bool{}
			if test.version != "ocpp1.6" {
				pending["m0"] = true
			}
			for i := 1; i <= burst; i++ {
				cp.send(test.message(transaction, i))
				pending[fmt.Sprintf("m%d", i)] = true
			}
			answered := regexp.MustCompile(`^\[3,"(m\d+)",\{`)
			for len(pending) > 0 {
				frame := cp.receive()
				match := answered.FindStringSubmatch(frame)
				if match == nil || !pending[match[1]] {
					t.Fatalf("received %s while %d messages are not answered", frame, len(pending))
				}
				delete(pending, match[1])
			}

			readings := burst - 1 // the meter at the start and the end stands in the messages themselves
			if test.version != "ocpp1.6" {
				readings = burst + 1
			}
			eventually(t, func() string {
				got := call(t, http.MethodGet, "/charge-points/"+id+"/transactions/"+transaction+"?limit=200", "")
				stored := len(got.list("meterValues"))
				if cursor := got.text("nextCursor"); cursor != "" {
					stored += len(call(t, http.MethodGet, "/charge-points/"+id+"/transactions/"+transaction+"?limit=200&cursor="+cursor, "").list("meterValues"))
				}
				if got.text("state") != "Ended" || got.text("energyWh") != fmt.Sprint(10*burst) || got.text("durationSeconds") != fmt.Sprint(60*burst) ||
					got.text("idToken") != "TAG" || got.text("doubts") != "" || stored != readings {
					delete(got.Body, "meterValues")
					return fmt.Sprintf("%d readings, want %d, of %v", stored, readings, got.Body)
				}
				return ""
			})
			if all := call(t, http.MethodGet, "/charge-points/"+id+"/transactions", "").list("transactions"); len(all) != 1 {
				t.Errorf("%d transactions, want the one: %v", len(all), all)
			}
		})
	}
}

// A StartTransaction whose answer got lost comes again over the next connection, under its message id or a new one
// (OCPP 1.6 section 3.7.1, OCPP-J 1.6 errata 3.1). It is the same transaction.
func TestStartRepeatedOverAReconnect(t *testing.T) {
	t.Parallel()
	const id, payload = "REPEATS-START", `{"connectorId":1,"idTag":"TAG","meterStart":1000,"timestamp":"2026-03-01T10:00:00Z"}`
	createThing(t, id)
	cp := connect(t, id, "ocpp1.6")
	cp.boot()
	cp.send(`[2,"first","StartTransaction",` + payload + `]`)
	cp.conn.CloseNow() // before the answer can have come
	transactions := map[string]bool{}
	for _, messageID := range []string{"second", "second", "first"} {
		cp = connect(t, id, "ocpp1.6")
		transactions[start16(cp, messageID, payload)] = true
	}
	if len(transactions) != 1 {
		t.Fatalf("one start became the transactions %v", transactions)
	}
	all := told(t, "/charge-points/"+id+"/transactions", "transactions", 1)
	if !transactions[fmt.Sprint(all[0]["transactionId"])] {
		t.Errorf("the charge point was told %v, stored is %v", transactions, all)
	}
}

// The end of a transaction of which nothing is known is acknowledged however often it comes (OCPP 1.6 section 4.10), and kept
// for an operator to see. So is the end of one whose start was never answered, which has the id -1 (OCPP 1.6 errata 3.18):
// two of them that end at one moment are two.
func TestStopOfAnUnknownTransaction(t *testing.T) {
	t.Parallel()
	const id = "STOPS-UNKNOWN"
	createThing(t, id)
	cp := connect(t, id, "ocpp1.6")
	cp.boot()
	for i, transaction := range []string{`"transactionId":815,"meterStop":500`, `"transactionId":815,"meterStop":500`, `"transactionId":-1,"meterStop":600`, `"transactionId":-1,"meterStop":700`, `"transactionId":-1,"meterStop":700`} {
		cp.send(fmt.Sprintf(`[2,"%d","StopTransaction",{%s,"timestamp":"2026-03-01T11:00:00Z"}]`, i, transaction))
		cp.want(fmt.Sprintf(`[3,"%d",{}]`, i))
	}
	for _, transaction := range told(t, "/charge-points/"+id+"/transactions", "transactions", 3) {
		if transaction["state"] != "Ended" || fmt.Sprint(transaction["doubts"]) != "[startMissing]" || transaction["meterStopWh"] == nil {
			t.Errorf("kept is %v", transaction)
		}
	}
}

// What is odd about a transaction stands on its record; the charge point is acknowledged all the same.
// Specification: OCPP 1.6 sections 3.7.1, 4.8, 4.10 and 3.7; E13.
func TestDoubtsAreShown(t *testing.T) {
	t.Parallel()
	const id = "DOUBTFUL"
	createThing(t, id)
	cp := connect(t, id, "ocpp1.6")
	cp.boot()
	forgotten := start16(cp, "1", `{"connectorId":1,"idTag":"TAG","meterStart":1000,"timestamp":"2026-03-01T10:00:00Z"}`)
	backwards := start16(cp, "2", `{"connectorId":1,"idTag":"TAG","meterStart":2000,"timestamp":"2026-03-01T11:00:00Z"}`)
	cp.send(`[2,"3","StopTransaction",{"transactionId":` + backwards + `,"meterStop":1500,"timestamp":"2026-03-01T12:00:00Z"}]`)
	cp.want(`[3,"3",{}]`)
	for transaction, want := range map[string]string{forgotten: "Active [superseded] " + backwards, backwards: "Ended [meterBackwards] "} {
		eventually(t, func() string {
			got := call(t, http.MethodGet, "/charge-points/"+id+"/transactions/"+transaction, "")
			if said := fmt.Sprintf("%s %s %s", got.text("state"), got.text("doubts"), got.text("supersededBy")); said != want {
				return fmt.Sprintf("%s, want %s: %v", said, want, got.Body)
			}
			return ""
		})
	}
}

// start16 starts a transaction and returns the id that it was given.
func start16(cp *socket, messageID, payload string) string {
	cp.t.Helper()
	cp.send(fmt.Sprintf(`[2,%q,"StartTransaction",%s]`, messageID, payload))
	started := regexp.MustCompile(`"transactionId":(\d+)`).FindStringSubmatch(cp.want(fmt.Sprintf(`[3,%q,`, messageID)))
	if started == nil {
		cp.t.Fatal("a start was answered without a transaction id")
	}
	return started[1]
}
