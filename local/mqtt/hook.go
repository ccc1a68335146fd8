package mqtt

import (
	"errors"
	"log/slog"
	"strings"
	"sync"

	mochi "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"
)

// errQoS is why a message is refused that was sent with QoS 2.
var errQoS = errors.New("AWS IoT has QoS 0 and 1 only")

// hook is where the rules of AWS IoT meet the protocol.
type hook struct {
	mochi.HookBase
	broker *Broker
	log    *slog.Logger

	mu       sync.Mutex
	sessions map[*mochi.Client]session
	versions map[string]int64 // by client id: the number of its connections, which presence events carry
}

func newHook(broker *Broker) *hook {
	return &hook{
		broker:   broker,
		log:      broker.log,
		sessions: make(map[*mochi.Client]session),
		versions: make(map[string]int64),
	}
}

// ID implements mochi.Hook.
func (h *hook) ID() string { return "aws-iot" }

// Provides implements mochi.Hook.
func (h *hook) Provides(method byte) bool {
	switch method {
	case mochi.OnConnectAuthenticate, mochi.OnACLCheck, mochi.OnSubscribed, mochi.OnConnect,
		mochi.OnPacketRead, mochi.OnPublish, mochi.OnPublished, mochi.OnWillSent, mochi.OnSessionEstablished, mochi.OnDisconnect:
		return true
	}
	return false
}

// OnConnectAuthenticate lets everyone in.
func (h *hook) OnConnectAuthenticate(*mochi.Client, packets.Packet) bool { return true }

// OnConnect refuses a client whose last will goes to a topic it may not publish to.
func (h *hook) OnConnect(client *mochi.Client, packet packets.Packet) error {
	if !packet.Connect.WillFlag {
		return nil
	}
	if err := CheckPublish(packet.Connect.WillTopic); err != nil {
		h.log.Warn("MQTT connection refused: its last will goes where it may not publish", "clientId", client.ID, "error", err)
		return packets.ErrTopicNameInvalid
	}
	return nil
}

// OnACLCheck refuses subscriptions in the acknowledgement, as AWS IoT does. What a client publishes was checked when it was
// read. The broker asks again for every message that it delivers.
func (h *hook) OnACLCheck(_ *mochi.Client, topic string, write bool) bool {
	return write || CheckSubscribe(topic) == nil
}

// OnSubscribed tells what a client has subscribed to, and why it has not.
func (h *hook) OnSubscribed(client *mochi.Client, packet packets.Packet, codes []byte) {
	for i, subscription := range packet.Filters {
		if codes[i] < packets.ErrUnspecifiedError.Code {
			h.log.Info("MQTT subscription", "clientId", client.ID, "topic", subscription.Filter)
			continue
		}
		h.log.Warn("MQTT subscription refused", "clientId", client.ID, "topic", subscription.Filter,
			"error", CheckSubscribe(subscription.Filter))
	}
}

// OnPacketRead ends the connection of a client that publishes what AWS IoT does not take. Ending it is
// what AWS IoT does too: MQTT 3.1.1 has no answer that refuses a message.
func (h *hook) OnPacketRead(client *mochi.Client, packet packets.Packet) (packets.Packet, error) {
	if packet.FixedHeader.Type != packets.Publish {
		return packet, nil
	}
	// A packet of MQTT 5 with an alias has no topic; that of the packet that set the alias was checked.
	aliased := packet.TopicName == "" && packet.Properties.TopicAliasFlag
	var err error
	switch {
	case packet.FixedHeader.Qos > 1:
		err = errQoS
	case len(packet.Payload) > MaxPayload:
		err = ErrTooLarge
	case !aliased:
		err = CheckPublish(packet.TopicName)
	}
	if err != nil {
		h.log.Warn("MQTT client disconnected: it published what AWS IoT refuses",
			"clientId", client.ID, "topic", packet.TopicName, "error", err)
		h.refuse(client)
		return packet, packets.ErrRejectPacket
	}
	return packet, nil
}

// OnPublish hands what is acknowledged next to the receivers: a client that has the acknowledgement does not publish again.
func (h *hook) OnPublish(client *mochi.Client, packet packets.Packet) (packets.Packet, error) {
	if acknowledged(client, packet) {
		h.broker.deliver(Message{Topic: packet.TopicName, Payload: packet.Payload, ClientID: client.ID})
	}
	return packet, nil
}

// OnPublished hands everything else that was published to the receivers.
func (h *hook) OnPublished(client *mochi.Client, packet packets.Packet) {
	if acknowledged(client, packet) {
		return
	}
	m := Message{Topic: packet.TopicName, Payload: packet.Payload}
	if !client.Net.Inline {
		m.ClientID = client.ID
	}
	h.broker.deliver(m)
}

// acknowledged tells whether a message is acknowledged to the client that published it.
func acknowledged(client *mochi.Client, packet packets.Packet) bool {
	return packet.FixedHeader.Qos > 0 && !client.Net.Inline
}

// OnWillSent hands a last will to the receivers. One to a shadow's topic goes to subscribers only: the Device Shadow
// service ignores last wills (https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-comms-device.html).
func (h *hook) OnWillSent(client *mochi.Client, packet packets.Packet) {
	if strings.HasPrefix(packet.TopicName, "$") {
		return
	}
	h.broker.deliver(Message{Topic: packet.TopicName, Payload: packet.Payload, ClientID: client.ID})
}
