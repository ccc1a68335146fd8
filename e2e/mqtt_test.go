package e2e

import (
	"strings"
	"sync"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"
)

// observer collects what an MQTT client sees of one charge point.
type observer struct {
	client paho.Client
	mutex  sync.Mutex
	seen   []string // "in ", "out " or "data/com.example " and the frame or payload
}

// observe subscribes to the mirror topics of a charge point, and to the data of a vendor.
func observe(t *testing.T, id string) *observer {
	t.Helper()
	o := &observer{}
	options := paho.NewClientOptions().AddBroker(strings.Replace(stack.Addresses().MQTT, "mqtt://", "tcp://", 1)).SetClientID("observer-" + id)
	o.client = paho.NewClient(options)
	wait(t, o.client.Connect())
	t.Cleanup(func() { o.client.Disconnect(100) })
	for _, direction := range []string{"in", "out", "data/com.example"} {
		wait(t, o.client.Subscribe(id+"/"+direction, 1, func(_ paho.Client, message paho.Message) {
			o.mutex.Lock()
			defer o.mutex.Unlock()
			o.seen = append(o.seen, direction+" "+string(message.Payload()))
		}))
	}
	return o
}

// publish publishes as an integrator.
func (o *observer) publish(t *testing.T, topic, payload string) {
	t.Helper()
	wait(t, o.client.Publish(topic, 1, false, payload))
}

// frames returns what was seen so far that contains a text.
func (o *observer) frames(containing string) []string {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	var found []string
	for _, frame := range o.seen {
		if strings.Contains(frame, containing) {
			found = append(found, frame)
		}
	}
	return found
}

func wait(t *testing.T, token paho.Token) {
	t.Helper()
	if !token.WaitTimeout(5 * time.Second) {
		t.Fatal("the MQTT broker does not answer")
	}
	if err := token.Error(); err != nil {
		t.Fatal(err)
	}
}
