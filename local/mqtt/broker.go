package mqtt

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net"
	"slices"
	"sync"
	"syscall"

	mochi "github.com/mochi-mqtt/server/v2"
)

// Config says where a Broker listens.
type Config struct {
	Address string       // host:port, "127.0.0.1:0" for any free port
	Log     *slog.Logger // connections at INFO, refusals at WARN, the broker's own lines at DEBUG; nil: slog.Default()
}

// Message is one message that the broker has taken.
type Message struct {
	Topic   string
	Payload []byte // shared between the receivers: not to be changed
	// ClientID is the MQTT client that sent the message; empty when it came from Broker.Publish.
	ClientID string
}

// Broker is a running broker. Its methods may be called from several goroutines, and from receivers.
type Broker struct {
	server  *mochi.Server
	address string
	log     *slog.Logger
	admit   func()

	mu        sync.RWMutex
	receivers []func(Message)
}

// maxPacket is the size of the largest packet that is read at all: a full payload, a topic of
// full length and MQTT 5 properties. Anything larger ends the connection before it is in memory.
const maxPacket = MaxPayload + 16<<10

// Listen starts a broker, to which clients can connect from Admit on. The error names the address when another process holds it.
func Listen(config Config) (*Broker, error) {
	log := config.Log
	if log == nil {
		log = slog.Default()
	}
	socket, err := net.Listen("tcp", config.Address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("MQTT: %s is in use by another program: stop it, or choose another port", config.Address)
	}
	if err != nil {
		return nil, fmt.Errorf("MQTT: cannot listen on %s: %w", config.Address, err)
	}

	capabilities := mochi.NewDefaultServerCapabilities()
	capabilities.MaximumQos = 1 // AWS IoT has no QoS 2
	capabilities.MaximumPacketSize = maxPacket
	capabilities.MaximumClients = math.MaxInt64
	server := mochi.New(&mochi.Options{
		Capabilities: capabilities,
		InlineClient: true,
		Logger:       slog.New(quiet{log.Handler()}),
	})
	listener := newListener(socket, log)
	broker := &Broker{server: server, address: socket.Addr().String(), log: log, admit: sync.OnceFunc(func() { close(listener.admitting) })}
	if err := server.AddHook(newHook(broker), nil); err != nil {
		return nil, errors.Join(fmt.Errorf("MQTT: %w", err), socket.Close())
	}
	if err := server.AddListener(listener); err != nil {
		return nil, errors.Join(fmt.Errorf("MQTT: %w", err), socket.Close())
	}
	if err := server.Serve(); err != nil {
		return nil, errors.Join(fmt.Errorf("MQTT: %w", err), socket.Close())
	}
	return broker, nil
}

// Addr is the host:port the broker listens on.
func (b *Broker) Addr() string { return b.address }

// Admit lets clients in, once all receivers are there: what a client publishes is acknowledged when they have run.
func (b *Broker) Admit() { b.admit() }

// Close ends all connections and frees the port.
func (b *Broker) Close() error { return b.server.Close() }

// Publish gives a message to everyone who subscribed to it and to all receivers, and returns when the receivers have
// run. The limits of AWS IoT apply; the reserved topics do not, for this is AWS speaking.
func (b *Broker) Publish(topic string, payload []byte, qos byte) error {
	if err := CheckTopic(topic); err != nil {
		return err
	}
	if len(payload) > MaxPayload {
		return fmt.Errorf("%w: %d bytes to %s", ErrTooLarge, len(payload), topic)
	}
	if qos > 1 {
		return fmt.Errorf("publishing to %s: QoS %d: AWS IoT has QoS 0 and 1 only", topic, qos)
	}
	return b.server.Publish(topic, payload, false, qos)
}

// Subscribed reports whether a client would get a message on a topic.
func (b *Broker) Subscribed(topic string) bool {
	to := b.server.Topics.Subscribers(topic)
	return len(to.Subscriptions) > 0 || len(to.Shared) > 0 || len(to.InlineSubscriptions) > 0
}

// OnPublish adds a receiver of everything that clients or Publish publish, reserved topics included.
// See OnMessage.
func (b *Broker) OnPublish(receive func(topic string, payload []byte)) {
	b.OnMessage(func(m Message) { receive(m.Topic, m.Payload) })
}

// OnMessage is OnPublish with the sender. Receivers run one after another on the publisher's goroutine, in the
// order they were added: a receiver must not wait for long. A message that is acknowledged (QoS 1) is so when they have run, so
// that whatever they keep is kept by then. One that publishes itself is called again before its Publish returns.
func (b *Broker) OnMessage(receive func(Message)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.receivers = append(slices.Clip(b.receivers), receive)
}

func (b *Broker) deliver(m Message) {
	b.mu.RLock()
	receivers := b.receivers
	b.mu.RUnlock()
	for _, receive := range receivers {
		receive(m)
	}
}
