package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"github.com/serverless-ocpp/backend/shared/event"
	"github.com/serverless-ocpp/backend/shared/event/eventtest"
	"github.com/serverless-ocpp/backend/shared/transaction"
)

// listener collects the events of a charge point, each checked against its schema.
type listener struct {
	mutex  sync.Mutex
	events []event.Event
	texts  []string
}

func listen(t *testing.T, o *observer, id string) *listener {
	t.Helper()
	l := &listener{}
	wait(t, o.client.Subscribe("ocpp/"+id+"/+", 1, func(_ paho.Client, message paho.Message) {
		name := event.Name(message.Topic()[strings.LastIndex(message.Topic(), "/")+1:])
		if err := eventtest.Validate(name, message.Payload()); err != nil {
			t.Errorf("%s: %v", message.Payload(), err)
		}
		var e event.Event
		if err := json.Unmarshal(message.Payload(), &e); err != nil {
			t.Error(err)
		}
		l.mutex.Lock()
		defer l.mutex.Unlock()
		l.events, l.texts = append(l.events, e), append(l.texts, string(message.Payload()))
	}))
	return l
}

// about waits for an event of that name whose text has all of the parts.
func (l *listener) about(t *testing.T, name event.Name, parts ...string) {
	t.Helper()
	eventually(t, func() string { return l.lacks(name, parts...) })
}

// lacks is "" if there is such an event.
func (l *listener) lacks(name event.Name, parts ...string) string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	for i, e := range l.events {
		missing := func(part string) bool { return !strings.Contains(l.texts[i], part) }
		if e.Name == name && !slices.ContainsFunc(parts, missing) {
			return ""
		}
	}
	return fmt.Sprintf("no event %s about %q in\n%s", name, parts, strings.Join(l.texts, "\n"))
}

// all is what was heard so far.
func (l *listener) all() []string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return slices.Clone(l.texts)
}

// followed completes the name of a charge point so that integrators are told of its readings from some time within the next
// twenty seconds on, for as long.
func followed(name string) string {
	from, until := time.Now(), time.Now().Add(20*time.Second)
	if from.Truncate(time.Minute) != until.Truncate(time.Minute) {
		from = until
	}
	for n := 0; ; n++ {
		if id := fmt.Sprintf("%s-%d", name, n); transaction.FollowedAt(id, from) {
			return id
		}
	}
}

// Integrators learn of a whole session of charging on topics, from the connection to its end, and never see a key.
func TestEventsOfASession(t *testing.T) {
	t.Parallel()
	id := followed("EVENTS")
	createThing(t, id)
	observer := observe(t, id)
	heard := listen(t, observer, id)
	now := func() string { return time.Now().UTC().Format(time.RFC3339) }

	cp := connect(t, id, "ocpp1.6")
	cp.boot()
	heard.about(t, event.Connected, `"protocol":"ocpp1.6"`)
	heard.about(t, event.Booted, `"vendorName":"ACME"`)
	cp.send(`[2,"s","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]`)
	cp.want(`[3,"s",`)
	heard.about(t, event.StatusChanged, `"connector":"1"`, `"status":"Available"`)

	started := call(t, http.MethodPost, "/remote-start", fmt.Sprintf(remoteStart, id)).want(t, http.StatusAccepted).text("commandId")
	cp.call()
	cp.send(`[3,"` + started + `",{"status":"Accepted"}]`)
	heard.about(t, event.CommandFinished, `"commandId":"`+started+`"`, `"state":"accepted"`, `"operation":"remote-start"`)
	transaction := start16(cp, "t", `{"connectorId":1,"idTag":"TAG","meterStart":100,"timestamp":"`+now()+`"}`)
	heard.about(t, event.TransactionStarted, `"transactionId":"`+transaction+`"`)
	eventually(t, func() string { // those of one minute are told of, which is about to come
		cp.send(`[2,"m","MeterValues",{"connectorId":1,"transactionId":` + transaction + `,"meterValue":[{"timestamp":"` + now() + `","sampledValue":[{"value":"600"}]}]}]`)
		cp.want(`[3,"m",`)
		return heard.lacks(event.TransactionUpdated, `"transactionId":"`+transaction+`"`, `"energyWh":500`)
	})
	cp.send(`[2,"e","StopTransaction",{"transactionId":` + transaction + `,"meterStop":1100,"timestamp":"` + now() + `"}]`)
	cp.want(`[3,"e",`)
	heard.about(t, event.TransactionEnded, `"transactionId":"`+transaction+`"`, `"energyWh":1000`)
	// The start and what it led to know each other.
	if got := call(t, http.MethodGet, "/charge-points/"+id+"/commands/"+started, ""); got.text("transactionId") != transaction {
		t.Errorf("the remote start: %v", got.Body)
	}
	if got := call(t, http.MethodGet, "/charge-points/"+id+"/transactions/"+transaction, ""); got.text("commandId") != started {
		t.Errorf("the transaction: %v", got.Body)
	}

	call(t, http.MethodPost, "/charge-points/"+id+"/key-rotation", "").want(t, http.StatusAccepted)
	rotation, _, payload := cp.call()
	key := fmt.Sprint(payload["value"])
	cp.send(`[3,"` + rotation + `",{"status":"Accepted"}]`)
	heard.about(t, event.CommandFinished, `"commandId":"`+rotation+`"`, `"operation":"key-rotation"`)
	call(t, http.MethodPost, "/charge-points/"+id+"/log", `{"type":"diagnostics","location":"ftp://depot:hidden@example.com/"}`).want(t, http.StatusAccepted)
	upload, _, payload := cp.call()
	if location := fmt.Sprint(payload["location"]); location != "ftp://depot:hidden@example.com/" {
		t.Errorf("the charge point is sent %v", payload)
	}
	cp.send(`[3,"` + upload + `",{"fileName":"log.zip"}]`)
	heard.about(t, event.CommandFinished, `"commandId":"`+upload+`"`)
	cp.send(`[2,"x","SecurityEventNotification",{"type":"SettingSystemTime","timestamp":"` + now() + `"}]`)
	cp.want(`[3,"x",`)
	heard.about(t, event.SecurityReported, `"SettingSystemTime"`)
	cp.conn.CloseNow()
	heard.about(t, event.Disconnected)

	// Neither topics nor what is kept has a secret in it.
	seen := strings.Join(slices.Concat(heard.all(), observer.frames("")), "\n")
	for _, path := range []string{"/commands", "/messages"} {
		kept, err := json.Marshal(call(t, http.MethodGet, "/charge-points/"+id+path, "").want(t, http.StatusOK).Body)
		if err != nil {
			t.Fatal(err)
		}
		seen += "\n" + string(kept)
	}
	for _, secret := range []string{key, "hidden"} {
		if strings.Contains(seen, secret) {
			t.Errorf("%s is shown:\n%s", secret, seen)
		}
	}
	if strings.Count(seen, "ftp://depot:***@example.com/") < 3 {
		t.Errorf("the location is not shown where it should be:\n%s", seen)
	}
}
