package mqtt

import (
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/mochi-mqtt/server/v2/listeners"
)

// acceptPause is how long the listener waits after an error that may pass, such as too many open files.
const acceptPause = 100 * time.Millisecond

// listener accepts connections for the protocol library. The library's own listener lets a connection begin while the broker
// is being closed; this one closes every connection, and waits until all of them have ended.
type listener struct {
	net.Listener
	log *slog.Logger

	admitting chan struct{} // closed when clients are let in
	gone      chan struct{} // closed by Close

	mu          sync.Mutex
	closed      bool
	connections map[net.Conn]struct{}
	ended       sync.WaitGroup
}

func newListener(l net.Listener, log *slog.Logger) *listener {
	return &listener{
		Listener: l, log: log, connections: make(map[net.Conn]struct{}), admitting: make(chan struct{}), gone: make(chan struct{}),
	}
}

// Init implements listeners.Listener. The listener is open already and does not want the library's logger, which hides errors.
func (l *listener) Init(*slog.Logger) error { return nil }

// ID implements listeners.Listener.
func (l *listener) ID() string { return "aws-iot" }

// Address implements listeners.Listener.
func (l *listener) Address() string { return l.Addr().String() }

// Protocol implements listeners.Listener.
func (l *listener) Protocol() string { return "tcp" }

// Serve implements listeners.Listener: it returns when the listener is closed. Clients that come before they are let in wait.
func (l *listener) Serve(establish listeners.EstablishFn) {
	select {
	case <-l.admitting:
	case <-l.gone:
		return
	}
	for {
		connection, err := l.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			l.log.Error("MQTT connection not accepted", "error", err)
			time.Sleep(acceptPause)
		case l.begin(connection):
			go func() {
				defer l.end(connection)
				if err := establish(l.ID(), connection); err != nil {
					l.log.Debug("MQTT connection ended", "error", err)
				}
			}()
		}
	}
}

// Close implements listeners.Listener: closeClients says goodbye to clients, then all connections are closed.
func (l *listener) Close(closeClients listeners.CloseFn) {
	l.mu.Lock()
	if !l.closed {
		l.closed = true
		close(l.gone)
	}
	l.mu.Unlock()
	if err := l.Listener.Close(); err != nil {
		l.log.Debug("MQTT listener was closed already", "error", err)
	}
	closeClients(l.ID())
	l.mu.Lock()
	for connection := range l.connections {
		_ = connection.Close() // it may have ended by itself
	}
	l.mu.Unlock()
	l.ended.Wait()
}

// begin counts a connection, or closes it when the listener is closed.
func (l *listener) begin(connection net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		_ = connection.Close() // nobody uses it
		return false
	}
	l.connections[connection] = struct{}{}
	l.ended.Add(1)
	return true
}

func (l *listener) end(connection net.Conn) {
	l.mu.Lock()
	delete(l.connections, connection)
	l.mu.Unlock()
	l.ended.Done()
}
