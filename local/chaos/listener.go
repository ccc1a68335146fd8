package chaos

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"github.com/serverless-ocpp/backend/shared/event"
)

// listener is an integrator: it gives orders over MQTT and notes what it is told of the outcomes of all.
type listener struct {
	client paho.Client

	mu       sync.Mutex
	outcomes map[string][]string // different states by command
}

// brokerLimit is how long the broker may take to answer; when it is killed, what is published is sent afterwards or not at all.
const brokerLimit = 5 * time.Second

// listen connects, and again whenever the broker comes back.
func listen(address string) (*listener, error) {
	l := &listener{outcomes: map[string][]string{}}
	subscribed := make(chan error, 1)
	options := paho.NewClientOptions().AddBroker(strings.Replace(address, "mqtt://", "tcp://", 1)).SetClientID("chaos").SetMaxReconnectInterval(time.Second)
	options.SetOnConnectHandler(func(client paho.Client) {
		token := client.Subscribe("ocpp/+/"+string(event.CommandFinished), 1, l.hear)
		token.WaitTimeout(brokerLimit)
		select {
		case subscribed <- token.Error():
		default: // it is again: what is missed meanwhile is no loss, for events are told at least once by tables alone
		}
	})
	l.client = paho.NewClient(options)
	if token := l.client.Connect(); !token.WaitTimeout(brokerLimit) || token.Error() != nil {
		return nil, fmt.Errorf("connect to the broker: %w", token.Error())
	}
	if err := <-subscribed; err != nil {
		return nil, fmt.Errorf("subscribe to the outcomes of commands: %w", err)
	}
	return l, nil
}

func (l *listener) hear(_ paho.Client, message paho.Message) {
	var told struct {
		Data event.Command `json:"data"`
	}
	if err := json.Unmarshal(message.Payload(), &told); err != nil {
		told.Data.State = "no JSON: " + err.Error()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	states := l.outcomes[told.Data.CommandID]
	if !slices.Contains(states, told.Data.State) {
		l.outcomes[told.Data.CommandID] = append(states, told.Data.State)
	}
}

// publish sends a CALL, and reports whether the broker took it.
func (l *listener) publish(chargePoint, frame string) bool {
	token := l.client.Publish(chargePoint+"/out", 1, false, frame)
	return token.WaitTimeout(brokerLimit) && token.Error() == nil
}

// knows tells whether an outcome of a command was told.
func (l *listener) knows(id string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.outcomes[id]) > 0
}

// heard are the outcomes that were told, by command.
func (l *listener) heard() map[string][]string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.outcomes
}

func (l *listener) close() { l.client.Disconnect(0) }
