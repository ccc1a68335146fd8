package websocketapi

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"sync"
	"time"

	"github.com/serverless-ocpp/backend/local/throttle"
)

// API is a running stage. As an http.Handler it answers handshakes; what
// Connections returns answers the @connections calls.
type API struct {
	config   Config
	connects *throttle.Bucket
	requests *throttle.Bucket
	stage    *throttle.Bucket

	closing chan struct{} // closed by Close: nothing is late any more

	mu          sync.Mutex
	connections map[string]*connection // established, and their end has not begun
	closed      bool

	alive sync.WaitGroup // one for each connection until its $disconnect has run, and for each message
}

// New returns a stage, or an error that names what config lacks.
func New(config Config) (*API, error) {
	config, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	return &API{
		config:      config,
		connects:    throttle.NewBucket(config.ConnectRate, config.ConnectBurst),
		requests:    throttle.NewBucket(config.RequestRate, config.RequestBurst),
		stage:       throttle.NewBucket(config.StageRate, config.StageBurst),
		closing:     make(chan struct{}),
		connections: map[string]*connection{},
	}, nil
}

// Close closes all connections with 1001 and waits until their last messages and
// $disconnect have been handled, or ctx ends. Clients that do not answer the close
// frame within a second are cut off. A handshake that comes later ends in a connection
// that is closed at once, likewise with 1001.
func (a *API) Close(ctx context.Context) error {
	a.mu.Lock()
	if !a.closed {
		close(a.closing)
	}
	a.closed = true
	open := make([]*connection, 0, len(a.connections))
	for _, c := range a.connections {
		open = append(open, c)
	}
	a.mu.Unlock()
	for _, c := range open {
		c.closeAfterQueue(goingAway)
	}
	cutOff := time.AfterFunc(answerGrace, func() {
		for _, c := range open {
			c.cut()
		}
	})
	defer cutOff.Stop()
	done := make(chan struct{})
	go func() {
		a.alive.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("closing the WebSocket API with %d connections open: %w", len(open), ctx.Err())
	}
}

// begin makes a connection known. It fails when the API has been closed meanwhile.
func (a *API) begin(c *connection) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return false
	}
	a.connections[c.id] = c
	a.alive.Go(c.run)
	return true
}

// forget makes a connection unknown: from now on @connections answers 410.
func (a *API) forget(c *connection) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.connections, c.id)
}

func (a *API) find(connectionID string) *connection {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.connections[connectionID]
}

// newID makes an id as API Gateway does for connections, requests and messages:
// 11 bytes in base64url, which are 16 characters that end in "=".
func newID() string {
	var id [11]byte
	rand.Read(id[:]) // never fails
	return base64.URLEncoding.EncodeToString(id[:])
}
