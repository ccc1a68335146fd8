package mqtt_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"
	"github.com/serverless-ocpp/backend/local/mqtt"
)

// patience is how long a test waits for what must come; nothing that is right takes a tenth of it.
const patience = 5 * time.Second

func listen(t *testing.T) *mqtt.Broker {
	t.Helper()
	broker, err := mqtt.Listen(mqtt.Config{Address: "127.0.0.1:0", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	broker.Admit()
	t.Cleanup(func() {
		if err := broker.Close(); err != nil {
			t.Error(err)
		}
	})
	return broker
}

// connect returns a client that does not reconnect, and a channel that is closed when its connection is lost.
func connect(t *testing.T, broker *mqtt.Broker, id string, options ...func(*paho.ClientOptions)) (paho.Client, <-chan struct{}) {
	t.Helper()
	lost := make(chan struct{})
	o := paho.NewClientOptions().AddBroker("tcp://" + broker.Addr()).SetClientID(id).SetAutoReconnect(false).
		SetConnectionLostHandler(func(paho.Client, error) { close(lost) })
	for _, option := range options {
		option(o)
	}
	client := paho.NewClient(o)
	wait(t, client.Connect())
	t.Cleanup(func() { client.Disconnect(0) })
	return client, lost
}

func wait(t *testing.T, token paho.Token) {
	t.Helper()
	if !token.WaitTimeout(patience) {
		t.Fatal("the broker did not answer")
	}
	if err := token.Error(); err != nil {
		t.Fatal(err)
	}
}

func receive[T any](t *testing.T, from <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(patience):
		t.Fatalf("%s did not come", what)
		panic("unreachable")
	}
}

func subscribe(t *testing.T, client paho.Client, filter string) <-chan paho.Message {
	t.Helper()
	messages := make(chan paho.Message, 10)
	wait(t, client.Subscribe(filter, 1, func(_ paho.Client, m paho.Message) { messages <- m }))
	return messages
}

func TestPublishReachesSubscribersAndReceivers(t *testing.T) {
	broker := listen(t)
	received := make(chan mqtt.Message, 10)
	broker.OnMessage(func(m mqtt.Message) {
		if !strings.HasPrefix(m.Topic, "$") {
			received <- m
		}
	})
	client, _ := connect(t, broker, "integrator")
	messages := subscribe(t, client, "+/out")

	for _, test := range []struct {
		name, sender string
		publish      func()
	}{
		{"a client", "integrator", func() { wait(t, client.Publish("CP001/out", 1, false, `[2,"1","Reset",{}]`)) }},
		{"a client with QoS 0", "integrator", func() { wait(t, client.Publish("CP001/out", 0, false, `[2,"1","Reset",{}]`)) }},
		{"the broker", "", func() {
			if err := broker.Publish("CP001/out", []byte(`[2,"1","Reset",{}]`), 1); err != nil {
				t.Error(err)
			}
		}},
	} {
		test.publish()
		if m := receive(t, messages, test.name+"'s message"); string(m.Payload()) != `[2,"1","Reset",{}]` || m.Topic() != "CP001/out" {
			t.Errorf("%s: got %s on %s", test.name, m.Payload(), m.Topic())
		}
		if m := receive(t, received, test.name+"'s message"); m.ClientID != test.sender || string(m.Payload) != `[2,"1","Reset",{}]` {
			t.Errorf("%s: received %+v", test.name, m)
		}
	}
}

func TestReceiverMayPublish(t *testing.T) {
	broker := listen(t)
	broker.OnPublish(func(topic string, payload []byte) {
		if topic == "question" {
			if err := broker.Publish("answer", payload, 1); err != nil {
				t.Error(err)
			}
		}
	})
	client, _ := connect(t, broker, "asker")
	answers := subscribe(t, client, "answer")
	wait(t, client.Publish("question", 1, false, "42"))
	if m := receive(t, answers, "the answer"); string(m.Payload()) != "42" {
		t.Errorf("got %s", m.Payload())
	}
}

// TestClientsWaitForTheReceivers: one that connects as soon as the port is open loses nothing.
func TestClientsWaitForTheReceivers(t *testing.T) {
	broker, err := mqtt.Listen(mqtt.Config{Address: "127.0.0.1:0", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := broker.Close(); err != nil {
			t.Error(err)
		}
	})
	client := paho.NewClient(paho.NewClientOptions().AddBroker("tcp://" + broker.Addr()).SetClientID("early"))
	connected := client.Connect()
	if connected.WaitTimeout(200 * time.Millisecond) {
		t.Error("let in before there are receivers")
	}
	received := make(chan string, 1)
	broker.OnPublish(func(topic string, _ []byte) {
		if topic == "order" {
			received <- topic
		}
	})
	broker.Admit()
	wait(t, connected)
	defer client.Disconnect(0)
	wait(t, client.Publish("order", 1, false, "1"))
	receive(t, received, "the order")
}

// TestAcknowledgedIsWhatReceiversHave: whoever has the acknowledgement does not publish again.
func TestAcknowledgedIsWhatReceiversHave(t *testing.T) {
	broker := listen(t)
	received := make(chan struct{})
	broker.OnPublish(func(topic string, _ []byte) {
		if topic == "order" {
			<-received
		}
	})
	client, _ := connect(t, broker, "integrator")
	acknowledged := client.Publish("order", 1, false, "1")
	if acknowledged.WaitTimeout(200 * time.Millisecond) {
		t.Error("acknowledged before the receivers had it")
	}
	close(received)
	wait(t, acknowledged)
}

func TestRefusedMessagesEndTheConnection(t *testing.T) {
	broker := listen(t)
	broker.OnMessage(func(m mqtt.Message) {
		if m.ClientID != "" {
			t.Errorf("received %s", m.Topic)
		}
	})
	for name, publish := range map[string]func(paho.Client){
		"reserved topic":    func(c paho.Client) { c.Publish("$aws/events/thing/CP001/created", 0, false, "{}") },
		"eight slashes":     func(c paho.Client) { c.Publish("a/b/c/d/e/f/g/h/i", 1, false, "{}") },
		"QoS 2":             func(c paho.Client) { c.Publish("a", 2, false, "{}") },
		"more than 128 KB":  func(c paho.Client) { c.Publish("a", 0, false, bytes.Repeat([]byte("x"), mqtt.MaxPayload+1)) },
		"a huge packet":     func(c paho.Client) { c.Publish("a", 0, false, bytes.Repeat([]byte("x"), 1<<20)) },
		"shadow's own word": func(c paho.Client) { c.Publish("$aws/things/a/shadow/update/accepted", 1, false, "{}") },
	} {
		t.Run(name, func(t *testing.T) {
			client, lost := connect(t, broker, "offender")
			publish(client)
			receive(t, lost, "the disconnection")
		})
	}
}

func TestLargestMessagePasses(t *testing.T) {
	broker := listen(t)
	client, _ := connect(t, broker, "c")
	messages := subscribe(t, client, "a")
	wait(t, client.Publish("a", 1, false, bytes.Repeat([]byte("x"), mqtt.MaxPayload)))
	if m := receive(t, messages, "the message"); len(m.Payload()) != mqtt.MaxPayload {
		t.Errorf("%d bytes came", len(m.Payload()))
	}
	if err := broker.Publish("a", make([]byte, mqtt.MaxPayload+1), 0); !errors.Is(err, mqtt.ErrTooLarge) {
		t.Errorf("a larger one by the broker itself: %v", err)
	}
}

func TestSubscriptionToReservedTopicIsRefused(t *testing.T) {
	broker := listen(t)
	client, _ := connect(t, broker, "curious")
	token := client.Subscribe("$SYS/#", 0, nil)
	if !token.WaitTimeout(patience) {
		t.Fatal("no acknowledgement")
	}
	if code := token.(*paho.SubscribeToken).Result()["$SYS/#"]; code != 0x80 {
		t.Errorf("acknowledged with %#x", code)
	}
}

func TestPresenceEvents(t *testing.T) {
	broker := listen(t)
	watcher, _ := connect(t, broker, "watcher")
	events := subscribe(t, watcher, "$aws/events/presence/+/CP001")
	client, _ := connect(t, broker, "CP001")

	var connected, disconnected struct {
		ClientID, EventType, SessionIdentifier, IPAddress, DisconnectReason string
		ClientInitiatedDisconnect                                           bool
	}
	if err := json.Unmarshal(receive(t, events, "the connected event").Payload(), &connected); err != nil {
		t.Fatal(err)
	}
	if connected.ClientID != "CP001" || connected.EventType != "connected" || connected.IPAddress != "127.0.0.1" {
		t.Errorf("connected: %+v", connected)
	}
	client.Disconnect(uint(patience.Milliseconds())) // returns when the goodbye is sent
	event := receive(t, events, "the disconnected event")
	if err := json.Unmarshal(event.Payload(), &disconnected); err != nil {
		t.Fatal(err)
	}
	if event.Topic() != "$aws/events/presence/disconnected/CP001" || !disconnected.ClientInitiatedDisconnect ||
		disconnected.DisconnectReason != "CLIENT_INITIATED_DISCONNECT" || disconnected.SessionIdentifier != connected.SessionIdentifier {
		t.Errorf("disconnected: %s", event.Payload())
	}
}

func TestSecondClientOfOneIDReplacesTheFirst(t *testing.T) {
	broker := listen(t)
	watcher, _ := connect(t, broker, "watcher")
	events := subscribe(t, watcher, "$aws/events/presence/disconnected/CP001")
	_, lost := connect(t, broker, "CP001")
	connect(t, broker, "CP001")
	receive(t, lost, "the first one's disconnection")
	if event := receive(t, events, "the event"); !strings.Contains(string(event.Payload()), `"DUPLICATE_CLIENTID"`) {
		t.Errorf("event: %s", event.Payload())
	}
}

func TestLastWill(t *testing.T) {
	broker := listen(t)
	received := make(chan mqtt.Message, 1)
	broker.OnMessage(func(m mqtt.Message) {
		if m.Topic == "CP001/gone" {
			received <- m
		}
	})
	client, lost := connect(t, broker, "CP001", func(o *paho.ClientOptions) { o.SetWill("CP001/gone", "1", 1, false) })
	client.Publish("$reserved", 0, false, "") // ends the connection without a goodbye
	receive(t, lost, "the disconnection")
	if m := receive(t, received, "the will"); m.ClientID != "CP001" || string(m.Payload) != "1" {
		t.Errorf("will: %+v", m)
	}

	forbidden := paho.NewClient(paho.NewClientOptions().AddBroker("tcp://"+broker.Addr()).SetClientID("CP002").
		SetWill("$aws/events/x", "1", 0, false))
	if token := forbidden.Connect(); token.WaitTimeout(patience) && token.Error() == nil {
		t.Error("a will to a reserved topic was accepted")
	}
}

func TestPortInUse(t *testing.T) {
	broker := listen(t)
	_, err := mqtt.Listen(mqtt.Config{Address: broker.Addr()})
	if err == nil || !strings.Contains(err.Error(), broker.Addr()) || !strings.Contains(err.Error(), "in use") {
		t.Errorf("the error is: %v", err)
	}
}

func TestCloseEndsConnectionsThatSayNothing(t *testing.T) {
	broker, err := mqtt.Listen(mqtt.Config{Address: "127.0.0.1:0", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	broker.Admit()
	silent, err := net.Dial("tcp", broker.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	connect(t, broker, "c") // the broker has taken the one before when it answers this one
	closed := make(chan error)
	go func() { closed <- broker.Close() }()
	if err := receive(t, closed, "the end of the broker"); err != nil {
		t.Error(err)
	}
	if n, err := silent.Read(make([]byte, 1)); err == nil {
		t.Errorf("read %d bytes from a broker that is closed", n)
	}
}

func TestLibraryLogsAtDebugOnly(t *testing.T) {
	var lines bytes.Buffer
	broker, err := mqtt.Listen(mqtt.Config{Address: "127.0.0.1:0", Log: slog.New(slog.NewTextHandler(&lines, nil))})
	if err != nil {
		t.Fatal(err)
	}
	if err := broker.Close(); err != nil {
		t.Fatal(err)
	}
	if lines.Len() > 0 {
		t.Errorf("starting and stopping logged: %s", lines.String())
	}
}

func TestSubscribed(t *testing.T) {
	broker := listen(t)
	if broker.Subscribed("CP001/in") {
		t.Error("somebody is subscribed before anybody has come")
	}
	client, _ := connect(t, broker, "a")
	wait(t, client.Subscribe("+/in", 0, nil))
	if !broker.Subscribed("CP001/in") || broker.Subscribed("CP001/out") {
		t.Error("a subscription is taken for another, or for none")
	}
}
