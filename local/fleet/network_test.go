package fleet

import (
	"strings"
	"testing"
	"time"

	"github.com/serverless-ocpp/backend/shared/ocppj"
)

// What happens without connection is told afterwards, in order, and without a second boot.
func TestOffline(t *testing.T) {
	for _, version := range versions {
		run(t, version, nil, func(r *rig) {
			r.startRemotely()
			r.central.refuse = true
			r.central.lose()
			r.wait(24 * time.Hour) // the car leaves
			sent := len(r.central.frames)
			r.central.refuse = false
			r.wait(2 * time.Minute)
			tx := r.Ledger().Transactions()[0]
			if !tx.EndAnswered || len(r.calls("BootNotification")) != 1 {
				t.Fatalf("%s: %d boots, %+v", version, len(r.calls("BootNotification")), tx)
			}
			readings := 0
			for _, frame := range r.central.frames[sent:] {
				if frame.Action == "TransactionEvent" {
					if !strings.Contains(string(frame.Payload), `"offline":true`) {
						t.Errorf("not marked as told later: %s", frame.Payload)
					}
				}
				if frame.Action == "TransactionEvent" || frame.Action == "MeterValues" {
					readings++
				}
			}
			if readings < 5 {
				t.Errorf("%s: %d messages were kept", version, readings)
			}
			totals := r.Ledger().Totals()
			if totals.Refused < 100 || totals.Losses != 1 || totals.GivenUp != 0 {
				t.Errorf("%s: totals %+v", version, totals)
			}
		})
	}
}

// A station that is switched on in the course of the day has no outage before: the end of one would connect it early, and
// being switched on would then cut that connection under an open message.
func TestNoOutageBeforeItIsOn(t *testing.T) {
	const late = 6 * time.Hour
	for _, version := range versions {
		run(t, version, func(c *Config) { c.Outages, c.Boots = 100, morning.Add(late) }, func(r *rig) {
			r.wait(late - 2*time.Second)
			if len(r.central.targets) > 0 {
				t.Errorf("%s: %d connections before it was switched on", version, len(r.central.targets))
			}
			r.wait(late)
			totals := r.Ledger().Totals()
			if totals.Connects < 3 || totals.Connects-totals.Losses > 1 || totals.TimedOut > 0 {
				t.Errorf("%s: %+v", version, totals)
			}
		})
	}
}

// A transaction message that is not answered is repeated under its id; after the last attempt the next one has its turn.
func TestNoAnswer(t *testing.T) {
	for _, version := range versions {
		action := "TransactionEvent"
		if version == ocppj.V16 {
			action = "StartTransaction"
		}
		run(t, version, nil, func(r *rig) {
			unanswered := 0
			r.central.mute = func(called string) bool {
				if called != action || unanswered == maxFailures {
					return false
				}
				unanswered++
				return true
			}
			start, payload := words(version, `RemoteStartTransaction {"idTag":"CARD","connectorId":1}`,
				`RequestStartTransaction {"remoteStartId":77,"evseId":1,"idToken":{"idToken":"CARD","type":"ISO14443"}}`)
			r.order(start, payload)
			r.wait(time.Hour)
			attempts := map[string]int{}
			for _, frame := range r.calls(action) {
				attempts[frame.ID]++
			}
			if first := r.calls(action)[0].ID; attempts[first] != maxFailures {
				t.Errorf("%s: %d attempts", version, attempts[first])
			}
			totals := r.Ledger().Totals()
			if totals.TimedOut != maxFailures || totals.GivenUp != 1 {
				t.Errorf("%s: totals %+v", version, totals)
			}
			if version == ocppj.V16 && !r.said("MeterValues", `"transactionId":-1`) {
				t.Error("1.6 made up a transaction id")
			}
		})
	}
}

// Hooks see, change and answer.
func TestHooks(t *testing.T) {
	seen, dropped := 0, 0
	states := map[string]bool{}
	hooks := Hooks{
		Frame: func(string, bool, []byte) { seen++ },
		Send: func(_ string, frame []byte) []byte {
			if strings.Contains(string(frame), "Heartbeat") {
				dropped++
				return nil
			}
			return frame
		},
		Command: func(_ string, call ocppj.Frame) (Reply, bool) {
			switch call.Action {
			case "ClearCache":
				return Reply{Payload: status("Rejected")}, true
			case "GetLocalListVersion":
				return Reply{ErrorCode: "InternalError", Delay: 500 * time.Millisecond}, true
			}
			return Reply{}, false
		},
		State: func(_ string, _ int, status string) { states[status] = true },
	}
	run(t, ocppj.V201, func(c *Config) { c.Hooks = hooks }, func(r *rig) {
		if got := r.order("ClearCache", `{}`); got["status"] != "Rejected" {
			t.Errorf("ClearCache: %v", got)
		}
		if got := r.raw("GetLocalListVersion", `{}`); got.ErrorCode != "InternalError" {
			t.Errorf("GetLocalListVersion: %+v", got)
		}
		r.startRemotely()
		r.wait(20 * time.Minute)
		if seen == 0 || dropped == 0 || !states["Preparing"] || !states["Charging"] || len(r.calls("Heartbeat")) != 0 {
			t.Errorf("%d frames seen, %d dropped, states %v", seen, dropped, states)
		}
		commands := r.Ledger().Commands()
		if len(commands) != 3 || commands[0].Action != "ClearCache" || string(commands[0].Answer) != `{"status":"Rejected"}` || commands[1].ErrorCode != "InternalError" {
			t.Errorf("ledger %+v", commands)
		}
	})
}

// A token that the central system refuses gives no energy, at once or, when charging had begun, from then on.
func TestRefusedTokens(t *testing.T) {
	for _, version := range versions {
		refusal := map[string]string{"Authorize": `{"idTokenInfo":{"status":"Blocked"}}`}
		late := map[string]string{"TransactionEvent": `{"idTokenInfo":{"status":"Blocked"}}`}
		if version == ocppj.V16 {
			refusal = map[string]string{"Authorize": `{"idTagInfo":{"status":"Blocked"}}`}
			late = map[string]string{"StartTransaction": `{"transactionId":1,"idTagInfo":{"status":"Blocked"}}`}
		}
		run(t, version, func(c *Config) { c.Visits = 10 }, func(r *rig) {
			r.central.answers = refusal
			r.wait(12 * time.Hour)
			if tx := r.Ledger().Transactions(); len(tx) != 0 || len(r.calls("Authorize")) == 0 {
				t.Errorf("%s: charged all the same: %+v", version, tx)
			}
		})
		run(t, version, nil, func(r *rig) {
			r.central.answers = late
			r.startRemotely()
			r.wait(time.Minute)
			if tx := r.Ledger().Transactions()[0]; tx.Reason != "DeAuthorized" || !tx.EndAnswered {
				t.Errorf("%s: %+v", version, tx)
			}
		})
	}
}
